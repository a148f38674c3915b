/**
 * What the page reads of the gateway's answers, and nothing more, so that new fields never break it.
 * `decode.ts` makes these from JSON; the mock API is typed by the same shapes.
 */

/** `GET /health`. */
export interface Health {
	state: HealthState;
	version: string | undefined;
}

export type HealthState =
	| { kind: "ok" }
	/** The names of the variables that must be set. */
	| { kind: "setup-required"; missing: string[] }
	/** A variable has a value that cannot be used; the gateway's own words. */
	| { kind: "misconfigured"; problem: string | undefined }
	| { kind: "other" };

/** A key that rests, for one model or for all. A key that rests for two models is there twice. */
export interface Cooling {
	/** As the gateway masks it; never the whole key. */
	key: string;
	/** Undefined when it rests for all models. */
	model: string | undefined;
	/** A machine word such as `minute-quota`; undefined when the gateway does not say. */
	cause: string | undefined;
	/** How long it still rests, in seconds. */
	seconds: number;
	/** `minutes` when the gateway said only that much: a countdown would pretend to know more. */
	precision: "seconds" | "minutes";
}

/** A key that is out of use until somebody acts. */
export interface FailedKey {
	key: string;
	/** A machine word such as `expired`. */
	cause: string | undefined;
}

/** `GET /v1/status`. The counts are of keys and complete; the gateway caps the two lists. */
export interface PoolStatus {
	total: number;
	available: number;
	cooling: number;
	failed: number;
	strategy: string | undefined;
	coolings: Cooling[];
	failedKeys: FailedKey[];
}

/** Why an answer could not be had. */
export type Failure =
	| { kind: "offline" }
	| { kind: "timeout"; seconds: number }
	| { kind: "wrong-key" }
	| { kind: "impossible-key" }
	| { kind: "forbidden" }
	| { kind: "setup-required" }
	| { kind: "rate-limited"; seconds: number | undefined }
	| { kind: "unreadable" }
	| { kind: "refused"; status: number; message: string | undefined };

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };
