/** What to do about it, as lines below a reason. */

import type { Advice } from "../detail.ts";
import type { Report, ReportInstance, Style } from "./report.ts";
import { textWidth, wrap } from "./table.ts";

/** Instances that are advised on: the others get the same, and are told of in JSON. */
const MOST_INSTANCES = 3;
/** As far in as a reason's text. */
const MARK = "          → ";
const INDENT = MARK.length;
/** Of a command that would not fit behind more. */
const LEAST_INDENT = 2;

/** The lines below the reason of an instance. */
export function adviceLines(
  { instances }: Report,
): (instance: ReportInstance, style: Style) => string[] {
  const advised = new Set(instances.filter(({ advice }) => advice).slice(0, MOST_INSTANCES));
  return (instance, { width }) =>
    advised.has(instance) ? (instance.advice ?? []).flatMap((one) => linesOf(one, width)) : [];
}

/**
 * A command is never cut and never broken: half of it may be another one. Where it does not fit behind
 * its sentence, it has a line of its own, whatever the width.
 */
function linesOf({ text, command }: Advice, width: number): string[] {
  if (command === null) return marked(whole(text, width));
  const lines = whole(`${text}:`, width);
  const last = `${lines.at(-1)!.trimStart()} ${command}`;
  if (fits(last, width)) return marked([...lines.slice(0, -1), " ".repeat(INDENT) + last]);
  return [...marked(lines), " ".repeat(fits(command, width) ? INDENT : LEAST_INDENT) + command];
}

/** A sentence in lines. It may name a command or a pid, so that no word of it is cut either. */
function whole(text: string, width: number): string[] {
  const longest = Math.max(...text.split(" ").map((word) => textWidth(word)));
  return wrap(text, Math.max(width, INDENT + longest), INDENT);
}

function fits(text: string, width: number): boolean {
  const [, ...more] = wrap(text, width, INDENT);
  return more.length === 0;
}

function marked([first = "", ...rest]: readonly string[]): string[] {
  return [MARK + first.slice(INDENT), ...rest];
}
