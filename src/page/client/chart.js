// @ts-check
/// <reference lib="dom" />
/** The chart: a plot of a scene with signs below it, zoom, and keys. */

/** @import uPlot from "uplot" */
/** @import { Cluster } from "./alerts.js" */
/** @import { Happening } from "./history.js" */
/** @import { Action, Range } from "./keys.js" */
/** @import { Scene } from "./scene.js" */
import { clusters } from "./alerts.js";
import { readingOf } from "./bytes.js";
import { byId, setText } from "./dom.js";
import { actionOf, showing, within, zoomed } from "./keys.js";
import { plotOptions, STRIP } from "./plot.js";
import { createSigns } from "./signs.js";
import { onThemeChange, readTheme } from "./theme.js";
import { formatTime } from "./time.js";

/** A single point is shown in the middle of so much time. */
const LEAST_MS = 60_000;
/** Zoom ends here. */
const NEAREST_MS = 6000;
const MOST_READ_OUT = 5;
const NARROW = 640;

/**
 * @typedef {object} Chart
 * @property {(scene: Scene, events: readonly Happening[], whole: Range) => void} show
 * @property {(action: Action) => void} act
 * @property {(id: string | null) => void} focus brings a line to the front, or none
 */

/**
 * The chart in its place on the page, empty until it is shown something.
 * @param {{ onChoose(cluster: Cluster): void, onZoom(isZoomed: boolean): void }} heed
 * @returns {Chart}
 */
export function createChart({ onChoose, onZoom }) {
  const root = byId("chart");
  const signs = createSigns(onChoose);
  let theme = readTheme();
  /** @type {uPlot | null} */
  let u = null;
  /** @type {Scene | null} */
  let scene = null;
  /** @type {readonly Happening[]} */
  let events = [];
  /** @type {Range} */
  let whole = [0, 1];
  /** @type {Range | null} */
  let zoom = null;
  /** Tells plots apart that need other series. */
  let outline = "";

  /** @param {Range | null} next */
  function setZoom(next) {
    zoom = next && within(next, whole);
    const [min, max] = zoom ?? whole;
    u?.setScale("x", { min, max });
    onZoom(zoom !== null);
  }

  function build() {
    u?.destroy();
    const options = plotOptions({
      scene: () => /** @type {Scene} */ (scene),
      theme: () => theme,
      range: () => zoom ?? whole,
      zoom: setZoom,
    }, sizeIn(root));
    options.hooks?.draw?.push(showSigns);
    u = new /** @type {any} */ (globalThis).uPlot(options, dataOf(scene), root);
    u?.over.append(signs.element);
    /** @type {any} */ (root).uplot = u;
  }

  function showSigns() {
    if (u === null) return;
    const { clientWidth: width, clientHeight: height } = u.over;
    const leftOf = (/** @type {number} */ at) => u?.valToPos(at, "x") ?? -1;
    signs.show(clusters(events, leftOf, width, STRIP), width, height);
  }

  /** @param {number} by */
  function move(by) {
    if (u === null || scene === null) return;
    const { times } = scene;
    const start = u.cursor.idx ?? (by > 0 ? -1 : times.length);
    const index = Math.max(0, Math.min(times.length - 1, start + by));
    const at = times[index] ?? 0;
    if (zoom) setZoom(showing(zoom, at));
    point(at);
    setText(byId("said"), readOut(scene, index));
  }

  /** Once uPlot has taken the zoom over, which it does in a microtask. @param {number} at */
  function point(at) {
    queueMicrotask(() => {
      u?.setCursor({ left: u.valToPos(at, "x"), top: u.over.clientHeight / 2 });
    });
  }

  /** @param {Action} action */
  function act({ kind, by }) {
    if (kind === "reset") setZoom(null);
    else if (kind === "move") move(by);
    else {
      const [from, to] = zoom ?? whole;
      const at = scene?.times[u?.cursor.idx ?? -1] ?? (from + to) / 2;
      setZoom(zoomed([from, to], by, at, whole, NEAREST_MS));
      point(at);
    }
  }

  root.addEventListener("keydown", (event) => {
    const action = event.target === root ? actionOf(event) : null;
    if (action === null) return;
    event.preventDefault();
    act(action);
  });
  new ResizeObserver(() => u?.setSize(sizeIn(root))).observe(root);
  onThemeChange(() => {
    theme = readTheme();
    u?.setSize(sizeIn(root));
    u?.redraw(false);
  });

  return {
    act,
    show(next, happened, all) {
      [scene, events, whole] = [next, happened, padded(all)];
      if (zoom) zoom = within(zoom, whole);
      const drawn = outlineOf(next);
      if (drawn !== outline || u === null) build();
      else u.setData(dataOf(next));
      outline = drawn;
    },
    focus(id) {
      const index = scene?.entries.findIndex((entry) => entry.id === id) ?? -1;
      if (scene?.view === "processes") u?.setSeries(index < 0 ? null : index + 1, { focus: true });
    },
  };
}

/** @param {HTMLElement} root */
function sizeIn({ clientWidth }) {
  return { width: Math.max(240, clientWidth), height: clientWidth < NARROW ? 320 : 420 };
}

/**
 * A scene as uPlot takes it.
 * @param {Scene | null} scene
 */
function dataOf(scene) {
  return /** @type {any} */ ([scene?.times ?? [], ...scene?.columns ?? []]);
}

/** @param {Scene} scene */
function outlineOf({ view, entries }) {
  return JSON.stringify([view, entries.map(({ id, name, slot }) => [id, name, slot])]);
}

/**
 * What the cursor points at, for those who hear it.
 * @param {Scene} scene
 * @param {number} index
 */
function readOut({ times, entries }, index) {
  const read = entries.slice(0, MOST_READ_OUT)
    .map((entry) => `${entry.mark || entry.name} ${readingOf(entry, index)}`);
  return [formatTime(times[index] ?? 0), ...read].join(", ");
}

/**
 * A range that has a length.
 * @param {Range} range
 * @returns {Range}
 */
function padded([from, to]) {
  return to - from >= NEAREST_MS ? [from, to] : [from - LEAST_MS / 2, to + LEAST_MS / 2];
}
