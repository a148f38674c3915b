/** Fails when the page grows over its budget. What counts is what a first visit loads, with gzip. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

// 60 kB is about one second on a slow mobile line (400 kbit/s); charts may raise it to 150 kB later.
const BUDGET_BYTES = 60_000;

const dist = join(import.meta.dirname, "dist");
const sizes = readdirSync(dist, { recursive: true, withFileTypes: true })
	.filter((entry) => entry.isFile())
	.map((entry) => join(entry.parentPath, entry.name))
	.map((file) => ({ name: file.slice(dist.length + 1), bytes: gzipSync(readFileSync(file)).length }));
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);

for (const { name, bytes } of sizes) console.log(`${String(bytes).padStart(8)}  ${name}`);
console.log(`${String(total).padStart(8)}  in all, of ${BUDGET_BYTES} bytes (gzip)`);
if (total > BUDGET_BYTES) {
	console.error("The page is over its budget: remove something, or argue for a new budget in size.mjs.");
	process.exit(1);
}
