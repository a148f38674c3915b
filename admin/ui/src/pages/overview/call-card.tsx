/** How to call the pool: the base URL, and examples that need only a key. */
import { messages } from "../../i18n/language.ts";
import { Card } from "../../ui/card.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { callSnippets } from "./snippets.ts";

export function CallCard({ baseUrl }: { baseUrl: string }) {
	const words = messages.value.call;
	const tabs = callSnippets(baseUrl).map(({ id, label, file, code }) => ({
		id,
		label,
		panel: <CodeBlock label={label} caption={file ?? messages.value.terminal} code={code} />,
	}));
	return (
		<Card heading={words.heading}>
			<p class="soft">{words.intro}</p>
			<div class="base-url">
				<h3>{words.baseUrl}</h3>
				<CodeBlock label={words.baseUrl} code={baseUrl} />
			</div>
			<Tabs label={words.examples} tabs={tabs} />
			<p class="soft small">
				{words.keyNote} <code class="key-command">{words.keyNoteCommand}</code>
			</p>
		</Card>
	);
}
