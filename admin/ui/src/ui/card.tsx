/** A part of a page with a heading of its own. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import "./card.css";

interface CardProps {
	heading: string;
	/** Beside the heading: a state or an action. */
	aside?: ComponentChildren;
	children: ComponentChildren;
}

export function Card({ heading, aside, children }: CardProps) {
	const id = useId();
	return (
		<section class="card" aria-labelledby={id}>
			<div class="card-head">
				<h2 id={id}>{heading}</h2>
				{aside}
			</div>
			{children}
		</section>
	);
}
