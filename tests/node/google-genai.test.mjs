// Google's SDK for JavaScript on the native paths.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, GoogleGenAI } from "@google/genai";
import * as product from "./support/product.mjs";

const client = (apiKey = product.key) =>
	new GoogleGenAI({ apiKey, vertexai: false, httpOptions: { baseUrl: product.url } });

test("answers and streams the same text", async () => {
	const ask = { model: product.model, contents: product.hello };
	const whole = await client().models.generateContent(ask);
	let text = "";
	for await (const piece of await client().models.generateContentStream(ask)) {
		text += piece.text ?? "";
	}
	assert.match(whole.text, /hello/i);
	assert.equal(text, whole.text);
});

for (const model of [product.model, product.agentModel]) {
	test(`runs tools in a loop: ${model}`, async () => {
		const functionDeclarations = Object.keys(product.results).map((name) => ({
			name,
			parametersJsonSchema: product.citySchema,
		}));
		const contents = [{ role: "user", parts: [{ text: product.task }] }];
		let answer;
		for (let turn = 0; turn < 4; turn++) {
			answer = await client().models.generateContent({
				model,
				contents,
				config: { tools: [{ functionDeclarations }] },
			});
			const calls = answer.functionCalls ?? [];
			if (calls.length === 0) break;
			contents.push(answer.candidates[0].content);
			const parts = calls.map(({ id, name }) => ({
				functionResponse: { id, name, response: product.results[name] },
			}));
			contents.push({ role: "user", parts });
		}
		assert.ok(product.holdsResults(answer.text));
	});
}

test("gives structured output, sees an image, embeds, counts", async () => {
	const json = await client().models.generateContent({
		model: product.model,
		contents: product.hello,
		config: { responseMimeType: "application/json", responseJsonSchema: product.citySchema },
	});
	assert.deepEqual(Object.keys(JSON.parse(json.text)), ["city"]);
	const inlineData = { mimeType: "image/png", data: product.pngBase64 };
	const seen = await client().models.generateContent({
		model: product.model,
		contents: [{ role: "user", parts: [{ inlineData }, { text: "What is it?" }] }],
	});
	assert.match(seen.text, /image\/png/);
	const vectors = await client().models.embedContent({ model: product.embeddingModel, contents: ["a", "b"] });
	assert.equal(vectors.embeddings.length, 2);
	const count = await client().models.countTokens({ model: product.model, contents: product.hello });
	assert.ok(count.totalTokens > 0);
});

test("has typed errors", async () => {
	const ask = (model, key) => client(key).models.generateContent({ model, contents: product.hello });
	for (const [model, key, status] of [
		[product.model, product.wrongKey, 401],
		[product.exhaustedModel, product.key, 429],
		["gemini-0-nothing", product.key, 404],
	]) {
		await assert.rejects(ask(model, key), (error) => error instanceof ApiError && error.status === status);
	}
});
