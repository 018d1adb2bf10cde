/** Answers of the server, with the headers that all of them have. */

import type { ServerAnswer } from "../world.ts";

/** What every answer forbids: to be kept, guessed at, framed, or read by a page from elsewhere. */
const EVERYWHERE = {
  "Cache-Control": "no-store",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
} as const;

/** What is no page loads nothing. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";

export const JSON_TYPE = "application/json";
export const HTML_TYPE = "text/html; charset=utf-8";
export const SSE_TYPE = "text/event-stream";

export type Headers = Readonly<Record<string, string>>;

/** An answer of this type. `policy`: its Content-Security-Policy, if it is a page. */
export function answerOf(
  status: number,
  type: string,
  body: ServerAnswer["body"],
  more: Headers = {},
  policy: string = NOTHING,
): ServerAnswer {
  const headers = {
    "Content-Type": type,
    "Content-Security-Policy": policy,
    ...EVERYWHERE,
    ...more,
  };
  return { status, headers, body };
}

/** Why a request gets nothing, as JSON. */
export function refusalOf(status: number, message: string, more: Headers = {}): ServerAnswer {
  const error = { type: "error", status, message };
  return answerOf(status, JSON_TYPE, `${JSON.stringify(error)}\n`, more);
}
