/** Copies a text and says so, to eyes and to screen readers. */
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { messages } from "../i18n/language.ts";
import { type CopyOutcome, copyText } from "../lib/copy.ts";
import { Icon } from "./icon.tsx";

/** Long enough to be read, in ms. */
const SHOW_OUTCOME_MS = 2_500;

interface CopyButtonProps {
	text: string;
	/** What is copied, for the button's name. */
	what: string;
	/** The element that shows the text, for browsers that can only copy a selection. */
	shownIn: RefObject<HTMLElement | null>;
}

export function CopyButton({ text, what, shownIn }: CopyButtonProps) {
	const [outcome, setOutcome] = useState<CopyOutcome | undefined>();
	const words = messages.value.copy;

	useEffect(() => {
		if (outcome === undefined) return;
		const timer = setTimeout(() => setOutcome(undefined), SHOW_OUTCOME_MS);
		return () => clearTimeout(timer);
	}, [outcome]);

	return (
		<div class="copy">
			<button
				type="button"
				class="button button-quiet"
				aria-label={words.action(what)}
				onClick={async () => setOutcome(await copyText(text, shownIn.current))}
			>
				<Icon name={outcome === "copied" ? "check" : "copy"} />
				<span class={outcome ? undefined : "copy-word"} aria-hidden="true">
					{outcome ? words[outcome] : words.short}
				</span>
			</button>
			<span class="visually-hidden" role="status">
				{outcome && words[outcome]}
			</span>
		</div>
	);
}
