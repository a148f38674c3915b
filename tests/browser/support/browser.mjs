/** Debian's Chromium through Playwright, and a record of everything it complains about. */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.GEMPOOL_CHROMIUM ?? "/usr/bin/chromium";

/** Nothing in the background, nothing to the outside: what is left on the wire is what the page does. */
const ARGUMENTS = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

export async function launch() {
	if (!existsSync(CHROMIUM)) {
		console.error(`${CHROMIUM} is missing. Install it with: apt-get install chromium`);
		process.exit(1);
	}
	return chromium.launch({ executablePath: CHROMIUM, headless: true, args: ARGUMENTS });
}

/**
 * Opens `url` in a fresh profile, runs `look(page, record)` and closes it.
 *
 * `record.complaints` fills with console errors and warnings, uncaught errors and policy violations;
 * `record.requests` with the URL of every request; `record.console` with every line.
 */
export async function visit(browser, url, options, look) {
	const context = await browser.newContext({ locale: "en-US", colorScheme: "light", ...options });
	try {
		const page = await context.newPage();
		const record = { complaints: [], requests: [], console: [] };
		page.on("console", (message) => {
			record.console.push(message.text());
			if (["error", "warning"].includes(message.type())) record.complaints.push(message.text());
		});
		page.on("pageerror", (error) => record.complaints.push(`uncaught: ${error.message}`));
		page.on("request", (request) => record.requests.push(request.url()));
		await page.exposeFunction("complain", (text) => record.complaints.push(text));
		await page.addInitScript(() => {
			addEventListener("securitypolicyviolation", (event) => {
				globalThis.complain(`policy: ${event.violatedDirective} blocked ${event.blockedURI} ${event.sample}`);
			});
		});
		await page.goto(url);
		await look(page, record);
	} finally {
		await context.close();
	}
}

/** Types the client key and shows the status. */
export async function enterKey(page, key) {
	await page.locator("input[type=password]").fill(key);
	await page.keyboard.press("Enter");
}
