// The Vercel AI SDK, over each of its providers that can be pointed at gempool.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, embedMany, generateObject, generateText, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";
import * as product from "./support/product.mjs";

const compatible = (apiKey) =>
	createOpenAICompatible({ name: "gempool", baseURL: `${product.url}/v1`, apiKey, supportsStructuredOutputs: true });
const openai = (apiKey) => createOpenAI({ baseURL: `${product.url}/v1`, apiKey });
const providers = {
	"openai-compatible": (model, key) => compatible(key)(model),
	"openai chat": (model, key) => openai(key).chat(model),
	"openai responses": (model, key) => openai(key).responses(model),
	anthropic: (model, key) => createAnthropic({ baseURL: `${product.url}/v1`, apiKey: key })(model),
	google: (model, key) => createGoogleGenerativeAI({ baseURL: `${product.url}/v1beta`, apiKey: key })(model),
};
const tools = Object.fromEntries(
	Object.entries(product.results).map(([name, result]) => [
		name,
		tool({
			description: "For one city",
			inputSchema: z.object({ city: z.string() }),
			execute: async () => result,
		}),
	]),
);

for (const [name, provider] of Object.entries(providers)) {
	const ask = (model = product.model, key = product.key) => ({ model: provider(model, key), maxRetries: 0 });

	test(`${name}: chats and streams`, async () => {
		const { text, usage } = await generateText({ ...ask(), prompt: product.hello });
		assert.match(text, /hello/i);
		assert.ok(usage.totalTokens > 0);
		const stream = streamText({ ...ask(), prompt: product.hello });
		assert.equal(await stream.text, text);
		assert.equal(await stream.finishReason, "stop");
	});

	for (const model of [product.model, product.agentModel]) {
		test(`${name}: runs tools in a loop on ${model}`, async () => {
			const request = { ...ask(model), prompt: product.task, tools, stopWhen: stepCountIs(5) };
			const { text, steps } = await generateText(request);
			assert.ok(product.holdsResults(text), text);
			assert.equal(steps[0].toolCalls.length, 2);
			const stream = streamText(request);
			assert.ok(product.holdsResults(await stream.text));
		});
	}

	test(`${name}: gives objects`, async () => {
		const schema = z.object({ name: z.string(), age: z.number() });
		const { object } = await generateObject({ ...ask(), schema, prompt: product.hello });
		assert.equal(typeof object.name, "string");
	});

	test(`${name}: sees an image`, async () => {
		const image = Buffer.from(product.pngBase64, "base64");
		const content = [
			{ type: "text", text: "What is it?" },
			{ type: "image", image, mediaType: "image/png" },
		];
		const { text } = await generateText({ ...ask(), messages: [{ role: "user", content }] });
		assert.match(text, /image\/png/);
	});

	test(`${name}: has typed errors`, async () => {
		const prompt = product.hello;
		for (const [request, status] of [
			[ask(product.model, product.wrongKey), 401],
			[ask(product.exhaustedModel), 429],
		]) {
			await assert.rejects(generateText({ ...request, prompt }), (error) => {
				return APICallError.isInstance(error) && error.statusCode === status;
			});
		}
	});
}

test("embeds texts over each provider that can", async () => {
	const google = createGoogleGenerativeAI({ baseURL: `${product.url}/v1beta`, apiKey: product.key });
	for (const model of [
		openai(product.key).embedding(product.embeddingModel),
		google.textEmbedding(product.embeddingModel),
	]) {
		const { embeddings } = await embedMany({ model, values: ["a", "b"] });
		assert.equal(embeddings.length, 2);
	}
});
