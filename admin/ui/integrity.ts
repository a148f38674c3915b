/**
 * Vite plugin: writes the SHA-384 of each script and style into the page, so that a file changed on its
 * way is not run. It covers what the page names itself, not chunks that a script loads later.
 */
import { createHash } from "node:crypto";
import type { Plugin } from "vite";

const TAG_WITH_ASSET = /<(?:script|link)\b[^>]*?\b(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g;

export function integrity(): Plugin {
	return {
		name: "gempool:integrity",
		apply: "build",
		enforce: "post",
		generateBundle(_options, bundle) {
			const page = bundle["index.html"];
			if (page?.type !== "asset") throw new Error("the page is not in the bundle");
			page.source = String(page.source).replace(TAG_WITH_ASSET, (tag, name: string) => {
				const file = bundle[name];
				if (!file) throw new Error(`the page names ${name}, which was not built`);
				const content = file.type === "chunk" ? file.code : file.source;
				const hash = createHash("sha384").update(content).digest("base64");
				// Blocking, so that a chosen dark theme is there before the first paint.
				const blocking = name.endsWith(".js") ? ' blocking="render"' : "";
				return `${tag} integrity="sha384-${hash}"${blocking}`;
			});
		},
	};
}
