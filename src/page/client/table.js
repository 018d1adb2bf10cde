// @ts-check
/// <reference lib="dom" />
/** The table of instances and processes. */

/** @import { Column } from "./columns.js" */
/** @import { Drawn } from "./drawn.js" */
/** @import { Line, Model } from "./history.js" */
/** @import { View } from "./scene.js" */
import { COLUMNS, sorted, worstOf } from "./columns.js";
import { byId, el, setAttributes, setChildren, setText } from "./dom.js";
import { sign, swatch } from "./theme.js";
import { limitsOf } from "./stats.js";

/** Of more processes of an instance than this, the rest is shown when asked for. */
const MOST_CHILDREN = 10;

/**
 * @typedef {object} Row
 * @property {HTMLTableRowElement} element
 * @property {HTMLInputElement} box
 * @property {HTMLElement} swatch
 * @property {HTMLElement[]} cells one of each column but the first
 */

/**
 * @typedef {object} Heed
 * @property {(id: string, isDrawn: boolean) => void} onDraw
 * @property {(id: string | null) => void} onPoint
 */

/**
 * The table in its place on the page, empty until it is shown something.
 * @param {Heed} heed
 * @returns {{ show(model: Model, view: View, drawn: Drawn): void }}
 */
export function createTable(heed) {
  const body = el("tbody");
  const heads = COLUMNS.map((column) => headOf(column, () => sortBy(column)));
  const all = el("th", {}, el("span", { class: "unseen" }, "drawn"));
  byId("table").append(el("thead", {}, el("tr", {}, all, ...heads)), body);
  /** @type {Map<string, Row>} */
  const rows = new Map();
  /** @type {Map<string, HTMLTableRowElement>} */
  const rests = new Map();
  /** Instances all of whose processes are shown. @type {Set<string>} */
  const open = new Set();
  let by = /** @type {Column} */ (COLUMNS.find(({ id }) => id === "peak"));
  let isDown = true;
  let again = () => {};

  /** @param {Column} column */
  function sortBy(column) {
    isDown = column === by ? !isDown : column.id !== "name" && column.id !== "seen";
    by = column;
    again();
  }

  /** @param {string} id */
  function toggle(id) {
    if (!open.delete(id)) open.add(id);
    again();
  }

  /** @param {Line} line */
  function rowOf(line) {
    const row = rows.get(line.id) ?? makeRow(line, heed);
    rows.set(line.id, row);
    return row;
  }

  /** @param {Line} instance @param {number} many */
  function restOf({ id, mark }, many) {
    const row = rests.get(id) ?? makeRest(() => toggle(id));
    rests.set(id, row);
    const button = /** @type {Element} */ (row.querySelector("button"));
    setText(button, `${open.has(id) ? "Show fewer" : `Show ${many} more`} of ${mark}`);
    return row;
  }

  /** @param {Model} model @param {View} view @param {Drawn} drawn */
  function show(model, view, drawn) {
    again = () => show(model, view, drawn);
    for (const [i, column] of COLUMNS.entries()) {
      const order = isDown ? "descending" : "ascending";
      setAttributes(/** @type {Element} */ (heads[i]), {
        "aria-sort": column === by ? order : null,
      });
    }
    const elements = sorted(model.instances, by, isDown).flatMap((instance) => {
      const lines = [instance, ...sorted(instance.children, by, isDown)];
      const rest = lines.length - 1 - MOST_CHILDREN;
      const few = rest > 1 && !open.has(instance.id) ? lines.slice(0, MOST_CHILDREN + 1) : lines;
      for (const line of few) fill(rowOf(line), line, model, view, drawn);
      const shown = few.map((line) => rowOf(line).element);
      return rest > 1 ? [...shown, restOf(instance, rest)] : shown;
    });
    setChildren(body, elements);
  }

  return { show };
}

/**
 * A row, with all that stays as it is.
 * @param {Line} line
 * @param {Heed} heed
 * @returns {Row}
 */
function makeRow(line, { onDraw, onPoint }) {
  const { id, mark, about, parent } = line;
  const box = el("input", { type: "checkbox", "aria-label": `draw ${mark} ${about.name}` });
  box.addEventListener("change", () => onDraw(id, box.checked));
  const sample = el("span", { class: "sample" });
  const detail = about.cwd ?? about.command_line?.join(" ") ?? "";
  const who = el("div", { class: "who" }, el("b", { class: "mark" }, mark), sample);
  who.append(el("bdi", { class: "name", title: about.name }, about.name));
  who.append(el("span", {}, about.role), el("span", {}, String(about.pid)));
  who.append(el("bdi", { class: "detail", title: detail }, detail));
  const cells = COLUMNS.slice(1).map((column) => el("td", { class: column.id }));
  const head = el("th", { scope: "row" }, who);
  const kind = parent ? "process" : "instance";
  const element = el("tr", { class: kind }, el("td", {}, box), head, ...cells);
  element.addEventListener("mouseenter", () => onPoint(id));
  element.addEventListener("mouseleave", () => onPoint(null));
  return { element, box, swatch: sample, cells };
}

/** @param {() => void} onToggle */
function makeRest(onToggle) {
  const button = el("button", { type: "button", class: "quiet" });
  button.addEventListener("click", onToggle);
  return el("tr", { class: "rest" }, el("td"), el("td", { colspan: COLUMNS.length }, button));
}

/**
 * @param {Column} column
 * @param {() => void} onSort
 */
function headOf({ id, label, title }, onSort) {
  const button = el("button", { type: "button", title }, label);
  button.addEventListener("click", onSort);
  return el("th", { scope: "col", class: id }, button);
}

/**
 * What changes in a row.
 * @param {Row} row
 * @param {Line} line
 * @param {Model} model
 * @param {View} view
 * @param {Drawn} drawn
 */
function fill({ element, box, swatch: sample, cells }, line, model, view, drawn) {
  const isArea = view === "instances";
  const lines = line.parent || isArea ? [line] : line.children;
  const many = lines.filter(({ id }) => drawn.slots.has(id)).length;
  box.disabled = isArea && line.parent !== null;
  box.checked = many > 0 && many === lines.length;
  box.indeterminate = many > 0 && many < lines.length;
  const slot = drawn.slots.get(line.id) ?? null;
  if (sample.dataset.look !== `${view}${slot}`) sample.replaceChildren(swatch(slot, isArea));
  sample.dataset.look = `${view}${slot}`;
  const { thresholds, level: now } = model;
  element.classList.toggle("gone", now !== null && !line.isThere);
  const isJudged = (thresholds.scope === "instance") === (line.parent === null);
  element.classList.toggle("judged", isJudged);
  const worst = isJudged ? worstOf(line, limitsOf(thresholds, line.about.role)) : null;
  for (const [i, { id, say }] of COLUMNS.slice(1).entries()) {
    const cell = /** @type {HTMLElement} */ (cells[i]);
    const text = say(line);
    if (cell.dataset.text === `${text}${worst}`) continue;
    cell.dataset.text = `${text}${worst}`;
    const level = worst && el("span", { class: "unseen" }, `over ${worst}: `);
    cell.replaceChildren(...(id === "peak" && level ? [sign(worst), level] : []), text);
  }
}
