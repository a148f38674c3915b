/** The chosen theme. Colors are in `styles/tokens.css`; here is only which set of them applies. */
import { effect } from "@preact/signals";
import { preference } from "./preference.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const theme = preference<Theme>("gempool.theme", THEMES, "system");

/** Keeps the document in step with the choice. */
export function applyTheme(root: HTMLElement): void {
	effect(() => {
		root.dataset["theme"] = theme.value;
	});
}
