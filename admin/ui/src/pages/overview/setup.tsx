/** Instead of the pool while the gateway lacks settings: what is missing, and lines that work when pasted. */
import type { HealthState } from "../../api/types.ts";
import { messages } from "../../i18n/language.ts";
import { Card } from "../../ui/card.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { setupCommands } from "./snippets.ts";

/** Where Google gives out keys; read 2026-11. */
const KEY_PAGE = "https://aistudio.google.com/apikey";

const GEMINI_KEYS = "GEMINI_API_KEYS";
const CLIENT_KEYS = "VALID_AUTH_TOKENS";

type Waiting = Extract<HealthState, { kind: "setup-required" | "misconfigured" }>;

export function Setup({ state }: { state: Waiting }) {
	const words = messages.value.setup;
	if (state.kind === "misconfigured") {
		return (
			<Card heading={messages.value.pool.heading}>
				<Notice tone="problem" title={words.misconfigured}>
					<p>{state.problem}</p>
				</Notice>
			</Card>
		);
	}
	// An older gateway may not say what is missing; then it is both.
	const missing = state.missing.length > 0 ? state.missing : [GEMINI_KEYS, CLIENT_KEYS];
	return (
		<Card heading={words.heading}>
			<p>{missing.length > 1 ? words.introAll : words.intro(missing.join(""))}</p>
			<dl class="setup-list">
				{missing.includes(GEMINI_KEYS) && (
					<div>
						<dt>
							<code>{GEMINI_KEYS}</code>
						</dt>
						<dd>
							{words.geminiKeys}{" "}
							<a href={KEY_PAGE} rel="noreferrer" target="_blank">
								Google AI Studio
							</a>
						</dd>
					</div>
				)}
				{missing.includes(CLIENT_KEYS) && (
					<div>
						<dt>
							<code>{CLIENT_KEYS}</code>
						</dt>
						<dd>{words.clientKeys}</dd>
					</div>
				)}
			</dl>
			<Tabs
				label={words.runLabel}
				tabs={(["host", "spin"] as const).map((id) => ({
					id,
					label: words[id],
					panel: <CodeBlock label={words[id]} caption={messages.value.terminal} code={setupCommands(id)} />,
				}))}
			/>
		</Card>
	);
}
