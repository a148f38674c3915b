/** The pool: a question for the client key, then live numbers, then what is wrong with which key. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { client } from "../../api/client.ts";
import type { Failure, PoolStatus } from "../../api/types.ts";
import { REFRESH_MS, type Watch, watch } from "../../api/watch.ts";
import { describeFailure } from "../../i18n/failure.ts";
import { messages } from "../../i18n/language.ts";
import { clientKey, type TypedKey } from "../../session.ts";
import { Card } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { StateDot } from "../../ui/state-dot.tsx";
import { KeyForm } from "./key-form.tsx";
import { CoolingKeys, FailedKeys } from "./key-lists.tsx";
import { PoolNumbers } from "./pool-numbers.tsx";

export function PoolCard() {
	const typed = clientKey.value;
	const hadKey = useRef(false);
	useEffect(() => {
		hadKey.current = typed !== undefined;
	});
	if (typed) return <WatchedPool typed={typed} />;
	return (
		<Card heading={messages.value.pool.heading}>
			<KeyForm takesFocus={hadKey.current} />
		</Card>
	);
}

function WatchedPool({ typed }: { typed: TypedKey }) {
	const status = useMemo(() => watch((cancel) => client.status(typed.secret, cancel)), [typed]);
	useEffect(() => () => status.stop(), [status]);
	const { value, receivedAt, failure, slow } = status.state.value;
	const words = messages.value.pool;

	if (failure && concernsTheKey(failure)) {
		return (
			<Card heading={words.heading}>
				<KeyForm takesFocus={true} problem={describeFailure(failure, messages.value)} />
			</Card>
		);
	}
	return (
		<Card
			heading={words.heading}
			aside={<Freshness known={value !== undefined} stale={failure !== undefined} />}
		>
			{failure && <FailureNotice failure={failure} status={status} />}
			{slow && <Notice tone="patience" title={words.slow} />}
			{!value && !failure && !slow && (
				<p class="soft" role="status">
					{words.loading}
				</p>
			)}
			{value && (
				<>
					<PoolNumbers status={value} />
					<CoolingKeys coolings={value.coolings} receivedAt={receivedAt} />
					<FailedKeys keys={value.failedKeys} />
				</>
			)}
			<p>
				<button
					type="button"
					class="button button-quiet"
					onClick={() => {
						clientKey.value = undefined;
					}}
				>
					{words.forget}
				</button>
			</p>
		</Card>
	);
}

function Freshness({ known, stale }: { known: boolean; stale: boolean }) {
	const words = messages.value.pool;
	if (!known) return null;
	return stale ? (
		<StateDot tone="failed" label={words.stale} />
	) : (
		<StateDot tone="available" label={words.refreshed} detail={words.refreshedDetail(REFRESH_MS / 1000)} />
	);
}

function FailureNotice({ failure, status }: { failure: Failure; status: Watch<PoolStatus> }) {
	const words = describeFailure(failure, messages.value);
	return (
		<Notice tone="problem" title={words.title}>
			<p>{words.advice}</p>
			{status.state.value.value && <p>{messages.value.failure.kept}</p>}
			<p>
				<button type="button" class="button button-quiet" onClick={status.refresh}>
					{messages.value.failure.retry}
				</button>
			</p>
		</Notice>
	);
}

/** Such a failure belongs beside the field where the key was typed. */
function concernsTheKey(failure: Failure): boolean {
	return failure.kind === "wrong-key" || failure.kind === "impossible-key" || failure.kind === "forbidden";
}
