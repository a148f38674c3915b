/** The rhythm of asking, on a fake clock. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Result } from "./types.ts";
import { type Attention, MAX_PAUSE_MS, REFRESH_MS, SLOW_AFTER_MS, watch } from "./watch.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

class FakeAttention implements Attention {
	looking = true;
	listener: (() => void) | undefined;
	visible = () => this.looking;
	onChange = (listener: () => void) => {
		this.listener = listener;
		return () => {
			this.listener = undefined;
		};
	};
	set(looking: boolean): void {
		this.looking = looking;
		this.listener?.();
	}
}

function start(answers: Result<number>[], attention = new FakeAttention()) {
	const ask = vi.fn(async (): Promise<Result<number>> => answers.shift() ?? good(0));
	return { ask, attention, watched: watch(ask, attention, () => Date.now()) };
}

const good = (value: number): Result<number> => ({ ok: true, value });
const offline: Result<number> = { ok: false, failure: { kind: "offline" } };

test("asks at once and again after each pause", async () => {
	const { ask, watched } = start([good(1), good(2)]);
	await vi.advanceTimersByTimeAsync(0);
	expect(watched.state.value).toMatchObject({ value: 1, failure: undefined });
	await vi.advanceTimersByTimeAsync(REFRESH_MS);
	expect(watched.state.value.value).toBe(2);
	expect(ask).toHaveBeenCalledTimes(2);
});

test("keeps the last good answer beside a later failure", async () => {
	const { watched } = start([good(1), offline]);
	await vi.advanceTimersByTimeAsync(REFRESH_MS);
	expect(watched.state.value).toMatchObject({ value: 1, failure: { kind: "offline" } });
});

test("waits longer after each failure, up to a limit, and recovers", async () => {
	const { ask } = start([offline, offline, offline, offline, offline]);
	const pauses = [REFRESH_MS, 2 * REFRESH_MS, 4 * REFRESH_MS, MAX_PAUSE_MS, MAX_PAUSE_MS, REFRESH_MS];
	await vi.advanceTimersByTimeAsync(0);
	for (const [index, pause] of pauses.entries()) {
		await vi.advanceTimersByTimeAsync(pause - 1);
		expect(ask).toHaveBeenCalledTimes(index + 1);
		await vi.advanceTimersByTimeAsync(1);
		expect(ask).toHaveBeenCalledTimes(index + 2);
	}
});

test.each(["wrong-key", "impossible-key", "forbidden"] as const)("stops for good after %s", async (kind) => {
	const { ask, attention } = start([{ ok: false, failure: { kind } }]);
	await vi.advanceTimersByTimeAsync(10 * MAX_PAUSE_MS);
	attention.set(true);
	await vi.advanceTimersByTimeAsync(10 * MAX_PAUSE_MS);
	expect(ask).toHaveBeenCalledTimes(1);
});

test("asks nothing while nobody looks and at once when somebody does", async () => {
	const { ask, attention } = start([]);
	await vi.advanceTimersByTimeAsync(0);
	attention.set(false);
	await vi.advanceTimersByTimeAsync(20 * REFRESH_MS);
	expect(ask).toHaveBeenCalledTimes(1);
	attention.set(true);
	await vi.advanceTimersByTimeAsync(0);
	expect(ask).toHaveBeenCalledTimes(2);
});

test("a glance at another tab does not ask more often", async () => {
	const { ask, attention } = start([]);
	await vi.advanceTimersByTimeAsync(0);
	attention.set(false);
	attention.set(true);
	await vi.advanceTimersByTimeAsync(REFRESH_MS - 1);
	expect(ask).toHaveBeenCalledTimes(1);
});

test("says that an answer is overdue, until it comes", async () => {
	let answer: ((result: Result<number>) => void) | undefined;
	const watched = watch<number>(
		() =>
			new Promise((resolve) => {
				answer = resolve;
			}),
		new FakeAttention(),
		() => 0,
	);
	await vi.advanceTimersByTimeAsync(SLOW_AFTER_MS - 1);
	expect(watched.state.value.slow).toBe(false);
	await vi.advanceTimersByTimeAsync(1);
	expect(watched.state.value.slow).toBe(true);
	answer?.(good(1));
	await vi.advanceTimersByTimeAsync(0);
	expect(watched.state.value).toMatchObject({ value: 1, slow: false });
});

test("refresh asks now, and never twice at a time", async () => {
	const { ask, watched } = start([]);
	watched.refresh();
	expect(ask).toHaveBeenCalledTimes(1);
	await vi.advanceTimersByTimeAsync(0);
	watched.refresh();
	expect(ask).toHaveBeenCalledTimes(2);
});

test("stop cancels, forgets a late answer and asks no more", async () => {
	let cancelled = false;
	const ask = vi.fn(async (cancel: AbortSignal) => {
		await new Promise<void>((resolve) => cancel.addEventListener("abort", () => resolve()));
		cancelled = true;
		return good(1);
	});
	const watched = watch(ask, new FakeAttention(), () => 0);
	watched.stop();
	await vi.advanceTimersByTimeAsync(10 * MAX_PAUSE_MS);
	expect(cancelled).toBe(true);
	expect(watched.state.value.value).toBeUndefined();
	expect(ask).toHaveBeenCalledTimes(1);
});
