/** Addresses and pages: the one place that builds a path, and the one that reads it. */
import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { messages } from "./i18n/language.ts";
import { NotFoundPage } from "./pages/not-found.tsx";
import { OverviewPage } from "./pages/overview/overview-page.tsx";

/** Every address of the page. */
export const paths = {
	overview: () => "/",
};

const location = signal(globalThis.location?.pathname ?? "/");

/** Draws the page of the current address. */
export function currentPage(): JSX.Element {
	switch (location.value) {
		case paths.overview():
			return <OverviewPage />;
		default:
			return (
				<NotFoundPage>
					<PageLink to={paths.overview()}>{messages.value.notFound.home}</PageLink>
				</NotFoundPage>
			);
	}
}

interface PageLinkProps {
	to: string;
	children: ComponentChildren;
	class?: string;
	label?: string;
}

/** A link inside the page. It does not load the document anew, because that would forget the client key. */
export function PageLink({ to, children, label, ...rest }: PageLinkProps) {
	function follow(event: MouseEvent): void {
		const opensElsewhere =
			event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
		if (opensElsewhere) return;
		event.preventDefault();
		history.pushState(null, "", to);
		location.value = to;
		document.getElementById("content")?.focus();
	}
	return (
		<a href={to} onClick={follow} aria-label={label} {...rest}>
			{children}
		</a>
	);
}

globalThis.addEventListener?.("popstate", () => {
	location.value = globalThis.location.pathname;
});
