/** Answers from other versions, from proxies, and of the older balancer whose shape this is. */
import { expect, test } from "vitest";
import { decodeHealth, decodeStatus } from "./decode.ts";

test.each([undefined, null, 7, "ok", [], {}, { keyPool: null }, { keyPool: { totalKeys: "4" } }])(
	"finds no status in %o",
	(body) => {
		expect(decodeStatus(body)).toBeUndefined();
	},
);

test.each([undefined, null, [], {}, { status: 1 }])("finds no health in %o", (body) => {
	expect(decodeHealth(body)).toBeUndefined();
});

test("shows an unknown health as other instead of failing", () => {
	expect(decodeHealth({ status: "draining" })).toEqual({ state: { kind: "other" }, version: undefined });
});

test("takes the minutes where an answer knows no models, and says that it is no finer", () => {
	const status = decodeStatus({
		keyPool: { totalKeys: 1, coolingDetails: [{ key: "AIzaSyABC1...", remainingMinutes: 5 }] },
	});
	expect(status?.coolings).toEqual([
		{ key: "AIzaSyABC1...", model: undefined, cause: undefined, seconds: 300, precision: "minutes" },
	]);
});

test("lists a key once for each model it rests for", () => {
	const models = [
		{ model: "a", cause: "minute-quota", remainingSeconds: 3 },
		{ model: "b", cause: "day-quota", remainingSeconds: 9 },
	];
	const status = decodeStatus({ keyPool: { totalKeys: 1, coolingDetails: [{ key: "k", models }] } });
	expect(status?.coolings.map(({ key, model, seconds }) => [key, model, seconds])).toEqual([
		["k", "a", 3],
		["k", "b", 9],
	]);
});

test("drops entries that name no key or no time, and keeps the rest", () => {
	const coolingDetails = [null, {}, { key: "a" }, { remainingMinutes: 1 }, { key: "b", remainingMinutes: 1 }];
	const status = decodeStatus({ keyPool: { totalKeys: 2, coolingDetails, failedDetails: "none" } });
	expect(status?.coolings.map(({ key }) => key)).toEqual(["b"]);
	expect(status?.failedKeys).toEqual([]);
});
