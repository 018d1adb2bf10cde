/** `ocmem schema`: the shapes of all JSON that ocmem writes and reads, as JSON Schemas (draft 2020-12). */

import { UsageError } from "../errors.ts";
import { SCHEMAS } from "../schema/schemas.ts";
import type { World } from "../world.ts";
import { quote } from "./flags.ts";

/** Prints the schema of a name, or without one what there is. Returns 0. Throws a UsageError. */
export function schema(names: readonly string[], world: World): number {
  const [name] = names;
  world.stdout.write(name === undefined ? index() : text(name));
  return 0;
}

/** A line for each schema: its name, and what it describes. */
function index(): string {
  const width = Math.max(...Object.keys(SCHEMAS).map((name) => name.length));
  return Object.entries(SCHEMAS).map(([name, { title }]) => `${name.padEnd(width)}  ${title}\n`)
    .join("");
}

function text(name: string): string {
  if (Object.hasOwn(SCHEMAS, name)) return `${JSON.stringify(SCHEMAS[name], null, 2)}\n`;
  const known = Object.keys(SCHEMAS).join(", ");
  throw new UsageError(`Cannot print schema "${quote(name)}": expected one of ${known}`);
}
