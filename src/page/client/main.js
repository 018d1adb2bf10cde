// @ts-check
/// <reference lib="dom" />
/** The page at work. */

/** @import { View } from "./scene.js" */
import { createChart } from "./chart.js";
import { byId, setAttributes } from "./dom.js";
import { formatBytes } from "./bytes.js";
import { drawNew, nothingDrawn, setDrawn } from "./drawn.js";
import { follow } from "./feed.js";
import { readHistory } from "./history.js";
import { forget, mergeLook } from "./merge.js";
import { createEvents, showFigures, showState } from "./parts.js";
import { processesOf, sceneOf } from "./scene.js";
import { createTable } from "./table.js";

const CHECK_MS = 5000;

let model = readHistory(JSON.parse(byId("data").textContent ?? ""));
/** @type {View} */
let view = "processes";
const drawn = { processes: nothingDrawn(), instances: nothingDrawn() };
const title = document.title;
const live = JSON.parse(byId("live").textContent ?? "null");
/** So much time a live page shows: as much as it began with. */
const windowMs = model.until - model.since;

const events = createEvents();
const chart = createChart({
  onChoose: (cluster) => events.reveal(cluster.events.at(-1)),
  onZoom: (isZoomed) => setAttributes(byId("reset"), { disabled: !isZoomed }),
});
const table = createTable({
  onDraw(id, isDrawn) {
    const line = model.lines.get(id);
    const isWhole = view === "processes" && line?.parent === null;
    for (const one of isWhole ? line.children : line ? [line] : []) {
      setDrawn(drawn[view], one.id, isDrawn);
    }
    show();
  },
  onPoint: (id) => chart.focus(id),
});

/** Shows all as it is now. */
function show() {
  drawNew(drawn.instances, model.instances);
  drawNew(drawn.processes, processesOf(model));
  const isEmpty = model.instances.length === 0;
  byId("nothing").hidden = !isEmpty;
  for (const id of ["chart-part", "table-part"]) byId(id).hidden = isEmpty;
  showFigures(model);
  events.show(model.events);
  if (isEmpty) return;
  const scene = sceneOf(model, view, drawn[view]);
  const end = Math.max(model.lastAt, scene.times.at(-1) ?? model.lastAt);
  const start = Math.max(scene.times[0] ?? end, live ? end - windowMs : -Infinity);
  chart.show(scene, model.events, [start, end]);
  table.show(model, view, drawn[view]);
}

for (const name of /** @type {const} */ (["processes", "instances"])) {
  byId(name).addEventListener("click", () => {
    view = name;
    for (const id of ["processes", "instances"]) {
      setAttributes(byId(id), { "aria-pressed": String(id === name) });
    }
    show();
  });
}
byId("nearer").addEventListener("click", () => chart.act({ kind: "zoom", by: 0.5 }));
byId("farther").addEventListener("click", () => chart.act({ kind: "zoom", by: 2 }));
byId("reset").addEventListener("click", () => chart.act({ kind: "reset", by: 0 }));
show();

if (live !== null) goLive();

/** Takes what the server sends, for as long as the page is open. */
function goLive() {
  /** Whether something changed while nobody could see it. */
  let isStale = false;
  function changed() {
    const total = formatBytes(model.total);
    const worst = model.level && model.level !== "normal" ? `${model.level.toUpperCase()} ` : "";
    document.title = `${worst}${total} – ${title}`;
    isStale = document.hidden;
    if (!isStale) show();
  }
  const feed = follow(live, {
    onLook(look) {
      if (!mergeLook(model, look)) return;
      forget(model, look.at - windowMs);
      changed();
    },
    onDocument(next) {
      model = readHistory(next, model);
      changed();
    },
    onState: showState,
  }, {
    open: (url) => new EventSource(url),
    load: async (url) => {
      const answer = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(30_000) });
      if (!answer.ok) throw new Error(`The server answered ${answer.status}`);
      return await answer.json();
    },
    now: () => Date.now(),
    later: (then, ms) => setTimeout(then, ms),
  });
  setInterval(feed.check, CHECK_MS);
  for (const target of [document, globalThis]) {
    for (const type of ["visibilitychange", "pageshow", "online"]) {
      target.addEventListener(type, () => {
        feed.check();
        if (isStale && !document.hidden) changed();
      });
    }
  }
}
