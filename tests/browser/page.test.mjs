/** The first page of the real product, as a person with a browser meets it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enterKey, launch, visit } from "./support/browser.mjs";
import { clientKey, productUrl, setupUrl } from "./support/product.mjs";

let browser;
before(async () => {
	browser = await launch();
});
after(() => browser?.close());

/** Waits until the numbers of the pool are there. */
async function poolShown(page) {
	await page.locator(".numbers").waitFor();
}

test("loads under its policy with no complaint and nothing from elsewhere", async () => {
	await visit(browser, "about:blank", {}, async (page, record) => {
		const response = await page.goto(`${productUrl}/`);
		assert.match(response.headers()["content-security-policy"], /default-src 'none'/);
		assert.match(response.headers()["content-security-policy"], /require-trusted-types-for 'script'/);
		await page.getByText("Serving", { exact: true }).waitFor();
		assert.match(await page.title(), /^gempool/);
		const unpinned = await page.locator("script:not([integrity]), link[rel=stylesheet]:not([integrity])").count();
		assert.equal(unpinned, 0);
		await enterKey(page, clientKey);
		await poolShown(page);
		for (const tab of await page.getByRole("tab").all()) await tab.click();
		assert.deepEqual(record.complaints, []);
		const elsewhere = record.requests.filter((url) => ![productUrl, "about:blank"].some((ours) => url.startsWith(ours)));
		assert.deepEqual(elsewhere, []);
	});
});

test("shows the numbers that the status endpoint reports", async () => {
	const answer = await fetch(`${productUrl}/v1/status`, { headers: { authorization: `Bearer ${clientKey}` } });
	const { keyPool } = await answer.json();
	await visit(browser, productUrl, {}, async (page) => {
		await enterKey(page, clientKey);
		await poolShown(page);
		const shown = await page.locator(".number dd").allTextContents();
		assert.equal(shown[0], keyPool.totalKeys.toLocaleString("en"));
		assert.equal(shown.length, 4);
		await page.getByText("Live", { exact: true }).waitFor();
	});
});

test("says that a key is wrong, beside the field, and lets the reader try again", async () => {
	await visit(browser, productUrl, {}, async (page) => {
		await enterKey(page, "wrong");
		await page.getByRole("alert").getByText("This client key is not valid").waitFor();
		const field = page.getByLabel("Client key");
		assert.equal(await field.getAttribute("aria-invalid"), "true");
		assert.equal(await field.evaluate((input) => input === document.activeElement), true);
		await enterKey(page, clientKey);
		await poolShown(page);
	});
});

test("asks for a key when none was typed, without a request", async () => {
	await visit(browser, productUrl, {}, async (page, record) => {
		await enterKey(page, "   ");
		await page.getByRole("alert").getByText("Enter a client key first").waitFor();
		assert.equal(record.requests.some((url) => url.endsWith("/v1/status")), false);
	});
});

test("keeps the client key out of address, storage, document, cookies and console", async () => {
	await visit(browser, productUrl, {}, async (page, record) => {
		await enterKey(page, clientKey);
		await poolShown(page);
		const traces = await page.evaluate(() => [
			location.href,
			document.documentElement.outerHTML,
			document.cookie,
			JSON.stringify(localStorage),
			JSON.stringify(sessionStorage),
			...[...document.querySelectorAll("input")].map((input) => input.value),
		]);
		for (const trace of [...traces, ...record.requests, ...record.console]) {
			assert.equal(trace.includes(clientKey), false, trace);
		}
		await page.getByRole("button", { name: "Forget client key" }).click();
		assert.equal(await page.getByLabel("Client key").inputValue(), "");
		await page.reload();
		await page.getByLabel("Client key").waitFor();
	});
});

test("speaks the browser's language first, then the chosen one, and remembers only the choice", async () => {
	await visit(browser, productUrl, { locale: "zh-CN" }, async (page) => {
		await page.getByRole("heading", { name: "密钥池" }).waitFor();
		assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
		assert.equal(await page.evaluate(() => localStorage.length), 0);
		await page.getByText("English", { exact: true }).click();
		await page.getByRole("heading", { name: "Pool", exact: true }).waitFor();
		await page.reload();
		await page.getByRole("heading", { name: "Pool", exact: true }).waitFor();
		assert.equal(await page.locator("html").getAttribute("lang"), "en");
		assert.deepEqual(await page.evaluate(() => ({ ...localStorage })), { "gempool.language": "en" });
	});
});

test("follows the system's theme until one is chosen", async () => {
	const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	await visit(browser, productUrl, {}, async (page) => {
		const light = await ground(page);
		await page.emulateMedia({ colorScheme: "dark" });
		const dark = await ground(page);
		assert.notEqual(dark, light);
		await page.getByRole("radio", { name: "Light" }).check({ force: true });
		assert.equal(await ground(page), light);
		await page.reload();
		await page.getByRole("radio", { name: "Light", checked: true }).waitFor({ state: "attached" });
		assert.equal(await ground(page), light);
	});
});

test("can be used with the keyboard alone", async () => {
	await visit(browser, productUrl, {}, async (page) => {
		await page.getByText("Serving", { exact: true }).waitFor();
		await page.keyboard.press("Tab");
		assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#content");
		await page.getByRole("tab", { name: "curl" }).focus();
		await page.keyboard.press("ArrowRight");
		assert.equal(await page.getByRole("tab", { name: "Python" }).getAttribute("aria-selected"), "true");
		assert.equal(await page.evaluate(() => document.activeElement.textContent), "Python");
		await page.getByRole("region", { name: "Python" }).waitFor();
		await page.keyboard.press("End");
		await page.getByRole("region", { name: "Node.js" }).waitFor();
	});
});

test("examples name this address, and copying says that it worked", async () => {
	await visit(browser, productUrl, { permissions: ["clipboard-write"] }, async (page) => {
		const example = page.getByRole("region", { name: "curl" });
		assert.ok((await example.textContent()).includes(`${productUrl}/v1/chat/completions`));
		await page.getByRole("button", { name: "Copy curl" }).click();
		await page.getByRole("status").getByText("Copied").waitFor();
	});
});

test("keeps the last numbers while the network is away, and comes back", async () => {
	await visit(browser, productUrl, {}, async (page) => {
		await enterKey(page, clientKey);
		await poolShown(page);
		await page.context().setOffline(true);
		await page.getByText("The gateway cannot be reached").waitFor();
		await poolShown(page);
		await page.getByText("The numbers are from the last good answer.").waitFor();
		await page.context().setOffline(false);
		await page.getByRole("button", { name: "Try again" }).click();
		await page.getByText("Live", { exact: true }).waitFor();
	});
});

test("has a page for addresses of the page that do not exist, and a 404 for other files", async () => {
	await visit(browser, `${productUrl}/admin/no/such/page`, {}, async (page, record) => {
		await page.getByRole("heading", { name: "There is no page at this address" }).waitFor();
		await page.getByRole("link", { name: "To the start page" }).click();
		await page.getByRole("heading", { name: "Pool", exact: true }).waitFor();
		await page.goBack();
		await page.getByRole("heading", { name: "There is no page at this address" }).waitFor();
		assert.deepEqual(record.complaints, []);
	});
	assert.equal((await fetch(`${productUrl}/assets/none-12345678.js`)).status, 404);
});

test("moves nothing for a reader who asked for less motion", async () => {
	await visit(browser, productUrl, { reducedMotion: "reduce" }, async (page) => {
		const moving = await page.evaluate(() =>
			[...document.querySelectorAll("*")].filter((element) => {
				const style = getComputedStyle(element);
				return style.transitionDuration !== "0s" || style.animationName !== "none";
			}).length,
		);
		assert.equal(moving, 0);
	});
});

test("explains the two settings while they are missing", { skip: !setupUrl && "GEMPOOL_SETUP_URL is not set" }, async () => {
	await visit(browser, setupUrl, {}, async (page, record) => {
		await page.getByRole("heading", { name: "Almost ready" }).waitFor();
		await page.getByRole("definition").first().waitFor();
		assert.equal(await page.getByLabel("Client key").count(), 0);
		assert.deepEqual(record.complaints, []);
	});
});
