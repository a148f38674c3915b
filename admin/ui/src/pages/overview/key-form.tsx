/** Asks for a client key and hands it to the session. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { FailureWords } from "../../i18n/failure.ts";
import { messages } from "../../i18n/language.ts";
import { clientKey } from "../../session.ts";
import "./key-form.css";

interface KeyFormProps {
	problem?: FailureWords;
	/** Whether typing should start here; not on a fresh page, where it would pull the reader past the rest. */
	takesFocus: boolean;
}

export function KeyForm({ problem, takesFocus }: KeyFormProps) {
	const words = messages.value.keyForm;
	const id = useId();
	const input = useRef<HTMLInputElement>(null);
	const [empty, setEmpty] = useState(false);
	const shown = empty ? { title: words.missing, advice: undefined } : problem;

	useEffect(() => {
		if (takesFocus) input.current?.focus();
	}, [takesFocus]);

	function submit(event: SubmitEvent): void {
		event.preventDefault();
		const typed = input.current?.value.trim() ?? "";
		setEmpty(typed === "");
		if (typed === "") input.current?.focus();
		else clientKey.value = { secret: typed };
	}

	return (
		<form class="key-form" onSubmit={submit} noValidate>
			{!problem && <p class="soft">{words.intro}</p>}
			<label for={id}>{words.label}</label>
			<div class="key-form-row">
				{/* Without a name the browser could not put it into a URL, even if this script failed. */}
				<input
					ref={input}
					id={id}
					type="password"
					autocomplete="off"
					autocapitalize="none"
					spellcheck={false}
					aria-invalid={shown !== undefined}
					aria-describedby={`${id}-problem ${id}-hint`}
				/>
				<button type="submit" class="button button-primary">
					{words.submit}
				</button>
			</div>
			<p id={`${id}-problem`} class="key-form-problem" role="alert">
				{shown && <strong>{shown.title}</strong>}
				{shown?.advice}
			</p>
			<p id={`${id}-hint`} class="soft small">
				{words.hint}
			</p>
		</form>
	);
}
