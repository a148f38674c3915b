// Where the product is and what it is asked for; tests/it/client_libraries.rs sets it. The task is the one
// of tests/python/support.py: two functions, called at once because the prompt names both.
export const url = process.env.GEMPOOL_URL;
export const key = process.env.GEMPOOL_KEY;
export const otherKey = process.env.GEMPOOL_OTHER_KEY;
export const wrongKey = "sk-pool-not-this-one";
export const model = process.env.GEMPOOL_MODEL;
export const exhaustedModel = process.env.GEMPOOL_EXHAUSTED_MODEL;
export const agentModel = process.env.GEMPOOL_AGENT_MODEL;
export const embeddingModel = process.env.GEMPOOL_EMBEDDING_MODEL;

export const hello = "Say hello to the SDK";
export const task = "Please call get_weather and get_time for Paris, then tell me both.";
export const results = {
	get_weather: { sky: "cloudless" },
	get_time: { clock: "half past four" },
};
export const citySchema = {
	type: "object",
	properties: { city: { type: "string", description: "Name of the city" } },
	required: ["city"],
	additionalProperties: false,
};
export const pngBase64 =
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

/** Both results are in the agent's last text. */
export function holdsResults(text) {
	return text.includes("cloudless") && text.includes("half past four");
}
