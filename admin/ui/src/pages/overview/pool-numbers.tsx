/** How many keys are in which state: four numbers, and their shares as a bar. */
import type { PoolStatus } from "../../api/types.ts";
import { formatNumber, messages } from "../../i18n/language.ts";

/** From five digits on, four numbers in a row would touch. */
const LARGE = 10_000;

const STATES = ["available", "cooling", "failed"] as const;

export function PoolNumbers({ status }: { status: PoolStatus }) {
	const words = messages.value.pool;
	const summary = summarize(status);
	const label = words.shareLabel(
		formatNumber(status.available),
		formatNumber(status.cooling),
		formatNumber(status.failed),
	);
	return (
		<>
			<dl class="numbers" data-large={status.total >= LARGE}>
				<div class="number">
					<dt>{words.total}</dt>
					<dd>{formatNumber(status.total)}</dd>
				</div>
				{STATES.map((state) => (
					<div key={state} class={`number number-${state}`} data-zero={status[state] === 0}>
						<dt>{words[state]}</dt>
						<dd>{formatNumber(status[state])}</dd>
					</div>
				))}
			</dl>
			{status.total > 0 && (
				<div class="shares" role="img" aria-label={label}>
					{STATES.filter((state) => status[state] > 0).map((state) => (
						<span key={state} class={`share share-${state}`} style={{ flexGrow: String(status[state]) }} />
					))}
				</div>
			)}
			{summary && <p role="status">{summary}</p>}
			{status.strategy && (
				<p class="soft small">{words.strategy(words.strategies[status.strategy] ?? status.strategy)}</p>
			)}
		</>
	);
}

function summarize({ total, available }: PoolStatus): string | undefined {
	const words = messages.value.pool;
	if (total === 0) return words.noKeys;
	if (available === total) return words.allReady;
	return available === 0 ? words.noneAvailable : undefined;
}
