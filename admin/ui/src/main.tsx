/** Entry of the page: styles, language, theme, and the first drawing. */
import "./styles/tokens.css";
import "./styles/base.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { applyLanguage } from "./i18n/language.ts";
import { applyTheme } from "./lib/theme.ts";

applyTheme(document.documentElement);
applyLanguage(document);

const root = document.getElementById("app");
if (root) render(<App />, root);
