// Google's SDK for JavaScript with what belongs to the key that made it. The simulator gives nothing to
// another key of the pool, so every answer here shows that the right one was asked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, GoogleGenAI } from "@google/genai";
import * as product from "./support/product.mjs";

const client = (apiKey = product.key) =>
	new GoogleGenAI({ apiKey, vertexai: false, httpOptions: { baseUrl: product.url } });

// The SDK sends 8 MiB at a time: this takes two pieces.
const largeBytes = 9 * 1024 * 1024;

const upload = (size = 5) =>
	client().files.upload({ file: new Blob([new Uint8Array(size)], { type: "text/plain" }) });

const asking = (files) => ({
	model: product.model,
	contents: [
		{
			role: "user",
			parts: [
				...files.map(({ uri, mimeType }) => ({ fileData: { fileUri: uri, mimeType } })),
				{ text: "What does it say?" },
			],
		},
	],
});

const names = async (pager) => {
	const found = [];
	for await (const { name } of await pager) found.push(name);
	return found;
};

test("uploads files, asks about them, lists and deletes them", async () => {
	const files = [await upload(), await upload(largeBytes)];
	assert.equal(files[1].sizeBytes, String(largeBytes));
	for (let time = 0; time < 4; time++) {
		const answer = await client().models.generateContent(asking(files));
		assert.ok(answer.text.includes(files[0].uri));
	}
	const listed = await names(client().files.list({ config: { pageSize: 1 } }));
	for (const { name } of files) assert.ok(listed.includes(name));
	await client().files.delete({ name: files[0].name });
	await assert.rejects(client().files.get({ name: files[0].name }));
});

test("does not exist for another client", async () => {
	const file = await upload();
	const other = client(product.otherKey);
	assert.deepEqual(await names(other.files.list()), []);
	for (const ask of [
		() => other.files.get({ name: file.name }),
		() => other.models.generateContent(asking([file])),
	]) {
		await assert.rejects(ask, (error) => error instanceof ApiError && error.status === 404);
	}
});

test("makes and uses a cache, starts and fetches a batch", async () => {
	const cache = await client().caches.create({
		model: product.model,
		config: { contents: [{ role: "user", parts: [{ text: "word ".repeat(1000) }] }], ttl: "600s" },
	});
	for (let time = 0; time < 4; time++) {
		const { usageMetadata } = await client().models.generateContent({
			model: product.model,
			contents: product.hello,
			config: { cachedContent: cache.name },
		});
		assert.ok(usageMetadata.cachedContentTokenCount > 1000);
	}
	const batch = await client().batches.create({
		model: product.model,
		src: [{ contents: [{ role: "user", parts: [{ text: product.hello }] }] }],
	});
	const done = await client().batches.get({ name: batch.name });
	const [{ response }] = done.dest.inlinedResponses;
	assert.match(response.candidates[0].content.parts[0].text, /hello/i);
});
