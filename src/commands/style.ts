/** How text looks: width, colours, and what `~` stands for. */

import { wantsColour } from "../report/colour.ts";
import type { Style } from "../report/report.ts";
import type { World } from "../world.ts";
import type { CheckFlags, StyleFlags } from "./flags.ts";

/** Columns where there is no terminal to ask. */
const DEFAULT_COLUMNS = 80;

/** Of a format that is not for people. */
export const plainStyle: Style = { width: Infinity, colour: false, home: null };

/** The style of a format: only text depends on the terminal. */
export function formatStyle(
  world: World,
  flags: StyleFlags & Pick<CheckFlags, "label">,
  format: string,
): Style {
  if (format === "text") return styleOf(world, flags);
  return { ...plainStyle, home: world.env("HOME") || null, pidLabel: flags.label === "pid" };
}

/** The style of text on standard output, by the flags and the terminal. */
export function styleOf(world: World, flags: StyleFlags): Style {
  const width = flags.wide ? Infinity : world.size()?.columns ?? DEFAULT_COLUMNS;
  const colour = wantsColour(flags.color ?? "auto", world);
  return { width, colour, home: world.env("HOME") || null };
}
