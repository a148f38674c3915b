/** The words for each way an answer can fail: what happened, and what the reader can do. */
import type { Failure } from "../api/types.ts";
import { formatDuration } from "../lib/duration.ts";
import type { Messages } from "./en.ts";

export interface FailureWords {
	title: string;
	advice: string;
}

export function describeFailure(failure: Failure, messages: Messages): FailureWords {
	const words = messages.failure;
	switch (failure.kind) {
		case "offline":
			return words.offline;
		case "timeout":
			return words.timeout(String(failure.seconds));
		case "wrong-key":
			return words.wrongKey;
		case "impossible-key":
			return words.impossibleKey;
		case "forbidden":
			return words.forbidden;
		case "setup-required":
			return words.setupRequired;
		case "rate-limited":
			return words.rateLimited(
				failure.seconds === undefined ? undefined : formatDuration(failure.seconds, messages.duration),
			);
		case "unreadable":
			return words.unreadable;
		case "refused":
			return words.refused(String(failure.status), failure.message);
	}
}
