// @ts-check
/// <reference lib="dom" />
/** A scene as options of uPlot. */

/** @import uPlot from "uplot" */
/** @import { Entry, Scene } from "./scene.js" */
/** @import { Theme } from "./theme.js" */
/** @import { Range } from "./keys.js" */
import { byteSplits, formatBytes, readingOf } from "./bytes.js";
import { el } from "./dom.js";
import { drawHoles, drawLimits, drawMarks } from "./draw.js";
import { lookOf } from "./looks.js";
import { colourOf, fillOf, swatch } from "./theme.js";
import { formatTime, timeLabels } from "./time.js";

/** Limits that are higher than so many times the data are named, but don't press the data down. */
const LIMIT_REACH = 1.6;
const FONT = "12px system-ui, sans-serif";
/** Room below the plot for signs, above the times. */
export const STRIP = 20;

/**
 * What a plot asks for whenever it draws.
 * @typedef {object} Source
 * @property {() => Scene} scene
 * @property {() => Theme} theme
 * @property {() => Range} range of time that is shown
 * @property {(range: Range | null) => void} zoom
 */

/**
 * The options of a plot of the scene that there is now: another one needs another plot if its series are others.
 * @param {Source} source
 * @param {{ width: number, height: number }} size
 * @returns {uPlot.Options}
 */
export function plotOptions(source, size) {
  const { scene, theme } = source;
  const isStack = scene().view === "instances";
  const { entries } = scene();
  return {
    ...size,
    class: isStack ? "stack" : "lines",
    ms: 1,
    padding: [10, isStack ? 12 : 34, 0, 0],
    legend: { markers: { show: false } },
    focus: { alpha: isStack ? 1 : 0.25 },
    cursor: {
      y: false,
      focus: { prox: isStack ? -1 : 24 },
      drag: { x: true, y: false, setScale: false, dist: 4 },
      bind: {
        // A click in the legend hides a line; of a stack, it would hide what others stand on.
        click: (_u, _target, then) => isStack ? null : then,
        dblclick: () => () => (source.zoom(null), null),
      },
    },
    scales: {
      x: { time: true, range: () => [...source.range()] },
      y: { range: (_u, _least, most) => [0, topOf(scene(), most)] },
    },
    axes: [timeAxis(theme), bytesAxis(theme)],
    series: [timeSeries(), ...entries.map((_, i) => seriesOf(source, i))],
    bands: isStack
      ? entries.slice(2).map((_, i) => ({
        series: [i + 2, i + 1],
        fill: (u) => fillOf(theme(), entries[i + 1]?.slot ?? null, u.ctx),
      }))
      : [],
    hooks: {
      drawClear: [(u) => drawHoles(u, scene(), theme())],
      draw: [(u) => drawLimits(u, scene(), theme()), (u) => drawMarks(u, scene(), theme())],
      setSelect: [(u) => {
        const { left, width } = u.select;
        if (width < 4) return;
        u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        source.zoom([u.posToVal(left, "x"), u.posToVal(left + width, "x")]);
      }],
    },
  };
}

/** @returns {uPlot.Series} */
function timeSeries() {
  return { label: "time", value: (u, ms) => formatTime(ms ?? u.data[0].at(-1) ?? 0) };
}

/**
 * The end of the axis of bytes.
 * @param {Scene} scene
 * @param {number | null} most
 */
function topOf({ limits, view }, most) {
  const data = Math.max(most ?? 0, 1);
  const near = view === "instances" ? [] : limits.map(({ bytes }) => bytes)
    .filter((bytes) => bytes <= data * LIMIT_REACH);
  return byteSplits(Math.max(data * 1.04, ...near.map((b) => b * 1.04)), 6).at(-1) ?? 1;
}

/**
 * @param {() => Theme} theme
 * @returns {uPlot.Axis}
 */
function timeAxis(theme) {
  return {
    stroke: () => theme().soft,
    font: FONT,
    gap: STRIP + 2,
    size: STRIP + 42,
    space: 64,
    grid: { show: false },
    ticks: { stroke: () => theme().rule, size: 4, width: 1 },
    values: (_u, splits, _axis, _space, apart) => timeLabels(splits, apart),
  };
}

/**
 * @param {() => Theme} theme
 * @returns {uPlot.Axis}
 */
function bytesAxis(theme) {
  return {
    stroke: () => theme().soft,
    font: FONT,
    size: 66,
    gap: 6,
    grid: { stroke: () => theme().rule, width: 1 },
    ticks: { show: false },
    splits: (u, _axis, _min, max) => byteSplits(max, Math.max(2, Math.min(6, u.height / 60))),
    values: (_u, splits) => splits.map(formatBytes),
  };
}

/**
 * @param {Source} source
 * @param {number} index
 * @returns {uPlot.Series}
 */
function seriesOf({ scene, theme }, index) {
  const { view, entries } = scene();
  const entry = /** @type {Entry} */ (entries[index]);
  const isStack = view === "instances";
  const isTotal = isStack && index === entries.length - 1;
  const dash = isStack || entry.slot === null ? [] : lookOf(entry.slot).dash;
  const colour = () => isTotal ? theme().ink : colourOf(theme(), entry.slot);
  /** @type {uPlot.Series} */
  const series = {
    label: /** @type {any} */ (legendLabel(entry, isStack)),
    width: isStack ? 1 : 1.75,
    stroke: colour,
    dash: dash.map((length) => length * devicePixelRatio),
    points: { ...pointsOf(() => scene().entries[index], isStack), fill: colour, size: 5 },
    value: (u) => readingOf(/** @type {Entry} */ (scene().entries[index]), u.cursor.idx),
  };
  if (isStack && index === 0) series.fill = (u) => fillOf(theme(), entry.slot, u.ctx);
  return series;
}

/**
 * Points are drawn of a line that has room for them, and in any case where they stand alone.
 * @param {() => Entry | undefined} entry
 * @param {boolean} isStack
 * @returns {uPlot.Series.Points}
 */
function pointsOf(entry, isStack) {
  return {
    ...(isStack ? { show: () => false } : {}),
    filter: (_u, _i, show) => show ? null : lonely(entry()?.heights ?? []),
  };
}

/**
 * Points with nothing on either side, which make no line.
 * @param {ArrayLike<number | null | undefined>} values
 * @returns {number[] | null}
 */
function lonely(values) {
  const found = [];
  for (let i = 0; i < values.length; i++) {
    const [before, value, after] = [
      values[i - 1] ?? null,
      values[i] ?? null,
      values[i + 1] ?? null,
    ];
    if (before === null && value !== null && after === null) found.push(i);
  }
  return found.length > 0 ? found : null;
}

/**
 * @param {Entry} entry
 * @param {boolean} isStack
 */
function legendLabel({ mark, name, slot }, isStack) {
  const label = el("span", { class: "key", title: name });
  if (slot !== null) label.append(swatch(slot, isStack));
  if (mark) label.append(el("b", {}, mark));
  label.append(el("bdi", {}, name));
  return label;
}
