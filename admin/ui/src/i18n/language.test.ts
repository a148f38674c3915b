/** Choice of language, and that no line was left in the other one. The compiler proves that none is missing. */
import { expect, test } from "vitest";
import type { Failure } from "../api/types.ts";
import { en, type Messages } from "./en.ts";
import { describeFailure } from "./failure.ts";
import { preferredLanguage } from "./language.ts";
import { zh } from "./zh.ts";

test.each([
	[["zh-CN"], "zh"],
	[["zh-Hant-TW", "en"], "zh"],
	[["fr-FR", "zh"], "zh"],
	[["en-GB", "zh"], "en"],
	[["fr"], "en"],
	[[], "en"],
])("prefers of %o the language %s", (tags, expected) => {
	expect(preferredLanguage(tags)).toBe(expected);
});

/** Names that are the same in every language. */
const SAME_IN_BOTH = new Set(["Base URL", "gempool", "Spin"]);

test("every Chinese line is Chinese", () => {
	for (const [path, line] of lines(zh)) {
		if (!SAME_IN_BOTH.has(line)) expect(line, path).toMatch(/\p{Script=Han}/u);
	}
});

test("no English line is Chinese or empty", () => {
	for (const [path, line] of lines(en)) expect(line, path).toMatch(/^[^\p{Script=Han}]+$/u);
});

test("both languages know the same causes and strategies", () => {
	const open = (messages: Messages) => [
		Object.keys(messages.cooling.causes),
		Object.keys(messages.failed.causes),
		Object.keys(messages.pool.strategies),
	];
	expect(open(zh)).toEqual(open(en));
});

test("every failure has a title and advice in both languages", () => {
	const failures: Failure[] = [
		{ kind: "offline" },
		{ kind: "timeout", seconds: 20 },
		{ kind: "wrong-key" },
		{ kind: "impossible-key" },
		{ kind: "forbidden" },
		{ kind: "setup-required" },
		{ kind: "rate-limited", seconds: undefined },
		{ kind: "rate-limited", seconds: 7 },
		{ kind: "unreadable" },
		{ kind: "refused", status: 500, message: undefined },
	];
	for (const failure of failures) {
		for (const messages of [en, zh]) {
			const words = describeFailure(failure, messages);
			expect(words.title, failure.kind).not.toBe("");
			expect(words.advice, failure.kind).not.toBe("");
		}
	}
});

/** All texts with their path; texts with gaps are filled with a digit, which is of no language. */
function lines(value: unknown, path = ""): [string, string][] {
	if (typeof value === "string") return [[path, value]];
	if (typeof value === "function") return lines(value(1, 1, 1), path);
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) => lines(inner, `${path}.${name}`));
}
