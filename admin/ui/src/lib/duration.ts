/** Durations in words: the two largest units that matter, never a bare number. */

export interface DurationWords {
	hours(hours: number, minutes: number): string;
	minutes(minutes: number, seconds: number): string;
	wholeMinutes(minutes: number): string;
	seconds(seconds: number): string;
}

/** `3725` becomes `1 h 02 min`, `125` becomes `2 min 05 s`. Rounds up: a key never returns early. */
export function formatDuration(seconds: number, words: DurationWords): string {
	const whole = Math.max(0, Math.ceil(seconds));
	if (whole < 60) return words.seconds(whole);
	if (whole < 3600) return words.minutes(Math.floor(whole / 60), whole % 60);
	const minutes = Math.ceil(whole / 60);
	return words.hours(Math.floor(minutes / 60), minutes % 60);
}

/** The same where only minutes are known: `240` becomes `4 min`. */
export function formatMinutes(seconds: number, words: DurationWords): string {
	const minutes = Math.max(1, Math.ceil(seconds / 60));
	return minutes < 60 ? words.wholeMinutes(minutes) : words.hours(Math.floor(minutes / 60), minutes % 60);
}
