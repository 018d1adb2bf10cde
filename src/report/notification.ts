/** Notifications on the desktop: the texts are arguments, never part of a script. */

import type { Os } from "../types.ts";
import type { Order } from "../world.ts";
import type { EventRecord } from "./event.ts";

/** `display notification` of macOS's Standard Additions; the texts arrive as `argv`. */
const OSASCRIPT = [
  "on run argv",
  "display notification (item 2 of argv) with title (item 1 of argv)",
  "end run",
].map((line) => `-e '${line}'`).join(" ");

const SCRIPTS: Readonly<Record<Os, string>> = {
  darwin: `exec osascript ${OSASCRIPT} "$1" "$2"`,
  linux: 'exec notify-send --app-name=ocmem --urgency="$0" -- "$1" "$2"',
};

/** The order that shows an event, or null for one that nobody needs to be called for. */
export function notificationOf(
  { kind, message, standing }: EventRecord,
  os: Os,
): Pick<Order, "script" | "args"> | null {
  if (kind === "found" || kind === "gone" || kind === "gap") return null;
  const level = standing?.level ?? "normal";
  const title = kind === "level" || kind === "reminder" ? `ocmem: ${level}` : `ocmem: ${kind}`;
  const body = os === "linux" ? escapeMarkup(message) : message;
  return { script: SCRIPTS[os], args: [level === "critical" ? "critical" : "normal", title, body] };
}

/** The body of a desktop notification is markup (Desktop Notifications Specification). */
function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
