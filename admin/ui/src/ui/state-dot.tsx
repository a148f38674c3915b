/** A colored dot with its meaning in words beside it: color alone says nothing to many readers. */
import "./state-dot.css";

export type Tone = "available" | "cooling" | "failed" | "unknown";

export function StateDot({
	tone,
	label,
	detail,
}: {
	tone: Tone;
	label: string;
	detail?: string | undefined;
}) {
	return (
		<span class={`state-dot state-dot-${tone}`} title={detail}>
			{label}
		</span>
	);
}
