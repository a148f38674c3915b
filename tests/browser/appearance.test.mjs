/** Every look of the page: accessible, inside its width, and photographed for a person to judge. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { enterKey, launch, visit } from "./support/browser.mjs";
import { clientKey, productUrl, screenshotFolder } from "./support/product.mjs";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const LANGUAGES = { en: "en-US", zh: "zh-CN" };
const THEMES = ["light", "dark"];
/** Widths in CSS px: the smallest phone, a laptop, the widest screen promised. */
const WIDTHS = { narrow: 360, wide: 1280, huge: 2560 };

let browser;
before(async () => {
	browser = await launch();
	mkdirSync(screenshotFolder, { recursive: true });
});
after(() => browser?.close());

for (const [language, locale] of Object.entries(LANGUAGES)) {
	for (const colorScheme of THEMES) {
		for (const [size, width] of Object.entries(WIDTHS)) {
			const look = `${colorScheme}-${size}-${language}`;
			test(`is accessible and fits as ${look}`, async () => {
				// axe must be put into the page, which the page's own policy rightly forbids.
				const options = { locale, colorScheme, viewport: { width, height: 900 }, bypassCSP: true };
				await visit(browser, productUrl, options, async (page) => {
					await page.addScriptTag({ path: axe });
					await inspect(page, `start-${look}`);
					await enterKey(page, "wrong");
					await page.locator("[aria-invalid=true]").waitFor();
					await inspect(page, `wrong-key-${look}`);
					await enterKey(page, clientKey);
					await page.locator(".numbers").waitFor();
					await inspect(page, `pool-${look}`);
				});
			});
		}
	}
}

async function inspect(page, name) {
	// Colors in the middle of a transition would be measured, and photographed, as neither one.
	await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
	await page.screenshot({ path: join(screenshotFolder, `${name}.png`), fullPage: true });
	const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	assert.ok(overflow <= 0, `${name} is ${overflow} px too wide`);
	const { violations } = await page.evaluate(() => globalThis.axe.run());
	const serious = violations
		.filter(({ impact }) => impact === "serious" || impact === "critical")
		.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`);
	assert.deepEqual(serious, [], name);
}
