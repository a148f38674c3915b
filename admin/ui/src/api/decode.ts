/**
 * JSON into the types of the page. Lenient: a field of the wrong type counts as absent, because a status page
 * must still show what it can. `undefined` means that nothing useful is in the answer.
 */
import type { Cooling, FailedKey, Health, HealthState, PoolStatus } from "./types.ts";

type Json = Record<string, unknown>;

export function decodeHealth(body: unknown): Health | undefined {
	const health = object(body);
	const status = text(health?.["status"]);
	if (!health || status === undefined) return undefined;
	return { state: decodeHealthState(status, health), version: text(health["version"]) };
}

function decodeHealthState(status: string, health: Json): HealthState {
	switch (status) {
		case "ok":
			return { kind: "ok" };
		case "setup_required":
			return {
				kind: "setup-required",
				missing: list(health["missing"]).filter((name) => typeof name === "string"),
			};
		case "misconfigured":
			return { kind: "misconfigured", problem: text(health["problem"]) };
		default:
			return { kind: "other" };
	}
}

export function decodeStatus(body: unknown): PoolStatus | undefined {
	const pool = object(object(body)?.["keyPool"]);
	const total = count(pool?.["totalKeys"]);
	if (!pool || total === undefined) return undefined;
	return {
		total,
		available: count(pool["availableKeys"]) ?? 0,
		cooling: count(pool["coolingKeys"]) ?? 0,
		failed: count(pool["failedKeys"]) ?? 0,
		strategy: text(pool["strategy"]),
		coolings: list(pool["coolingDetails"]).flatMap(decodeCoolings),
		failedKeys: list(pool["failedDetails"]).flatMap(decodeFailedKey),
	};
}

/** The code and message of an error in OpenAI's shape. */
export function decodeError(body: unknown): { code: string | undefined; message: string | undefined } {
	const error = object(object(body)?.["error"]);
	return { code: text(error?.["code"]), message: text(error?.["message"]) };
}

function decodeCoolings(body: unknown): Cooling[] {
	const detail = object(body);
	const key = text(detail?.["key"]);
	if (!detail || key === undefined) return [];
	const perModel = list(detail["models"]).flatMap((entry): Cooling[] => {
		const seconds = count(object(entry)?.["remainingSeconds"]);
		if (seconds === undefined) return [];
		const { model, cause } = object(entry) ?? {};
		return [{ key, model: text(model), cause: text(cause), seconds, precision: "seconds" }];
	});
	const minutes = count(detail["remainingMinutes"]);
	if (perModel.length > 0 || minutes === undefined) return perModel;
	return [{ key, model: undefined, cause: undefined, seconds: minutes * 60, precision: "minutes" }];
}

function decodeFailedKey(body: unknown): FailedKey[] {
	const key = text(object(body)?.["key"]);
	return key === undefined ? [] : [{ key, cause: text(object(body)?.["cause"]) }];
}

function object(value: unknown): Json | undefined {
	// Safe: every non-null, non-array object may be read by string keys.
	return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function list(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
	return typeof value === "string" && value !== "" ? value : undefined;
}

function count(value: unknown): number | undefined {
	return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}
