/** Text to paste: how to call the pool, and how to give it its settings. None of it ever holds a real key. */

/** A model that every Gemini key may use; read 2026-11. */
const MODEL = "gemini-2.5-flash";

export interface Snippet {
	id: "curl" | "python" | "node";
	label: string;
	/** A name for the file it belongs into; undefined for a terminal. */
	file: string | undefined;
	code: string;
}

/** Examples for `baseUrl`, which ends in `/v1`. */
export function callSnippets(baseUrl: string): Snippet[] {
	return [
		{
			id: "curl",
			label: "curl",
			file: undefined,
			code: `curl ${baseUrl}/chat/completions \\
  -H "Authorization: Bearer $GEMPOOL_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "${MODEL}",
    "messages": [{"role": "user", "content": "Hello"}]
  }'`,
		},
		{
			id: "python",
			label: "Python",
			file: "chat.py",
			code: `# pip install openai
import os
from openai import OpenAI

client = OpenAI(
    base_url="${baseUrl}",
    api_key=os.environ["GEMPOOL_KEY"],
)
answer = client.chat.completions.create(
    model="${MODEL}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`,
		},
		{
			id: "node",
			label: "Node.js",
			// With this ending Node takes `import` and a top-level `await`.
			file: "chat.mjs",
			code: `// npm install openai
import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${baseUrl}",
  apiKey: process.env.GEMPOOL_KEY,
});
const answer = await client.chat.completions.create({
  model: "${MODEL}",
  messages: [{ role: "user", content: "Hello" }],
});
console.log(answer.choices[0].message.content);`,
		},
	];
}

/** How to start with both settings, in the native host or in Spin. */
export function setupCommands(host: "host" | "spin"): string {
	const prefix = host === "spin" ? "SPIN_VARIABLE_" : "";
	const start = host === "spin" ? "spin up" : "gempool serve";
	return `export ${prefix}GEMINI_API_KEYS="first-key,second-key"
export ${prefix}VALID_AUTH_TOKENS="sk-pool-$(openssl rand -hex 16)"
echo "client key: $${prefix}VALID_AUTH_TOKENS"
${start}`;
}
