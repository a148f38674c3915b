/** The bar at the top: where you are, language, theme. */
import { LANGUAGE_NAMES, LANGUAGES, language, messages } from "./i18n/language.ts";
import { THEMES, theme } from "./lib/theme.ts";
import { PageLink, paths } from "./routes.tsx";
import { Choice } from "./ui/choice.tsx";
import { Icon, Mark } from "./ui/icon.tsx";

const THEME_ICONS = { system: "monitor", light: "sun", dark: "moon" } as const;

export function SiteHeader() {
	const words = messages.value.header;
	return (
		<header class="site-header">
			<PageLink to={paths.overview()} class="brand" label={words.home}>
				<Mark />
				gempool
			</PageLink>
			<div class="site-settings">
				<Choice
					label={words.language}
					value={language.value}
					onChange={(chosen) => {
						language.value = chosen;
					}}
					options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
				/>
				<Choice
					label={words.theme}
					value={theme.value}
					onChange={(chosen) => {
						theme.value = chosen;
					}}
					options={THEMES.map((value) => ({
						value,
						label: words.themes[value],
						icon: <Icon name={THEME_ICONS[value]} />,
					}))}
				/>
			</div>
		</header>
	);
}
