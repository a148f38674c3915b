/** Vite plugin: answers the gateway's paths during `npm run dev` and `npm run preview`. Never part of a build. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Connect, Plugin } from "vite";
import { answerHealth, answerStatus, type MockAnswer } from "./pool.ts";

export function mockApi(): Plugin {
	return {
		name: "gempool:mock-api",
		configureServer: (server) => {
			server.middlewares.use(handle);
		},
		configurePreviewServer: (server) => {
			server.middlewares.use(handle);
		},
	};
}

function handle(request: IncomingMessage, response: ServerResponse, next: Connect.NextFunction): void {
	switch (request.url) {
		case "/health":
			send(answerHealth(process.env["MOCK"]), response);
			return;
		case "/v1/status":
			send(answerStatus(request.headers.authorization?.replace(/^Bearer /, "")), response);
			return;
		default:
			next();
	}
}

function send(answer: MockAnswer, response: ServerResponse): void {
	switch (answer.kind) {
		case "hang-up":
			response.destroy();
			return;
		case "text":
			response.writeHead(answer.status, { "content-type": "text/html" }).end(answer.body);
			return;
		case "json":
			setTimeout(() => {
				response
					.writeHead(answer.status, { "content-type": "application/json", ...answer.headers })
					.end(JSON.stringify(answer.body));
			}, answer.delayMs ?? 0);
	}
}
