/** A signal that moves once a second, for countdowns. In a hidden tab the browser slows it by itself. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const TICK_MS = 1_000;

const now = signal(performance.now());
let readers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** `performance.now()` in ms, at most a second old; the component draws again each second. */
export function useNow(): number {
	useEffect(() => {
		readers += 1;
		now.value = performance.now();
		timer ??= setInterval(() => {
			now.value = performance.now();
		}, TICK_MS);
		return () => {
			readers -= 1;
			if (readers === 0) {
				clearInterval(timer);
				timer = undefined;
			}
		};
	}, []);
	return now.value;
}
