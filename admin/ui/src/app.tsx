/** What every page has around it: the header, and the page that the address asks for. */
import { messages } from "./i18n/language.ts";
import { currentPage } from "./routes.tsx";
import { SiteHeader } from "./site-header.tsx";
import "./app.css";

export function App() {
	return (
		<>
			<a class="skip-link" href="#content">
				{messages.value.skipToContent}
			</a>
			<SiteHeader />
			<main id="content" class="content" tabIndex={-1}>
				{currentPage()}
			</main>
		</>
	);
}
