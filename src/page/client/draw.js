// @ts-check
/// <reference lib="dom" />
/** What is drawn on the canvas besides lines and areas: holes, limits, and the marks of series. */

/** @import uPlot from "uplot" */
/** @import { Scene } from "./scene.js" */
/** @import { Theme } from "./theme.js" */
import { formatBytes } from "./bytes.js";
import { spread } from "./looks.js";
import { colourOf } from "./theme.js";

const FAMILY = "system-ui, sans-serif";
/** An area that is lower than this has no room for its mark. */
const LEAST_ROOM = 13;
/** Room for a mark to the left and right, and for the words on a hole. */
const MARK_WIDTH = 24;
const HOLE_WIDTH = 76;

/**
 * Runs with pixels of the page as the unit, and nothing drawn outside of the plot, but for its right side.
 * @param {uPlot} u
 * @param {(canvas: CanvasRenderingContext2D, box: { left: number, top: number, width: number, height: number }) => void} draw
 */
function inPlot({ ctx, bbox }, draw) {
  const ratio = devicePixelRatio;
  const [left, top, width, height] = [bbox.left, bbox.top, bbox.width, bbox.height]
    .map((size) => size / ratio);
  const box = { left: left ?? 0, top: top ?? 0, width: width ?? 0, height: height ?? 0 };
  ctx.save();
  ctx.scale(ratio, ratio);
  ctx.beginPath();
  ctx.rect(box.left, box.top - 6, box.width + 60, box.height + 12);
  ctx.clip();
  ctx.setLineDash([]);
  ctx.textAlign = "left";
  draw(ctx, box);
  ctx.restore();
}

/**
 * Shades the time in which nothing was read.
 * @param {uPlot} u
 * @param {Scene} scene
 * @param {Theme} theme
 */
export function drawHoles(u, { holes }, theme) {
  inPlot(u, (canvas, { left, top, width, height }) => {
    canvas.font = `11px ${FAMILY}`;
    canvas.textAlign = "center";
    for (const [from, to] of holes) {
      const start = Math.max(0, u.valToPos(from, "x"));
      const end = Math.min(width, u.valToPos(to, "x"));
      if (end <= start) continue;
      canvas.globalAlpha = 0.45;
      canvas.fillStyle = theme.rule;
      canvas.fillRect(left + start, top, end - start, height);
      canvas.globalAlpha = 1;
      canvas.fillStyle = theme.soft;
      const middle = left + (start + end) / 2;
      if (end - start > HOLE_WIDTH) canvas.fillText("no readings", middle, top + height - 8);
    }
  });
}

/**
 * Lines at the limits, with what they are; of limits that are higher than the plot, only that. In a stack, whose
 * heights are no single process's or instance's, they hold back.
 * @param {uPlot} u
 * @param {Scene} scene
 * @param {Theme} theme
 */
export function drawLimits(u, { limits, view }, theme) {
  const isStack = view === "instances";
  inPlot(u, (canvas, { left, top, width, height }) => {
    canvas.font = `11px ${FAMILY}`;
    canvas.textBaseline = "bottom";
    canvas.lineWidth = isStack ? 1 : 1.25;
    const wanted = limits.map(({ bytes }) => Math.max(14, u.valToPos(bytes, "y") - 2));
    const places = spread(wanted, 13, height);
    for (const [i, { level, bytes, label }] of limits.entries()) {
      const y = u.valToPos(bytes, "y");
      canvas.strokeStyle = canvas.fillStyle = isStack ? theme.soft : theme[level];
      canvas.setLineDash(isStack ? [1, 4] : level === "critical" ? [] : [6, 4]);
      if (y >= 0) line(canvas, left, top + y, left + width);
      const text = `${y < 0 ? "↑ " : ""}${formatBytes(bytes)} ${label}`;
      write(canvas, theme.page, text, left + 6, top + (places[i] ?? 0));
    }
  });
}

/**
 * The marks of series: of a line where it ends, of an area where it is highest.
 * @param {uPlot} u
 * @param {Scene} scene
 * @param {Theme} theme
 */
export function drawMarks(u, scene, theme) {
  inPlot(u, (canvas, box) => {
    canvas.font = `600 11px ${FAMILY}`;
    canvas.textBaseline = "middle";
    const [from, to] = visible(u);
    if (scene.view === "instances") markAreas(canvas, u, scene, theme, box, from, to);
    else markLines(canvas, u, scene, theme, box, from, to);
  });
}

/**
 * The indices of the first and the last time in sight.
 * @param {uPlot} u
 * @returns {[number, number]}
 */
function visible({ data: [times], scales }) {
  const { min = 0, max = 0 } = scales.x ?? {};
  const from = times.findIndex((time) => time >= (min ?? 0));
  const to = times.findLastIndex((time) => time <= (max ?? 0));
  return [from < 0 ? times.length : from, to];
}

/** @typedef {{ left: number, top: number, width: number, height: number }} Box */

/**
 * @param {CanvasRenderingContext2D} canvas
 * @param {uPlot} u
 * @param {Scene} scene
 * @param {Theme} theme
 * @param {Box} box
 * @param {number} from
 * @param {number} to
 */
function markLines(canvas, u, { entries, times }, theme, { left, top, height }, from, to) {
  const ends = entries.flatMap((entry, e) => {
    if (!u.series[e + 1]?.show) return [];
    let i = to;
    while (i >= from && entry.heights[i] === null) i--;
    const bytes = entry.heights[i];
    if (i < from || bytes === null || bytes === undefined) return [];
    return [{ entry, x: u.valToPos(times[i] ?? 0, "x"), y: u.valToPos(bytes, "y") }];
  });
  for (const { entry, x, y } of ends) {
    const near = ends.filter((other) => Math.abs(other.x - x) < MARK_WIDTH);
    const places = spread(near.map((other) => other.y), 12, height - 2);
    const colour = colourOf(theme, entry.slot);
    const place = places[near.findIndex((other) => other.entry === entry)] ?? y;
    canvas.strokeStyle = colour;
    canvas.globalAlpha = 0.5;
    canvas.lineWidth = 1;
    line(canvas, left + x, top + y, left + x + 7, top + place);
    canvas.globalAlpha = 1;
    canvas.fillStyle = theme.ink;
    write(canvas, theme.page, entry.mark, left + x + 9, top + place);
  }
}

/**
 * @param {CanvasRenderingContext2D} canvas
 * @param {uPlot} u
 * @param {Scene} scene
 * @param {Theme} theme
 * @param {Box} box
 * @param {number} from
 * @param {number} to
 */
function markAreas(canvas, u, { entries, columns, times }, theme, { left, top, width }, from, to) {
  canvas.textAlign = "center";
  const start = u.posToVal(MARK_WIDTH / 2, "x");
  const end = u.posToVal(width - MARK_WIDTH / 2, "x");
  const side = Math.ceil((to - from) * MARK_WIDTH / 2 / width);
  for (const [e, { mark, name, slot, heights, id }] of entries.entries()) {
    if (id === "total") continue;
    const roomAt = (/** @type {number} */ i) => {
      return Math.min(heights[i - side] ?? 0, heights[i] ?? 0, heights[i + side] ?? 0);
    };
    let best = -1;
    for (let i = from; i <= to; i++) {
      const time = times[i] ?? 0;
      if (time >= start && time <= end && roomAt(i) > (best < 0 ? 0 : roomAt(best))) best = i;
    }
    const upper = u.valToPos(columns[e]?.[best] ?? 0, "y");
    const lower = u.valToPos((columns[e]?.[best] ?? 0) - (heights[best] ?? 0), "y");
    if (best < 0 || lower - upper < LEAST_ROOM) continue;
    canvas.fillStyle = slot === null ? theme.soft : theme.ink;
    const x = left + u.valToPos(times[best] ?? 0, "x");
    write(canvas, theme.page, mark || name, x, top + (upper + lower) / 2);
  }
}

/**
 * @param {CanvasRenderingContext2D} canvas
 * @param {number} x
 * @param {number} y
 * @param {number} toX
 * @param {number} [toY]
 */
function line(canvas, x, y, toX, toY = y) {
  canvas.beginPath();
  canvas.moveTo(x, y);
  canvas.lineTo(toX, toY);
  canvas.stroke();
}

/**
 * Text with a rim of the page's colour, so that it can be read on whatever is below it.
 * @param {CanvasRenderingContext2D} canvas
 * @param {string} rim
 * @param {string} text
 * @param {number} x
 * @param {number} y
 */
function write(canvas, rim, text, x, y) {
  canvas.save();
  canvas.setLineDash([]);
  canvas.strokeStyle = rim;
  canvas.lineWidth = 3;
  canvas.lineJoin = "round";
  canvas.strokeText(text, x, y);
  canvas.restore();
  canvas.fillText(text, x, y);
}
