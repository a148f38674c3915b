/** Examples must work when pasted and never hold a key. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { callSnippets, setupCommands } from "./snippets.ts";

const BASE_URL = "http://pool.test:3000/v1";

test("every example names the base URL and reads the key from the environment", () => {
	for (const { id, code } of callSnippets(BASE_URL)) {
		expect(code, id).toContain(BASE_URL);
		expect(code, id).toContain("GEMPOOL_KEY");
	}
});

test.each([callSnippets(BASE_URL)[0]?.code ?? "", setupCommands("host"), setupCommands("spin")])(
	"a shell can read the lines for a terminal",
	(commands) => {
		execFileSync("sh", ["-n"], { input: commands });
	},
);

test("the body of the curl example is JSON", () => {
	const body = /-d '([^']+)'/.exec(callSnippets(BASE_URL)[0]?.code ?? "")?.[1];
	expect(JSON.parse(body ?? "")).toMatchObject({ messages: [{ role: "user", content: "Hello" }] });
});

test("Spin reads its variables under a prefix", () => {
	expect(setupCommands("spin")).toContain("export SPIN_VARIABLE_GEMINI_API_KEYS=");
	expect(setupCommands("spin")).toContain('"client key: $SPIN_VARIABLE_VALID_AUTH_TOKENS"');
});
