/**
 * What the tests are told about the product they look at. They never start it: whoever runs them does.
 *
 * GEMPOOL_URL        base URL of a running product, such as http://127.0.0.1:3000
 * GEMPOOL_KEY        a client key that it accepts
 * GEMPOOL_SETUP_URL  optional: a product that runs without any settings
 */
import { join } from "node:path";

function required(name) {
	const value = process.env[name];
	if (value) return value;
	console.error(`${name} is not set: these tests look at a running gempool.\n`);
	console.error("  GEMPOOL_URL=http://127.0.0.1:3000 GEMPOOL_KEY=<client key> npm test\n");
	process.exit(1);
}

export const productUrl = new URL(required("GEMPOOL_URL")).origin;
export const clientKey = required("GEMPOOL_KEY");
export const setupUrl = process.env.GEMPOOL_SETUP_URL;

export const screenshotFolder =
	process.env.GEMPOOL_SCREENSHOTS ?? join(import.meta.dirname, "../../../target/screenshots");
