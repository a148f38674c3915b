/** Which language the page speaks: the reader's choice, else the first of the browser's that there is. */
import { computed, effect } from "@preact/signals";
import { preference } from "../lib/preference.ts";
import { en, type Messages } from "./en.ts";
import { zh } from "./zh.ts";

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language by its own name, so that a reader finds theirs whatever is shown. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", zh: "中文" };

/** Values of the `lang` attribute: it picks the glyphs of Chinese characters and the voice that reads. */
const LANGUAGE_TAGS: Record<Language, string> = { en: "en", zh: "zh-CN" };

const MESSAGES: Record<Language, Messages> = { en, zh };

/** `["fr-FR", "zh-TW", "en"]` gives `zh`. */
export function preferredLanguage(tags: readonly string[]): Language {
	for (const tag of tags) {
		const primary = tag.toLowerCase().split("-")[0];
		const found = LANGUAGES.find((language) => language === primary);
		if (found) return found;
	}
	return "en";
}

export const language = preference<Language>(
	"gempool.language",
	LANGUAGES,
	preferredLanguage(globalThis.navigator?.languages ?? []),
);

/** Everything the page can say, in the current language. */
export const messages = computed(() => MESSAGES[language.value]);

/** A number as the current language writes it: `100,000`. */
export function formatNumber(value: number): string {
	return new Intl.NumberFormat(LANGUAGE_TAGS[language.value]).format(value);
}

/** Keeps the document's language and title in step. */
export function applyLanguage(page: Document): void {
	effect(() => {
		page.documentElement.lang = LANGUAGE_TAGS[language.value];
		page.title = messages.value.title;
	});
}
