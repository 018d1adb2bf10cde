/** A child of known appetite: what it takes must show, and what it does not hold must not. */

import assert from "node:assert/strict";
import { live, temporaryFolder } from "../support.ts";
import { act, type Actor, castAs, NEEDS } from "./actor.ts";
import { ocmemJson, rowOf } from "./command_line.ts";
import { Children } from "./processes.ts";

const MIB = 1024 * 1024;
const TAKEN_BYTES = 300 * MIB;
const FILE_BYTES = 60 * MIB;
/** Page tables, the C library's own buffers, and what the kernel counts in batches. */
const TOLERANCE_BYTES = 2 * MIB;

async function footprint({ pid }: Actor): Promise<number> {
  const { memory } = rowOf(await ocmemJson("check", "--pid", `${pid}`), pid);
  return memory!.footprint_bytes;
}

async function ask({ child }: Actor, order: string): Promise<void> {
  await child.say(`${order}\n`);
  await child.line(/^done$/);
}

function assertNear(value: number, expected: number): void {
  const off = value - expected;
  assert(Math.abs(off) <= TOLERANCE_BYTES, `${value} bytes, ${off} more than ${expected}`);
}

live("300 MiB that a child takes and gives back show in its footprint", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const actor = await act(children, castAs(`${folder.path}/actor`));
  const before = await footprint(actor);
  await ask(actor, `p${TAKEN_BYTES}`);
  assertNear(await footprint(actor), before + TAKEN_BYTES);
  await ask(actor, "u");
  assertNear(await footprint(actor), before);
});

live("shared memory that a child takes shows too", {
  ...NEEDS,
  Linux: Deno.build.os === "linux",
}, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const actor = await act(children, castAs(`${folder.path}/actor`));
  const before = await footprint(actor);
  await ask(actor, `s${TAKEN_BYTES}`);
  assertNear(await footprint(actor), before + TAKEN_BYTES);
});

live("neither address space nor the pages of a file that a child reads show", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const file = `${folder.path}/file`;
  Deno.writeFileSync(file, new Uint8Array(FILE_BYTES).fill(1));
  const path = castAs(`${folder.path}/actor`);
  const plain = await footprint(await act(children, path));
  const actor = await act(children, path, { reserve: 16 * 1024 * MIB });
  assertNear(await footprint(actor), plain);
  await ask(actor, `f${file}`);
  const { memory } = rowOf(await ocmemJson("check", "--pid", `${actor.pid}`), actor.pid);
  assert(memory!.resident_bytes >= FILE_BYTES, "the pages are in memory");
  assertNear(memory!.footprint_bytes, plain);
});
