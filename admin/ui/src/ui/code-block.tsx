/** Code to read or copy: a block with a caption, or one line beside its button. */
import { useRef } from "preact/hooks";
import { CopyButton } from "./copy-button.tsx";
import "./code-block.css";

interface CodeBlockProps {
	code: string;
	/** What it is, for the name of the region and of its button. */
	label: string;
	/** Where it goes, such as `chat.py`; without it the code is one line. */
	caption?: string;
}

export function CodeBlock({ code, label, caption }: CodeBlockProps) {
	const shown = useRef<HTMLElement>(null);
	const copy = <CopyButton text={code} what={label} shownIn={shown} />;
	return (
		<div class={caption === undefined ? "code code-line" : "code"}>
			{caption !== undefined && (
				<div class="code-head">
					<span class="soft small">{caption}</span>
					{copy}
				</div>
			)}
			{/* Wide code scrolls, and what scrolls must be reachable by keyboard. */}
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region needs a tab stop */}
			<section class="code-scroll" aria-label={label} tabIndex={0}>
				<pre>
					<code ref={shown} translate={false}>
						{code}
					</code>
				</pre>
			</section>
			{caption === undefined && copy}
		</div>
	);
}
