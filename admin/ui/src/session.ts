/**
 * What the reader gave for this visit: their client key. It lives in this variable alone: not in the URL, in
 * storage, in the DOM or in a log, and is gone when the tab closes.
 */
import { signal } from "@preact/signals";

/** A key as typed. An object, so that typing the same key again is a new try. */
export interface TypedKey {
	readonly secret: string;
}

export const clientKey = signal<TypedKey | undefined>(undefined);
