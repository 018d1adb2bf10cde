/** How large what is handed out is, as Markdown: the bundle, what executables carry, and executables. */

import { fileOf, type Target, TARGETS } from "../../release/targets.ts";
import { baseOf, needsOf } from "../release/bases.ts";
import { copyOfProject, madeIn } from "../release/payload_made.ts";
import { type Payload, payloadIn, readPayload } from "../release/payload.ts";
import { ROOT } from "../support.ts";
import { goal } from "./report.ts";

const MIB = 1024 ** 2;
/** What is embedded is read by each start, at least in part. */
const GOAL_PAYLOAD_MIB = 1;

interface Measured {
  readonly triple: string;
  readonly bytes: number;
  readonly payloadBytes: number;
  readonly files: Payload["files"];
}

/**
 * The sizes, with the goal. `folder` is for what is made on the way: executables on bases that stand in
 * for Deno's own (see tests/release/bases.ts), for those platforms whose base can be had.
 */
export async function sizeSection(folder: string): Promise<string> {
  const project = await copyOfProject(`${folder}/project`);
  const measured: Measured[] = [];
  const skipped: string[] = [];
  for (const target of TARGETS) {
    const needs = await needsOf(target);
    const missing = Object.keys(needs).filter((need) => !needs[need]);
    if (missing.length > 0) skipped.push(`${target.triple} (needs ${missing.join(", ")})`);
    else measured.push(await measureStandIn(target, project, folder));
  }
  const [first] = measured;
  const largest = Math.max(...measured.map(({ payloadBytes }) => payloadBytes));
  return `size: the bundle's files as they are embedded\n\n${bundleTable(first?.files ?? [])}\n` +
    `executables: on bases that stand in for Deno's own, and in dist, if any are there\n\n` +
    `${executableTable([...measured, ...inDist()])}\n` +
    (skipped.length > 0 ? `not measured here: ${skipped.join(", ")}\n` : "") +
    goal("MiB that an executable carries", GOAL_PAYLOAD_MIB, first ? largest / MIB : null, 2);
}

async function measureStandIn(target: Target, project: string, folder: string): Promise<Measured> {
  const base = await baseOf(target, folder);
  const path = await madeIn(project, target.triple, { DENORT_BIN: base });
  const measured = measure(`${target.triple}, stand-in`, path);
  for (const file of [base, path]) Deno.removeSync(file);
  return measured;
}

function measure(triple: string, path: string): Measured {
  const data = Deno.readFileSync(path);
  const payload = payloadIn(data);
  return { triple, bytes: data.length, payloadBytes: payload.length, ...readPayload(payload) };
}

/** Real executables, that were made before. */
function inDist(): Measured[] {
  return TARGETS.flatMap((target) => {
    const path = `${ROOT}dist/${fileOf(target)}`;
    try {
      return [measure(target.triple, path)];
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  });
}

function bundleTable(files: Payload["files"]): string {
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const rows = files.map(({ path, bytes }) => `| \`${path}\` | ${kib(bytes.length)} |\n`);
  return `| file | KiB |\n| --- | ---: |\n${rows.join("")}| all | ${kib(total)} |\n`;
}

function executableTable(all: readonly Measured[]): string {
  const rows = all.map(({ triple, bytes, payloadBytes, files }) => {
    const embedded = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const others = [payloadBytes, payloadBytes - embedded].map(kib).join(" | ");
    return `| ${triple} | ${(bytes / MIB).toFixed(1)} | ${others} |\n`;
  });
  return "| executable | MiB | embedded, KiB | of that metadata, KiB |\n" +
    `| --- | ---: | ---: | ---: |\n${rows.join("")}`;
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}
