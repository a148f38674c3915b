/**
 * The one place that talks to the gateway. It puts the client key into a header and nowhere else, keeps
 * nothing, and turns every way to fail into a `Failure`; it never throws.
 */
import { decodeError, decodeHealth, decodeStatus } from "./decode.ts";
import type { Failure, Health, PoolStatus, Result } from "./types.ts";

/** Longest wait for an answer, in ms. Both calls read memory only; past this, something is wrong. */
export const GIVE_UP_AFTER_MS = 20_000;

/** Longest text of the gateway that the page repeats, in characters: about three lines. */
const MAX_MESSAGE_LENGTH = 240;

/** What a header may carry; `fetch` would throw for anything else, which would look like a dead network. */
const SENDABLE_KEY = /^[\x21-\x7e]+$/;

export interface Client {
	health(cancel: AbortSignal): Promise<Result<Health>>;
	status(clientKey: string, cancel: AbortSignal): Promise<Result<PoolStatus>>;
}

export function createClient(send: typeof fetch): Client {
	return {
		health: (cancel) => ask(send, "/health", {}, decodeHealth, cancel),
		async status(clientKey, cancel) {
			if (!SENDABLE_KEY.test(clientKey)) return failed({ kind: "impossible-key" });
			const headers = { authorization: `Bearer ${clientKey}` };
			return ask(send, "/v1/status", headers, decodeStatus, cancel);
		},
	};
}

/** The gateway this page came from. */
export const client = createClient((input, init) => fetch(input, init));

async function ask<T>(
	send: typeof fetch,
	path: string,
	headers: Record<string, string>,
	decode: (body: unknown) => T | undefined,
	cancel: AbortSignal,
): Promise<Result<T>> {
	const timeout = new AbortController();
	const timer = setTimeout(() => timeout.abort(), GIVE_UP_AFTER_MS);
	const signal = AbortSignal.any([cancel, timeout.signal]);
	try {
		const response = await send(path, {
			headers: { accept: "application/json", ...headers },
			cache: "no-store",
			credentials: "omit",
			redirect: "error",
			signal,
		});
		const body = parse(await response.text());
		const value = decode(body);
		// A gateway that waits for its settings answers /health with 503 and a body that says so.
		if (value !== undefined) return { ok: true, value };
		return failed(response.ok ? { kind: "unreadable" } : failureOf(response, body));
	} catch {
		return failed(
			timeout.signal.aborted ? { kind: "timeout", seconds: GIVE_UP_AFTER_MS / 1000 } : { kind: "offline" },
		);
	} finally {
		clearTimeout(timer);
	}
}

/** The error translator: what an answer other than 2xx means. */
function failureOf(response: Response, body: unknown): Failure {
	const { code, message } = decodeError(body);
	if (code === "setup_required") return { kind: "setup-required" };
	switch (response.status) {
		case 401:
			return { kind: "wrong-key" };
		case 403:
			return { kind: "forbidden" };
		case 429:
			return { kind: "rate-limited", seconds: retryAfterSeconds(response.headers) };
		default:
			return { kind: "refused", status: response.status, message: message?.slice(0, MAX_MESSAGE_LENGTH) };
	}
}

function retryAfterSeconds(headers: Headers): number | undefined {
	const value = headers.get("retry-after") ?? "";
	return /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}

function parse(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

function failed(failure: Failure): { ok: false; failure: Failure } {
	return { ok: false, failure };
}
