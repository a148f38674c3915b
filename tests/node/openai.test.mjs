// OpenAI's SDK for JavaScript.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import * as product from "./support/product.mjs";

const client = (apiKey = product.key) =>
	new OpenAI({ baseURL: `${product.url}/v1`, apiKey, maxRetries: 0, timeout: 30_000 });
const messages = [{ role: "user", content: product.hello }];

test("chats and streams", async () => {
	const answer = await client().chat.completions.create({ model: product.model, messages });
	assert.match(answer.choices[0].message.content, /hello/i);
	const stream = await client().chat.completions.create({
		model: product.model,
		messages,
		stream: true,
		stream_options: { include_usage: true },
	});
	let text = "";
	let usage;
	for await (const chunk of stream) {
		text += chunk.choices[0]?.delta.content ?? "";
		usage = chunk.usage ?? usage;
	}
	assert.equal(text, answer.choices[0].message.content);
	assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
});

for (const model of [product.model, product.agentModel]) {
	for (const stream of [false, true]) {
		test(`runs tools in a loop: ${model}, stream ${stream}`, async () => {
			const tools = Object.keys(product.results).map((name) => ({
				type: "function",
				function: {
					name,
					description: "For one city",
					parameters: product.citySchema,
					parse: JSON.parse,
					function: ({ city }) => {
						assert.equal(typeof city, "string");
						return product.results[name];
					},
				},
			}));
			const runner = client().chat.completions.runTools({
				model,
				messages: [{ role: "user", content: product.task }],
				tools,
				stream,
			});
			assert.ok(product.holdsResults(await runner.finalContent()));
		});
	}
}

test("parses structured output", async () => {
	const Person = z.object({ name: z.string(), age: z.number().int() });
	const answer = await client().chat.completions.parse({
		model: product.model,
		messages,
		response_format: zodResponseFormat(Person, "person"),
	});
	assert.equal(typeof answer.choices[0].message.parsed.name, "string");
});

test("sees an image", async () => {
	const url = `data:image/png;base64,${product.pngBase64}`;
	const content = [
		{ type: "text", text: "What is it?" },
		{ type: "image_url", image_url: { url } },
	];
	const answer = await client().chat.completions.create({
		model: product.model,
		messages: [{ role: "user", content }],
	});
	assert.match(answer.choices[0].message.content, /image\/png/);
});

test("embeds texts", async () => {
	const answer = await client().embeddings.create({
		model: product.embeddingModel,
		input: ["a", "b"],
		dimensions: 768,
	});
	assert.deepEqual(
		answer.data.map((item) => item.embedding.length),
		[768, 768],
	);
});

test("responds, whole and streamed", async () => {
	const answer = await client().responses.create({ model: product.model, input: product.hello });
	assert.match(answer.output_text, /hello/i);
	const stream = client().responses.stream({ model: product.model, input: product.hello });
	assert.equal((await stream.finalResponse()).output_text, answer.output_text);
});

test("has typed errors", async () => {
	const ask = (change, apiKey) =>
		client(apiKey).chat.completions.create({ model: product.model, messages, ...change });
	await assert.rejects(ask({}, product.wrongKey), OpenAI.AuthenticationError);
	await assert.rejects(ask({ temperature: 9 }), (error) => {
		return error instanceof OpenAI.BadRequestError && error.param === "temperature";
	});
	await assert.rejects(ask({ model: product.exhaustedModel }), OpenAI.RateLimitError);
	await assert.rejects(ask({ model: "gemini-0-nothing" }), OpenAI.NotFoundError);
});
