/** Colours of a terminal. A level is never shown by colour alone. */

import type { Level } from "../types.ts";
import type { World } from "../world.ts";

/** SGR parameters (ECMA-48). */
const COLOURS: Readonly<Record<Level, string>> = {
  normal: "32", // green
  warning: "33", // yellow
  critical: "1;31", // bold red
  unknown: "35", // magenta
};

export type ColourChoice = "auto" | "always" | "never";

export function colourOf(level: Level): string {
  return COLOURS[level];
}

/** The text in a colour, if colours are on. */
export function paint(text: string, colour: string, on: boolean): string {
  return on ? `\x1b[${colour}m${text}\x1b[0m` : text;
}

/**
 * Whether to colour: the flag decides, then NO_COLOR, then FORCE_COLOR or CLICOLOR_FORCE, then
 * TERM=dumb, then whether the output is a terminal.
 */
export function wantsColour(choice: ColourChoice, world: Pick<World, "env" | "stdout">): boolean {
  if (choice !== "auto") return choice === "always";
  if (world.env("NO_COLOR")) return false;
  if (isOn(world.env("FORCE_COLOR")) || isOn(world.env("CLICOLOR_FORCE"))) return true;
  return world.env("TERM") !== "dumb" && world.stdout.isTerminal();
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value !== "false";
}
