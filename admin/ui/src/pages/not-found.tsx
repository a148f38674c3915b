/** An address below `/admin` or `/login` that no page has. Other unknown addresses never load this document. */
import type { ComponentChildren } from "preact";
import { messages } from "../i18n/language.ts";

export function NotFoundPage({ children }: { children: ComponentChildren }) {
	const words = messages.value.notFound;
	return (
		<div class="hero">
			<h1>{words.heading}</h1>
			<p class="hero-purpose">{words.advice}</p>
			<p>{children}</p>
		</div>
	);
}
