// @ts-check
/// <reference lib="dom" />
/** The colours of the style sheet, for canvases; swatches and signs, for the rest of the page. */

import { svg } from "./dom.js";
import { COLOURS, lookOf, TILE } from "./looks.js";

/**
 * @typedef {object} Theme
 * @property {string} page
 * @property {string} ink
 * @property {string} soft
 * @property {string} rule
 * @property {string} warning
 * @property {string} critical
 * @property {string[]} series
 * @property {Map<string, CanvasPattern | string>} fills that were made already
 */

/**
 * The colours that are in force now.
 * @returns {Theme}
 */
export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const of = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return {
    page: of("page"),
    ink: of("ink"),
    soft: of("soft"),
    rule: of("rule"),
    warning: of("warning"),
    critical: of("critical"),
    series: Array.from({ length: COLOURS }, (_, i) => of(`s${i}`)),
    fills: new Map(),
  };
}

/** What a theme depends on. */
const QUERIES = ["(prefers-color-scheme: dark)", "(forced-colors: active)", "print"];

/**
 * Calls back whenever other colours are in force, also on the way to paper and back.
 * @param {() => void} then
 */
export function onThemeChange(then) {
  for (const query of QUERIES) matchMedia(query).addEventListener("change", then);
}

/**
 * The colour of a slot; of none, that of less important text.
 * @param {Theme} theme
 * @param {number | null} slot
 * @returns {string}
 */
export function colourOf({ series, soft }, slot) {
  return slot === null ? soft : series[lookOf(slot).colour] ?? soft;
}

/**
 * What an area is filled with: its colour, thinly, and its texture.
 * @param {Theme} theme
 * @param {number | null} slot
 * @param {CanvasRenderingContext2D} canvas
 * @returns {CanvasPattern | string}
 */
export function fillOf(theme, slot, canvas) {
  const ratio = Math.max(1, Math.round(devicePixelRatio));
  const key = `${slot}/${ratio}`;
  const known = theme.fills.get(key);
  if (known !== undefined) return known;
  const tile = document.createElement("canvas");
  tile.width = tile.height = TILE * ratio;
  const context = tile.getContext("2d");
  const colour = colourOf(theme, slot);
  if (context === null) return colour;
  context.scale(ratio, ratio);
  context.fillStyle = context.strokeStyle = colour;
  context.globalAlpha = 0.2;
  context.fillRect(0, 0, TILE, TILE);
  context.globalAlpha = 0.55;
  if (slot !== null) context.stroke(new Path2D(lookOf(slot).texture));
  const fill = canvas.createPattern(tile, "repeat") ?? colour;
  theme.fills.set(key, fill);
  return fill;
}

/**
 * A sample of a line or of an area; nothing for what is not drawn.
 * @param {number | null} slot
 * @param {boolean} isArea
 * @returns {SVGElement}
 */
export function swatch(slot, isArea) {
  const box = { class: "swatch", viewBox: `0 0 ${3 * TILE} ${TILE}`, "aria-hidden": "true" };
  if (slot === null) return svg("svg", box);
  const { colour, dash, texture } = lookOf(slot);
  const tiles = isArea
    ? [0, 1, 2].map((i) => svg("path", { d: texture, transform: `translate(${i * TILE})` }))
    : [svg("path", { d: `M0 ${TILE / 2}H${3 * TILE}`, "stroke-dasharray": dash.join(" ") })];
  const kind = isArea ? "area" : "line";
  return svg("svg", { ...box, class: `swatch ${kind} s${colour}` }, ...tiles);
}

/** Outlines in a box of 12 × 12: what a sign means is said by its shape, too. */
const SIGNS = new Map([
  ["critical", "M6 1L11.5 11H.5Z"],
  ["warning", "M6 2L10.7 10.5H1.3Z"],
  ["growth", "M1 9L4.5 5.5L6.5 7.5L11 2M7.5 2H11V5.5"],
  ["duplicates", "M1.5 4.5H7.5V10.5H1.5ZM4.5 4.5V1.5H10.5V7.5H7.5"],
  ["gap", "M2.5 2V10M9.5 2V10M5 6H7"],
]);

/**
 * The sign of an alert; empty for what has none.
 * @param {string | null} name
 * @returns {SVGElement}
 */
export function sign(name) {
  const outline = SIGNS.get(name ?? "");
  const box = { class: `sign ${outline ? name : ""}`, viewBox: "0 0 12 12", "aria-hidden": "true" };
  return outline ? svg("svg", box, svg("path", { d: outline })) : svg("svg", box);
}
