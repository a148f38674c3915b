/** The first page: what this is, whether it works, how the keys are, how to call it. */
import { useEffect, useMemo } from "preact/hooks";
import { client } from "../../api/client.ts";
import { watch } from "../../api/watch.ts";
import { messages } from "../../i18n/language.ts";
import { CallCard } from "./call-card.tsx";
import { HealthLine } from "./health-line.tsx";
import { PoolCard } from "./pool-card.tsx";
import { Setup } from "./setup.tsx";
import "./overview.css";

export function OverviewPage() {
	const words = messages.value.hero;
	const health = useMemo(() => watch((cancel) => client.health(cancel)), []);
	useEffect(() => () => health.stop(), [health]);
	const state = health.state.value.value?.state;
	const waitsForSettings = state?.kind === "setup-required" || state?.kind === "misconfigured";

	return (
		<>
			<div class="hero">
				<h1>{words.heading}</h1>
				<p class="hero-purpose">{words.purpose}</p>
				<HealthLine watched={health.state.value} />
			</div>
			<div class="overview">
				{waitsForSettings ? <Setup state={state} /> : <PoolCard />}
				<CallCard baseUrl={`${location.origin}/v1`} />
			</div>
		</>
	);
}
