/** The client against the mock gateway, without a network. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answerHealth, answerStatus, type MockAnswer } from "../../mock/pool.ts";
import { createClient, GIVE_UP_AFTER_MS } from "./client.ts";

/** Answers as the mock gateway would, and records what was sent. */
function mockGateway(answer: (clientKey: string | undefined) => MockAnswer) {
	const sent: Request[] = [];
	const send: typeof fetch = async (input, init) => {
		const request = new Request(new URL(String(input), "http://pool.test"), init);
		sent.push(request);
		const result = answer(request.headers.get("authorization")?.replace(/^Bearer /, ""));
		switch (result.kind) {
			case "hang-up":
				throw new TypeError("fetch failed");
			case "text":
				return new Response(result.body, { status: result.status });
			case "json":
				return Response.json(result.body, { status: result.status, headers: result.headers ?? {} });
		}
	};
	return { client: createClient(send), sent };
}

const never = new AbortController().signal;

describe("status", () => {
	test.each([
		["wrong", { kind: "wrong-key" }],
		["forbidden", { kind: "forbidden" }],
		["limited", { kind: "rate-limited", seconds: 7 }],
		["away", { kind: "offline" }],
		["garbled", { kind: "unreadable" }],
		["broken", { kind: "refused", status: 500, message: "the store cannot be read" }],
	])("translates the failure behind the key %o", async (key, failure) => {
		const { client } = mockGateway(answerStatus);
		expect(await client.status(key, never)).toEqual({ ok: false, failure });
	});

	test.each(["clé", "two words", "密钥", "line\nbreak", ""])(
		"does not send the impossible key %o",
		async (key) => {
			const { client, sent } = mockGateway(answerStatus);
			expect(await client.status(key, never)).toEqual({ ok: false, failure: { kind: "impossible-key" } });
			expect(sent).toEqual([]);
		},
	);

	test("sends the key in a header and nowhere else", async () => {
		const { client, sent } = mockGateway(answerStatus);
		await client.status("sk-pool-1", never);
		expect(sent[0]?.headers.get("authorization")).toBe("Bearer sk-pool-1");
		expect(sent[0]?.url).toBe("http://pool.test/v1/status");
		expect(sent[0]?.credentials).toBe("omit");
	});

	test("knows a gateway that lacks settings by its error code", async () => {
		const { client } = mockGateway(() => ({
			kind: "json",
			status: 503,
			body: { error: { message: "not set up", code: "setup_required" } },
		}));
		expect(await client.status("k", never)).toEqual({ ok: false, failure: { kind: "setup-required" } });
	});

	test("reads counts, coolings and failed keys", async () => {
		const { client } = mockGateway(answerStatus);
		const result = await client.status("any", never);
		expect(result).toMatchObject({
			ok: true,
			value: {
				total: 12,
				available: 8,
				cooling: 3,
				failed: 1,
				strategy: "weighted",
				coolings: [
					{ key: "AIzaSyD3kf…", model: "gemini-2.5-flash", cause: "minute-quota", seconds: 41 },
					{ model: "gemini-2.5-pro", cause: "day-quota" },
					{ key: "AQ.Ab8RN6…", model: undefined },
				],
				failedKeys: [{ key: "AIzaSyC07x…", cause: "expired" }],
			},
		});
	});
});

describe("health", () => {
	test.each([
		[undefined, { kind: "ok" }],
		["setup", { kind: "setup-required", missing: ["GEMINI_API_KEYS", "VALID_AUTH_TOKENS"] }],
		["misconfigured", { kind: "misconfigured", problem: expect.stringContaining("LOAD_BALANCE_STRATEGY") }],
	])("reads the state %o", async (mode, state) => {
		const { client } = mockGateway(() => answerHealth(mode));
		expect(await client.health(never)).toMatchObject({ ok: true, value: { state } });
	});

	test("reads the body of a 503 that is a health report", async () => {
		const { client } = mockGateway(() => ({ kind: "json", status: 503, body: { status: "setup_required" } }));
		expect(await client.health(never)).toMatchObject({
			ok: true,
			value: { state: { kind: "setup-required" } },
		});
	});

	test("sends no credential", async () => {
		const { client, sent } = mockGateway(() => answerHealth(undefined));
		await client.health(never);
		expect(sent[0]?.headers.has("authorization")).toBe(false);
	});
});

describe("waiting", () => {
	beforeEach(() => {
		vi.useFakeTimers();
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	test("gives up in the end and says after how long", async () => {
		const client = createClient(
			(_input, init) =>
				new Promise((_resolve, reject) => {
					init?.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
				}),
		);
		const answer = client.health(never);
		await vi.advanceTimersByTimeAsync(GIVE_UP_AFTER_MS);
		expect(await answer).toEqual({ ok: false, failure: { kind: "timeout", seconds: 20 } });
	});
});
