/**
 * Copies a text. The clipboard API exists only on https and localhost; a pool on a home network is plain
 * http, so there the text is selected on the page and copied the old way.
 */

export type CopyOutcome = "copied" | "selected" | "failed";

export async function copyText(text: string, shownIn: HTMLElement | null): Promise<CopyOutcome> {
	try {
		await navigator.clipboard.writeText(text);
		return "copied";
	} catch {
		// No clipboard API here, or the reader refused it.
	}
	const selection = getSelection();
	if (!shownIn || !selection) return "failed";
	selection.selectAllChildren(shownIn);
	return document.execCommand("copy") ? "copied" : "selected";
}
