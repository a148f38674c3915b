/** A message in the flow of a page, with what to do about it. */
import type { ComponentChildren } from "preact";
import { Icon } from "./icon.tsx";
import "./notice.css";

interface NoticeProps {
	tone: "problem" | "patience";
	title: string;
	children?: ComponentChildren;
}

export function Notice({ tone, title, children }: NoticeProps) {
	return (
		<div class={`notice notice-${tone}`} role={tone === "problem" ? "alert" : "status"}>
			<Icon name="alert" />
			<div>
				<strong>{title}</strong>
				{children}
			</div>
		</div>
	);
}
