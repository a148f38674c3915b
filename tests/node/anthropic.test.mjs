// Anthropic's SDK for JavaScript, as Claude Code uses it.
import assert from "node:assert/strict";
import { test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import * as product from "./support/product.mjs";

const client = (apiKey = product.key) =>
	new Anthropic({ baseURL: product.url, apiKey, maxRetries: 0, timeout: 30_000 });
const ask = { model: product.model, max_tokens: 500, messages: [{ role: "user", content: product.hello }] };
const textOf = (message) => message.content.map((block) => block.text ?? "").join("");

test("streams to the message that it is", async () => {
	const whole = await client().messages.create(ask);
	const streamed = await client().messages.stream(ask).finalMessage();
	assert.match(textOf(whole), /hello/i);
	assert.equal(textOf(streamed), textOf(whole));
	assert.equal(streamed.stop_reason, "end_turn");
});

test("takes a bearer token as Claude Code sends it", async () => {
	const bearer = new Anthropic({ baseURL: product.url, apiKey: null, authToken: product.key, maxRetries: 0 });
	assert.match(textOf(await bearer.messages.create(ask)), /hello/i);
});

for (const model of [product.model, product.agentModel]) {
	test(`runs tools in a loop: ${model}`, async () => {
		const tools = Object.keys(product.results).map((name) => ({
			name,
			description: "For one city",
			input_schema: product.citySchema,
		}));
		const messages = [{ role: "user", content: product.task }];
		let answer;
		for (let turn = 0; turn < 4; turn++) {
			answer = await client().messages.stream({ ...ask, model, messages, tools }).finalMessage();
			const calls = answer.content.filter((block) => block.type === "tool_use");
			if (calls.length === 0) break;
			messages.push({ role: "assistant", content: answer.content });
			const content = calls.map((call) => ({
				type: "tool_result",
				tool_use_id: call.id,
				content: JSON.stringify(product.results[call.name]),
			}));
			messages.push({ role: "user", content });
		}
		assert.ok(product.holdsResults(textOf(answer)));
	});
}

test("has typed errors", async () => {
	await assert.rejects(client(product.wrongKey).messages.create(ask), Anthropic.AuthenticationError);
	await assert.rejects(
		client().messages.create({ ...ask, model: product.exhaustedModel }),
		Anthropic.RateLimitError,
	);
});
