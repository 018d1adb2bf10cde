/** What a stream of server-sent events is made of: https://html.spec.whatwg.org/multipage/server-sent-events.html. */

import type { JsonObject } from "../report/json.ts";

/** The first lines of a stream: after a break it is tried again after so many milliseconds. */
export const BEGINNING = "retry: 3000\n\n";
/** Nothing new, and the stream lives: a comment for what stands between, an event for pages. */
export const PING = ": still here\n\nevent: ping\ndata: {}\n\n";

/** An event with one line of data: in JSON a line break within a text is two other characters. */
export function frameOf(event: string, id: string, data: JsonObject): string {
  return `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}
