/** Server-sent events as a browser reads them: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream. */

export interface SentEvent {
  readonly type: string;
  /** The last one that was set, also by an event before. */
  readonly id: string;
  readonly data: string;
}

/** The events in the text of a stream. What is not whole yet is none. */
export function eventsIn(stream: string): SentEvent[] {
  const events: SentEvent[] = [];
  let [type, id] = ["", ""];
  let data: string[] = [];
  const lines = stream.split(/\r\n|\r|\n/);
  lines.pop();
  for (const line of lines) {
    if (line === "") {
      if (data.length > 0) events.push({ type: type || "message", id, data: data.join("\n") });
      type = "";
      data = [];
      continue;
    }
    const [, field = line, value = ""] = /^([^:]*): ?([^]*)$/.exec(line) ?? [];
    if (field === "event") type = value;
    if (field === "data") data.push(value);
    if (field === "id" && !value.includes("\0")) id = value;
  }
  return events;
}
