/** The few drawings of the page, as SVG elements: no icon font, no request. All are decoration for a label. */

const PATHS = {
	sun: "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6 16 16M16 4l-1.4 1.4M5.4 14.6 4 16",
	moon: "M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3Z",
	monitor: "M2.5 4h15v9.5h-15zM7 17h6M10 13.5V17",
	copy: "M7 7h9.5v9.5H7zM4 13H3.5V3.5H13V4",
	check: "m4 10.5 4 4 8-9",
	alert: "M10 2.8 18 16.5H2ZM10 8v4M10 14.2v.1",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
	return (
		<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
			<path d={PATHS[name]} />
		</svg>
	);
}

/** The mark of the product; the same drawing as `favicon.svg`. */
export function Mark() {
	return (
		<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
			<rect width="32" height="32" rx="7" />
			<path d="M8.5 8.5c6 0 5 7.5 11 7.5M8.5 23.5c6 0 5-7.5 11-7.5M8.5 16h11" />
			<circle cx="8" cy="8.5" r="2.6" />
			<circle cx="8" cy="16" r="2.6" />
			<circle cx="8" cy="23.5" r="2.6" />
			<circle class="mark-out" cx="23" cy="16" r="4.2" />
		</svg>
	);
}
