// @ts-check
/// <reference lib="dom" />
/** What stands around the chart and the table: figures, the list of events, the state of a live page. */

/** @import { Happening, Model } from "./history.js" */
/** @import { State } from "./feed.js" */
import { signOf } from "./alerts.js";
import { formatBytes } from "./bytes.js";
import { byId, el, setChildren, setText } from "./dom.js";
import { sign } from "./theme.js";
import { formatDuration, formatMinute, formatTime, zoneAt } from "./time.js";

/** So many events are listed at first. */
const MOST_EVENTS = 50;

/**
 * The figures at the top, and what the page is of.
 * @param {Model} model
 */
export function showFigures(model) {
  const { document: { host, step_ms, tool, taken_at }, instances, lines, peak, until } = model;
  const hosts = [...new Set(instances.map(({ about }) => about.host))].filter(Boolean).join(", ");
  const system = `${hosts || "this machine"} (${host.os} ${host.arch})`;
  const span = `${formatMinute(model.since)} – ${formatMinute(until)}`;
  setText(byId("about"), [system, span, zoneAt(until)].join(" · "));
  const peakAt = peak.at === null ? "" : formatTime(peak.at);
  const figures = {
    total: [formatBytes(model.total), `at ${formatTime(model.lastAt || until)}`],
    peak: [formatBytes(peak.bytes), peakAt],
    instances: [String(instances.length), `with ${lines.size - instances.length} processes`],
    alerts: [String(model.alerts), ""],
    looks: [String(model.looks), step_ms ? `a point for each ${formatDuration(step_ms)}` : ""],
  };
  for (const [name, [figure = "", note = ""]] of Object.entries(figures)) {
    const [value, small] = byId(`figure-${name}`).querySelectorAll("strong, small");
    if (value) setText(value, figure);
    if (small) setText(small, note);
  }
  const made = `ocmem ${tool.version}, ${formatTime(Date.parse(taken_at))}`;
  const highest = step_ms ? " Each point is the highest reading of its time." : "";
  setText(byId("made"), `Made by ${made}.${highest}`);
}

/**
 * The list of events, the newest first.
 * @returns {{ show(events: readonly Happening[]): void, reveal(event: Happening | undefined): void }}
 */
export function createEvents() {
  const list = byId("events");
  const more = byId("more-events");
  /** @type {Map<Happening, HTMLElement>} */
  const items = new Map();
  /** @type {readonly Happening[]} */
  let all = [];
  let isOpen = false;

  /** @param {Happening} happening */
  function itemOf(happening) {
    const kind = signOf(happening);
    const at = Date.parse(happening.at);
    const time = el("time", { datetime: happening.at }, formatTime(at));
    const text = el("bdi", {}, happening.message);
    const item = el("li", { class: kind ?? "other", tabindex: -1 }, time, sign(kind), text);
    items.set(happening, item);
    return item;
  }

  /** @param {readonly Happening[]} events */
  function show(events) {
    all = events;
    const count = isOpen ? events.length : Math.min(events.length, MOST_EVENTS);
    const shown = events.slice(events.length - count).reverse();
    const there = new Set(shown);
    for (const old of items.keys()) if (!there.has(old)) items.delete(old);
    setChildren(list, shown.map((happening) => items.get(happening) ?? itemOf(happening)));
    more.hidden = count === events.length;
    setText(more, `Show all ${events.length} events`);
    byId("no-events").hidden = events.length > 0;
  }

  more.addEventListener("click", () => {
    isOpen = true;
    show(all);
  });
  return {
    show,
    reveal(event) {
      if (event === undefined) return;
      if (!items.has(event)) isOpen = true;
      show(all);
      items.get(event)?.focus();
    },
  };
}

/** @type {Readonly<Record<State, string>>} */
const STATES = {
  connecting: "connecting …",
  live: "live",
  quiet: "nothing heard for ",
  lost: "connection lost, trying again",
};

/**
 * How the stream does.
 * @param {State} state
 * @param {number} silentMs
 */
export function showState(state, silentMs) {
  const place = byId("state");
  place.dataset.state = state;
  setText(place, STATES[state] + (state === "quiet" ? formatDuration(silentMs) : ""));
}
