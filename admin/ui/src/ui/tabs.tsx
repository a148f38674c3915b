/** Tabs after the WAI-ARIA pattern: one stop for Tab, arrows move and show at once. */
import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import "./tabs.css";

interface Tab {
	id: string;
	label: string;
	panel: JSX.Element;
}

export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
	const prefix = useId();
	const list = useRef<HTMLDivElement>(null);
	const [chosen, setChosen] = useState(0);

	function move(event: KeyboardEvent): void {
		const last = tabs.length - 1;
		const targets: Record<string, number> = {
			ArrowRight: chosen === last ? 0 : chosen + 1,
			ArrowLeft: chosen === 0 ? last : chosen - 1,
			Home: 0,
			End: last,
		};
		const next = targets[event.key];
		if (next === undefined) return;
		event.preventDefault();
		setChosen(next);
		list.current?.querySelectorAll<HTMLButtonElement>("[role=tab]")[next]?.focus();
	}

	return (
		<div class="tabs">
			<div ref={list} class="tab-list" role="tablist" aria-label={label} onKeyDown={move}>
				{tabs.map((tab, index) => (
					<button
						key={tab.id}
						type="button"
						role="tab"
						class="tab"
						id={`${prefix}-tab-${tab.id}`}
						aria-controls={`${prefix}-panel-${tab.id}`}
						aria-selected={index === chosen}
						tabIndex={index === chosen ? 0 : -1}
						onClick={() => setChosen(index)}
					>
						{tab.label}
					</button>
				))}
			</div>
			{tabs.map((tab, index) => (
				<div
					key={tab.id}
					role="tabpanel"
					id={`${prefix}-panel-${tab.id}`}
					aria-labelledby={`${prefix}-tab-${tab.id}`}
					hidden={index !== chosen}
				>
					{tab.panel}
				</div>
			))}
		</div>
	);
}
