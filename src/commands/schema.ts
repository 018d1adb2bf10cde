/** `ocmem schema`: the shapes of all JSON that ocmem writes and reads, as JSON Schemas (draft 2020-12). */

import { UsageError } from "../errors.ts";
import type { World } from "../world.ts";
import { quote } from "./flags.ts";

/** A JSON Schema, as far as it is looked into here. */
interface Schema {
  readonly title: string;
}

/** Every schema, loaded when it is asked for: each file stands by itself. */
const SCHEMAS: Readonly<Record<string, () => Promise<{ readonly default: Schema }>>> = {
  "report": () => import("../schema/report.json", { with: { type: "json" } }),
  "report-line": () => import("../schema/report-line.json", { with: { type: "json" } }),
  "track": () => import("../schema/track.json", { with: { type: "json" } }),
  "track-line": () => import("../schema/track-line.json", { with: { type: "json" } }),
  "event": () => import("../schema/event.json", { with: { type: "json" } }),
  "history": () => import("../schema/history.json", { with: { type: "json" } }),
  "look": () => import("../schema/look.json", { with: { type: "json" } }),
  "health": () => import("../schema/health.json", { with: { type: "json" } }),
  "selftest": () => import("../schema/selftest.json", { with: { type: "json" } }),
  "config": () => import("../schema/config.json", { with: { type: "json" } }),
  "settings": () => import("../schema/settings.json", { with: { type: "json" } }),
  "error": () => import("../schema/error.json", { with: { type: "json" } }),
  "version": () => import("../schema/version.json", { with: { type: "json" } }),
};

/** Prints the schema of a name, or without one what there is. Returns 0. Throws a UsageError. */
export async function schema(names: readonly string[], world: World): Promise<number> {
  const [name] = names;
  world.stdout.write(name === undefined ? await index() : await text(name));
  return 0;
}

/** A line for each schema: its name, and what it describes. */
async function index(): Promise<string> {
  const width = Math.max(...Object.keys(SCHEMAS).map((name) => name.length));
  const lines = Object.entries(SCHEMAS).map(async ([name, load]) =>
    `${name.padEnd(width)}  ${(await load()).default.title}\n`
  );
  return (await Promise.all(lines)).join("");
}

async function text(name: string): Promise<string> {
  const load = Object.hasOwn(SCHEMAS, name) ? SCHEMAS[name] : undefined;
  if (load) return `${JSON.stringify((await load()).default, null, 2)}\n`;
  const known = Object.keys(SCHEMAS).join(", ");
  throw new UsageError(`Cannot print schema "${quote(name)}": expected one of ${known}`);
}
