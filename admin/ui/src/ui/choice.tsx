/** One of a few, side by side. Native radio buttons underneath: arrow keys and screen readers know them. */
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import "./choice.css";

interface ChoiceProps<T extends string> {
	label: string;
	value: T;
	options: readonly { value: T; label: string; icon?: JSX.Element }[];
	onChange(value: T): void;
}

export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
	const name = useId();
	return (
		<fieldset class="choice">
			<legend class="visually-hidden">{label}</legend>
			{options.map((option) => (
				<label key={option.value} class="choice-option" title={option.icon && option.label}>
					<input
						class="visually-hidden"
						type="radio"
						name={name}
						checked={option.value === value}
						onChange={() => onChange(option.value)}
					/>
					{option.icon}
					<span class={option.icon && "visually-hidden"}>{option.label}</span>
				</label>
			))}
		</fieldset>
	);
}
