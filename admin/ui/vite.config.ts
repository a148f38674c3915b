/** How the page is built. It does not decide caching or headers: the component that serves it does. */
import { defineConfig } from "vite";
import { integrity } from "./integrity.ts";
import { mockApi } from "./mock/plugin.ts";

export default defineConfig({
	plugins: [integrity(), mockApi()],
	build: {
		// A `data:` URL has no cache entry of its own and would need a wider content policy.
		assetsInlineLimit: 0,
		// The polyfill only matters to browsers older than this page's CSS.
		modulePreload: { polyfill: false },
		sourcemap: false,
	},
});
