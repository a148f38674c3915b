/** Whether the gateway works, in one line, for everybody: it needs no key. */
import type { Health } from "../../api/types.ts";
import type { Watched } from "../../api/watch.ts";
import { messages } from "../../i18n/language.ts";
import { StateDot, type Tone } from "../../ui/state-dot.tsx";

export function HealthLine({ watched }: { watched: Watched<Health> }) {
	const { tone, label } = summarize(watched);
	const version = watched.value?.version;
	return (
		<p class="health-line" role="status">
			<StateDot tone={tone} label={label} />
			{version && <span class="soft small">{messages.value.health.version(version)}</span>}
		</p>
	);
}

function summarize({ value, failure }: Watched<Health>): { tone: Tone; label: string } {
	const words = messages.value.health;
	if (failure) return { tone: "failed", label: words.unreachable };
	switch (value?.state.kind) {
		case undefined:
			return { tone: "unknown", label: words.checking };
		case "ok":
			return { tone: "available", label: words.ok };
		case "setup-required":
			return { tone: "cooling", label: words.setupRequired };
		case "misconfigured":
			return { tone: "failed", label: words.misconfigured };
		case "other":
			return { tone: "cooling", label: words.other };
	}
}
