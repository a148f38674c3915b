/** Which keys do not work right now, why, and until when. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Cooling, FailedKey } from "../../api/types.ts";
import { formatNumber, messages } from "../../i18n/language.ts";
import { useNow } from "../../lib/clock.ts";
import { formatDuration, formatMinutes } from "../../lib/duration.ts";

/** Rows shown before the reader asks for all (the gateway lists at most 100): what a glance takes in. */
const FIRST_ROWS = 6;

export function CoolingKeys({ coolings, receivedAt }: { coolings: Cooling[]; receivedAt: number }) {
	const words = messages.value.cooling;
	const rows = coolings
		.toSorted((a, b) => a.seconds - b.seconds)
		.map((cooling) => (
			<li key={`${cooling.key} ${cooling.model}`}>
				<code>{cooling.key}</code>
				<span class="key-time">
					<span class="visually-hidden">{words.returns} </span>
					<Countdown cooling={cooling} receivedAt={receivedAt} />
				</span>
				<span class="key-cause">
					{causeOf(cooling.cause, words.causes)} · <bdi>{cooling.model ?? words.allModels}</bdi>
				</span>
			</li>
		));
	return <KeyList heading={words.heading} rows={rows} />;
}

export function FailedKeys({ keys }: { keys: FailedKey[] }) {
	const words = messages.value.failed;
	const rows = keys.map(({ key, cause }) => (
		<li key={key}>
			<code>{key}</code>
			<span class="key-cause">{causeOf(cause, words.causes)}</span>
		</li>
	));
	return <KeyList heading={words.heading} advice={words.advice} rows={rows} />;
}

function KeyList({ heading, advice, rows }: { heading: string; advice?: string; rows: JSX.Element[] }) {
	const words = messages.value.cooling;
	const [all, setAll] = useState(false);
	if (rows.length === 0) return null;
	return (
		<div class="key-list">
			<h3>{heading}</h3>
			{advice && <p class="soft small">{advice}</p>}
			<ul>{all ? rows : rows.slice(0, FIRST_ROWS)}</ul>
			{rows.length > FIRST_ROWS && (
				<p>
					<button type="button" class="button button-quiet" aria-expanded={all} onClick={() => setAll(!all)}>
						{all ? words.showFewer : words.showAll(formatNumber(rows.length))}
					</button>
				</p>
			)}
		</div>
	);
}

/** Not a live region: a voice that counts seconds helps nobody. */
function Countdown({ cooling, receivedAt }: { cooling: Cooling; receivedAt: number }) {
	const now = useNow();
	const { cooling: words, duration } = messages.value;
	if (cooling.precision === "minutes") return <>{words.about(formatMinutes(cooling.seconds, duration))}</>;
	const left = cooling.seconds - Math.max(0, now - receivedAt) / 1000;
	return <>{left <= 0 ? words.now : formatDuration(left, duration)}</>;
}

/** A cause that this page does not know yet is shown as the gateway wrote it. */
function causeOf(cause: string | undefined, causes: Record<string, string>): string {
	return cause === undefined ? messages.value.cooling.unknownCause : (causes[cause] ?? cause);
}
