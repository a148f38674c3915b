/**
 * Asks again and again while somebody looks. It keeps the last good answer beside a later failure, waits
 * longer after each failure, and stops for good where asking again cannot help (a wrong key).
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Failure, Result } from "./types.ts";

/** From here on the page says that it still waits, in ms. */
export const SLOW_AFTER_MS = 5_000;
/** Between an answer and the next question, in ms: new enough for a countdown, light on the gateway. */
export const REFRESH_MS = 5_000;
/** Longest pause after failures, in ms; reached after 5, 10 and 20 s. */
export const MAX_PAUSE_MS = 30_000;

export interface Watched<T> {
	/** The last good answer. */
	value: T | undefined;
	/** When it came, in ms of `performance.now()`. */
	receivedAt: number;
	/** Why the latest question failed; undefined after a good answer. */
	failure: Failure | undefined;
	/** An answer is overdue. */
	slow: boolean;
}

/** Whether somebody looks; the browser's document, or a fake. */
export interface Attention {
	visible(): boolean;
	onChange(listener: () => void): () => void;
}

export interface Watch<T> {
	state: ReadonlySignal<Watched<T>>;
	/** Asks now instead of after the pause. */
	refresh(): void;
	stop(): void;
}

export function watch<T>(
	ask: (cancel: AbortSignal) => Promise<Result<T>>,
	attention: Attention = pageAttention,
	now: () => number = () => performance.now(),
): Watch<T> {
	const state = signal<Watched<T>>({ value: undefined, receivedAt: 0, failure: undefined, slow: false });
	const cancel = new AbortController();
	let timer: ReturnType<typeof setTimeout> | undefined;
	let asking = false;
	let finished = false;
	let failures = 0;

	async function askOnce(): Promise<void> {
		if (asking || finished) return;
		asking = true;
		clearTimeout(timer);
		const slowTimer = setTimeout(() => {
			state.value = { ...state.peek(), slow: true };
		}, SLOW_AFTER_MS);
		const result = await ask(cancel.signal);
		clearTimeout(slowTimer);
		asking = false;
		if (cancel.signal.aborted) return;
		if (result.ok) {
			failures = 0;
			state.value = { value: result.value, receivedAt: now(), failure: undefined, slow: false };
		} else {
			failures += 1;
			finished = isFinal(result.failure);
			state.value = { ...state.peek(), failure: result.failure, slow: false };
		}
		if (!finished) timer = setTimeout(askIfVisible, pauseAfter(failures));
	}

	function askIfVisible(): void {
		timer = undefined;
		if (attention.visible()) void askOnce();
	}

	// Coming back to the tab shows fresh numbers at once, unless a pause is still running.
	const unsubscribe = attention.onChange(() => {
		if (timer === undefined && attention.visible()) void askOnce();
	});
	void askOnce();

	return {
		state,
		refresh: () => void askOnce(),
		stop() {
			finished = true;
			cancel.abort();
			clearTimeout(timer);
			unsubscribe();
		},
	};
}

function pauseAfter(failures: number): number {
	return Math.min(REFRESH_MS * 2 ** Math.max(0, failures - 1), MAX_PAUSE_MS);
}

function isFinal(failure: Failure): boolean {
	return failure.kind === "wrong-key" || failure.kind === "impossible-key" || failure.kind === "forbidden";
}

const pageAttention: Attention = {
	visible: () => document.visibilityState === "visible",
	onChange(listener) {
		document.addEventListener("visibilitychange", listener);
		return () => document.removeEventListener("visibilitychange", listener);
	},
};
