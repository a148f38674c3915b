/** English, and by its type the list of everything that can be said: a language that lacks a line does not compile. */

export const en = {
	title: "gempool: many Gemini keys, one endpoint",
	skipToContent: "Skip to content",
	header: {
		home: "gempool, start page",
		language: "Language",
		theme: "Theme",
		themes: { system: "As the system", light: "Light", dark: "Dark" },
	},
	hero: {
		heading: "Many Gemini keys, one dependable endpoint.",
		purpose:
			"gempool speaks the OpenAI API and spreads requests over your Gemini keys. A key that meets its limit rests, and another one answers.",
	},
	health: {
		checking: "Checking the gateway",
		ok: "Serving",
		setupRequired: "Waiting for its settings",
		misconfigured: "A setting cannot be used",
		other: "Answers, but reports a problem",
		unreachable: "Not reachable",
		version: (version: string) => `Version ${version}`,
	},
	pool: {
		heading: "Pool",
		refreshed: "Live",
		refreshedDetail: (seconds: number) => `Refreshed every ${seconds} seconds while this page is visible`,
		stale: "Not current",
		total: "Keys",
		available: "Available",
		cooling: "Cooling",
		failed: "Failed",
		shareLabel: (available: string, cooling: string, failed: string) =>
			`${available} available, ${cooling} cooling, ${failed} failed`,
		strategy: (name: string) => `Order of keys: ${name}`,
		strategies: {
			weighted: "by weight",
			"round-robin": "in turn",
			random: "at random",
			"least-recently-used": "longest rested first",
			"fill-first": "one after the other",
		} as Record<string, string>,
		forget: "Forget client key",
		loading: "Asking for the state of the pool",
		slow: "The gateway is taking longer than usual. Still waiting.",
		allReady: "Every key is ready.",
		noKeys: "The pool has no keys yet. Add them with GEMINI_API_KEYS and restart.",
		noneAvailable: "No key is available for every model right now.",
	},
	cooling: {
		heading: "Cooling keys",
		allModels: "all models",
		returns: "Returns in",
		about: (duration: string) => `about ${duration}`,
		now: "any moment",
		showAll: (count: string) => `Show ${count}`,
		showFewer: "Show fewer",
		causes: {
			"minute-quota": "Limit per minute reached",
			"day-quota": "Limit per day reached",
			"rate-limited": "Too many requests",
			unexplained: "Too many requests, no reason given",
			"no-quota-for-model": "Tier has no quota for this model",
			"model-closed-to-new-users": "Model is closed to new projects",
			"service-disabled": "Gemini API is switched off in its project",
			"key-restricted": "Key is restricted",
			"free-tier-country": "No free tier in the owner's country",
			"credits-depleted": "Prepaid credits are used up",
			"expiry-reported": "Reported as expired once",
			fixed: "By the fixed times of this pool",
			"by-rule": "By a rule of this pool",
		} as Record<string, string>,
		unknownCause: "Not stated",
	},
	failed: {
		heading: "Failed keys",
		advice: "These are not tried again until they are replaced, pass a test, or are revived.",
		causes: {
			invalid: "Google does not know this key",
			expired: "Expired",
			"not-found": "Deleted",
			rejected: "Revoked, or a kind Google refuses",
			leaked: "Reported as public",
			suspended: "Key or project is suspended",
			"project-denied": "Project is banned",
			forbidden: "Refused (fixed times)",
			"by-rule": "By a rule of this pool",
		} as Record<string, string>,
	},
	keyForm: {
		label: "Client key",
		hint: "A key that opens a pool. It stays in this tab's memory and is gone when you close it.",
		submit: "Show status",
		missing: "Enter a client key first.",
		intro: "Enter a client key to see how your keys are doing.",
	},
	setup: {
		heading: "Almost ready",
		intro: (names: string) => `The gateway runs, but ${names} is not set. Set it and start again:`,
		introAll: "The gateway runs, but has no keys and lets nobody in yet. Set these and start again:",
		geminiKeys: "your Gemini API keys, separated by commas or new lines. Get one from",
		clientKeys: "the keys your tools will use. Make them up; the lines below do.",
		host: "gempool",
		spin: "Spin",
		runLabel: "How to start",
		misconfigured: "The gateway refuses to start serving because of a setting:",
	},
	terminal: "Terminal",
	call: {
		heading: "Call it",
		intro: "Anything that speaks the OpenAI API works. Give it this base URL and a client key.",
		baseUrl: "Base URL",
		examples: "Examples",
		keyNote: "The examples read your client key from a variable:",
		keyNoteCommand: "export GEMPOOL_KEY=your-client-key",
	},
	copy: {
		action: (what: string) => `Copy ${what}`,
		short: "Copy",
		copied: "Copied",
		selected: "Selected, now press Ctrl+C",
		failed: "Copying failed",
	},
	failure: {
		offline: {
			title: "The gateway cannot be reached",
			advice: "Check that it runs and that your network is up. This page keeps trying.",
		},
		timeout: (seconds: string) => ({
			title: `No answer within ${seconds} s`,
			advice: "The gateway is overloaded or stuck. This page keeps trying.",
		}),
		wrongKey: {
			title: "This client key is not valid",
			advice: "Check that it was copied whole.",
		},
		impossibleKey: {
			title: "This cannot be a client key",
			advice: "Client keys have only Latin letters, digits and signs, and no spaces.",
		},
		forbidden: {
			title: "This client key may not see the status",
			advice: "Use another one, or ask whoever runs the gateway.",
		},
		setupRequired: {
			title: "The gateway waits for its settings",
			advice: "Set GEMINI_API_KEYS and VALID_AUTH_TOKENS, then start it again.",
		},
		rateLimited: (wait: string | undefined) => ({
			title: "Too many questions",
			advice: wait === undefined ? "This page asks again shortly." : `The gateway asks to wait ${wait}.`,
		}),
		unreadable: {
			title: "The answer cannot be read",
			advice: "Something between this page and the gateway may have replaced it, a proxy for instance.",
		},
		refused: (status: string, message: string | undefined) => ({
			title: `The gateway answered ${status}`,
			advice: message ?? "Its log says more.",
		}),
		kept: "The numbers are from the last good answer.",
		retry: "Try again",
	},
	notFound: {
		heading: "There is no page at this address",
		advice: "The link may be old, or the page comes with a later version.",
		home: "To the start page",
	},
	duration: {
		hours: (hours: number, minutes: number) => `${hours} h ${pad(minutes)} min`,
		minutes: (minutes: number, seconds: number) => `${minutes} min ${pad(seconds)} s`,
		wholeMinutes: (minutes: number) => `${minutes} min`,
		seconds: (seconds: number) => `${seconds} s`,
	},
};

export type Messages = typeof en;

function pad(value: number): string {
	return String(value).padStart(2, "0");
}
