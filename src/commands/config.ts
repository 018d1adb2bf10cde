/** `ocmem config`: the options in effect, and where each comes from. */

import {
  harmlessOptions,
  optionsAsJson,
  optionsAsText,
  type OptionsReport,
} from "../report/options.ts";
import type { World } from "../world.ts";
import type { ConfigFlags } from "./flags.ts";
import { formatOf } from "./format.ts";
import { styleOf } from "./style.ts";

/** Runs the command and returns its exit code, 0. */
export function config(flags: ConfigFlags, world: World, options: OptionsReport): number {
  const report = harmlessOptions(options, flags["show-secrets"] ?? false);
  const isJson = formatOf(flags, "json", "text") === "json";
  world.stdout.write(isJson ? optionsAsJson(report) : optionsAsText(report, styleOf(world, flags)));
  return 0;
}
