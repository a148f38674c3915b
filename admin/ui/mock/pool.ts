/**
 * What the mock gateway answers. The client key picks the case, so that every state can be seen by typing:
 * `wrong`, `forbidden`, `limited`, `slow`, `away`, `garbled`, `broken`, `empty`, `ready`, `many`; anything else is a pool
 * with some keys cooling and one failed. `MOCK=setup` or `MOCK=misconfigured` changes the health.
 */

/** How to answer, in the shape of the wire. */
export type MockAnswer =
	| { kind: "json"; status: number; body: unknown; headers?: Record<string, string>; delayMs?: number }
	| { kind: "text"; status: number; body: string }
	| { kind: "hang-up" };

export function answerHealth(mode: string | undefined): MockAnswer {
	const version = "0.1.0-mock";
	switch (mode) {
		case "setup":
			return json(200, {
				status: "setup_required",
				version,
				missing: ["GEMINI_API_KEYS", "VALID_AUTH_TOKENS"],
			});
		case "misconfigured":
			return json(200, {
				status: "misconfigured",
				version,
				problem: "LOAD_BALANCE_STRATEGY: unknown load balance strategy `fastest`",
			});
		default:
			return json(200, { status: "ok", version });
	}
}

export function answerStatus(clientKey: string | undefined): MockAnswer {
	switch (clientKey) {
		case undefined:
		case "wrong":
			return error(401, "invalid_api_key", "missing or invalid client key");
		case "forbidden":
			return error(403, "forbidden", "this client key may not read the status");
		case "limited":
			return { ...error(429, "rate_limited", "too many requests"), headers: { "retry-after": "7" } };
		case "slow":
			return { ...json(200, someCooling()), delayMs: 7_000 };
		case "away":
			return { kind: "hang-up" };
		case "garbled":
			return { kind: "text", status: 200, body: "<html>Sign in to the hotel's network</html>" };
		case "broken":
			return error(500, "internal_error", "the store cannot be read");
		case "empty":
			return json(200, pool({ totalKeys: 0, availableKeys: 0 }));
		case "ready":
			return json(200, pool({ totalKeys: 3, availableKeys: 3 }));
		case "many":
			return json(200, manyKeys());
		default:
			return json(200, someCooling());
	}
}

interface PoolBody {
	totalKeys: number;
	availableKeys: number;
	coolingKeys?: number;
	failedKeys?: number;
	coolingDetails?: unknown[];
	failedDetails?: unknown[];
}

function someCooling() {
	return pool({
		totalKeys: 12,
		availableKeys: 8,
		coolingKeys: 3,
		failedKeys: 1,
		coolingDetails: [
			cooling("AIzaSyD3kf…", "gemini-2.5-flash", "minute-quota", 41),
			cooling("AIzaSyBq81…", "gemini-2.5-pro", "day-quota", 30_125),
			cooling("AQ.Ab8RN6…", null, "service-disabled", 1_502),
		],
		failedDetails: [{ key: "AIzaSyC07x…", cause: "expired" }],
	});
}

function manyKeys() {
	const coolingDetails = Array.from({ length: 100 }, (_, index) =>
		cooling(`AIzaSy${String(index).padStart(4, "0")}…`, "gemini-2.5-flash", "minute-quota", 20 + index),
	);
	return pool({
		totalKeys: 100_000,
		availableKeys: 98_310,
		coolingKeys: 1_688,
		failedKeys: 2,
		coolingDetails,
	});
}

function cooling(key: string, model: string | null, cause: string, remainingSeconds: number) {
	const minutes = Math.ceil(remainingSeconds / 60);
	return {
		key,
		remainingMinutes: minutes,
		remainingHours: Math.floor(minutes / 60),
		remainingDisplay: minutes < 60 ? `${minutes}m` : `${Math.floor(minutes / 60)}h${minutes % 60}m`,
		models: [{ model, cause, remainingSeconds }],
	};
}

function pool(body: PoolBody) {
	return {
		status: body.availableKeys > 0 ? "healthy" : "degraded",
		timestamp: "2026-11-21T12:00:00Z",
		keyPool: { coolingKeys: 0, failedKeys: 0, strategy: "weighted", ...body },
		auth: { validTokens: 1 },
		version: "0.1.0-mock",
		features: [],
	};
}

function json(status: number, body: unknown): Extract<MockAnswer, { kind: "json" }> {
	return { kind: "json", status, body };
}

function error(status: number, code: string, message: string) {
	return json(status, { error: { message, type: "invalid_request_error", param: null, code } });
}
