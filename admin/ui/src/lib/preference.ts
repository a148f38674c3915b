/**
 * A choice the reader made, kept in local storage: a word from a fixed set, never anything they typed.
 * Where storage is forbidden the choice lasts until the tab closes.
 */
import { effect, type Signal, signal } from "@preact/signals";

export function preference<T extends string>(name: string, choices: readonly T[], fallback: T): Signal<T> {
	const choice = signal(read(name, choices) ?? fallback);
	let first = true;
	effect(() => {
		const value = choice.value;
		// Only what was chosen is stored, so that a default can follow the system.
		if (first) first = false;
		else write(name, value);
	});
	return choice;
}

function read<T extends string>(name: string, choices: readonly T[]): T | undefined {
	try {
		const stored = localStorage.getItem(name);
		return choices.find((choice) => choice === stored);
	} catch {
		return undefined;
	}
}

function write(name: string, value: string): void {
	try {
		localStorage.setItem(name, value);
	} catch {
		// Storage is full or forbidden: the choice still holds in this tab.
	}
}
