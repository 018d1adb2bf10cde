// @ts-check
/// <reference lib="dom" />
/** Signs of alerts on the axis of time: buttons that say what happened when they are pointed at. */

/** @import { Cluster } from "./alerts.js" */
import { el, setAttributes, setText } from "./dom.js";
import { sign } from "./theme.js";
import { formatTime } from "./time.js";

/** So many events of a sign are told, and how many more there are. */
const MOST_TOLD = 5;

/**
 * The strip of signs; `onChoose` is told which one is pressed.
 * @param {(cluster: Cluster) => void} onChoose
 * @returns {{ readonly element: HTMLElement, show(clusters: readonly Cluster[], width: number, height: number): void }}
 */
export function createSigns(onChoose) {
  const tip = el("div", { class: "tip", role: "tooltip", id: "tip", hidden: true });
  const element = el("div", { class: "signs", role: "group", "aria-label": "alerts" }, tip);
  /** @type {HTMLButtonElement[]} */
  const buttons = [];
  /** @type {readonly Cluster[]} */
  let shown = [];
  let room = 0;

  /** @param {number} index */
  function tell(index) {
    const cluster = shown[index];
    tip.hidden = cluster === undefined;
    if (cluster === undefined) return;
    const { events, left } = cluster;
    const told = events.slice(0, MOST_TOLD).map(({ at, message }) =>
      el("p", {}, el("time", {}, formatTime(Date.parse(at))), " ", el("bdi", {}, message))
    );
    const more = events.length - told.length;
    tip.replaceChildren(...told, ...(more > 0 ? [el("p", {}, `and ${more} more`)] : []));
    const width = Math.min(360, room);
    tip.style.width = `${width}px`;
    tip.style.left = `${Math.max(0, Math.min(left - width / 2, room - width))}px`;
  }

  /** @param {number} index */
  function button(index) {
    const made = el("button", { type: "button", "aria-describedby": "tip" });
    for (const type of ["mouseenter", "focus"]) made.addEventListener(type, () => tell(index));
    for (const type of ["mouseleave", "blur"]) made.addEventListener(type, () => tell(-1));
    made.addEventListener("keydown", ({ key }) => key === "Escape" && tell(-1));
    made.addEventListener("click", () => {
      const cluster = shown[index];
      if (cluster) onChoose(cluster);
    });
    buttons.push(made);
    return made;
  }

  return {
    element,
    show(clusters, width, height) {
      [shown, room] = [clusters, width];
      element.style.setProperty("--plot", `${height}px`);
      for (const [i, { left, sign: kind, events }] of clusters.entries()) {
        const made = buttons[i] ?? button(i);
        const first = events[0]?.message ?? "";
        const label = events.length > 1 ? `${events.length} events, first: ${first}` : first;
        setAttributes(made, { class: kind, "aria-label": label });
        if (made.dataset.kind !== kind) made.replaceChildren(sign(kind), el("span"));
        made.dataset.kind = kind;
        if (made.lastChild) setText(made.lastChild, events.length > 1 ? `${events.length}` : "");
        made.style.left = `${left}px`;
        if (made.parentNode !== element) element.append(made);
      }
      for (const old of buttons.slice(clusters.length)) old.remove();
    },
  };
}
