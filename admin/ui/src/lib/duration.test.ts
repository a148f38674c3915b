/** Durations in both languages. */
import { expect, test } from "vitest";
import { en } from "../i18n/en.ts";
import { zh } from "../i18n/zh.ts";
import { formatDuration, formatMinutes } from "./duration.ts";

test.each([
	[0, "0 s", "0 秒"],
	[-3, "0 s", "0 秒"],
	[0.2, "1 s", "1 秒"],
	[59, "59 s", "59 秒"],
	[59.5, "1 min 00 s", "1 分 0 秒"],
	[125, "2 min 05 s", "2 分 5 秒"],
	[3599, "59 min 59 s", "59 分 59 秒"],
	[3600, "1 h 00 min", "1 小时 0 分"],
	[3601, "1 h 01 min", "1 小时 1 分"],
	[86_400, "24 h 00 min", "24 小时 0 分"],
])("writes %d seconds", (seconds, english, chinese) => {
	expect(formatDuration(seconds, en.duration)).toBe(english);
	expect(formatDuration(seconds, zh.duration)).toBe(chinese);
});

test.each([
	[0, "1 min"],
	[240, "4 min"],
	[241, "5 min"],
	[5400, "1 h 30 min"],
])("writes %d seconds in minutes", (seconds, english) => {
	expect(formatMinutes(seconds, en.duration)).toBe(english);
});
