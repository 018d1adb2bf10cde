/** The self-test on a scripted machine, and what tests read of its JSON. */

import assert from "node:assert/strict";
import type { SelfTestFlags } from "../src/commands/flags.ts";
import { selftest } from "../src/commands/selftest.ts";
import type { Check } from "../src/selftest/findings.ts";
import type { Missing, SourceReading } from "../src/types.ts";
import { FakeProbe, type FakeProcess, MIB, NOW_MS, OWN_PID, reading } from "./fake.ts";
import { FakeWorld, type Ran, type Scene } from "./fake_world.ts";

/** What the fake World was started with. */
export const ARGS = ["selftest", "", "--token", "hunter2"];

/** This tool itself: 500 ms before its runtime, by two sources that nearly agree. */
export function own(rest: Partial<FakeProcess> = {}): FakeProcess {
  return {
    pid: OWN_PID,
    name: "deno",
    exe: "/bin/deno",
    argv: ["deno", "run", "main.ts", ...ARGS],
    memory: 40 * MIB,
    readings: sources(40 * MIB, 41 * MIB),
    startedAtMs: NOW_MS - 500,
    ...rest,
  };
}

/** What each source tells, in their order. */
export function sources(...told: readonly (number | Missing)[]): SourceReading[] {
  const names = ["proc_status", "proc_smaps_rollup"] as const;
  return told.map((one, i) => {
    const source = names[i]!;
    return { source, reading: typeof one === "string" ? one : reading(one, { source }) };
  });
}

/** An OpenCode whose directory is hostile. */
export function openCode(rest: Partial<FakeProcess> = {}): FakeProcess {
  return {
    pid: 10,
    name: "opencode",
    exe: "/b/opencode",
    argv: ["opencode"],
    cwd: "/w/\x1b[31mred",
    memory: 300 * MIB,
    ...rest,
  };
}

/** Runs the command on these processes, in a World that may be changed first. Nobody may listen afterwards. */
export async function runOn(
  processes: readonly FakeProcess[],
  flags: SelfTestFlags = {},
  scene: Scene = {},
  change: (world: FakeWorld) => void = () => {},
): Promise<Ran> {
  const probe = new FakeProbe(processes);
  let out = "", err = "";
  const world = new FakeWorld(
    { probe, ...scene },
    (text) => out += text,
    (text) => err += text,
    ARGS,
  );
  change(world);
  const code = await selftest(flags, world);
  assert(world.isQuiet, "a listener was left behind");
  return { code, out, err };
}

/** What tests read of the JSON. */
export interface SelfTestDocument {
  readonly type: string;
  readonly passed: boolean | null;
  readonly interrupted: boolean;
  readonly exit_code: number;
  readonly host: { readonly os: string; readonly memory_bytes: number } | null;
  readonly platform: { readonly checks: readonly Check[] };
  readonly discovery: {
    readonly scanned: number;
    readonly processes: number;
    readonly instances: readonly { readonly id: string; readonly pid: number }[];
    readonly checks: readonly Check[];
  } | null;
  readonly tracking: {
    readonly pid: number;
    readonly role: string | null;
    readonly planned: number;
    readonly ended: string | null;
    readonly samples: number;
    readonly min_bytes: number | null;
    readonly max_bytes: number | null;
    readonly mean_bytes: number | null;
    readonly readings: readonly {
      readonly at: string;
      readonly footprint_bytes: number | null;
      readonly missing: string | null;
    }[];
    readonly checks: readonly Check[];
  } | null;
  readonly thresholds: readonly { readonly level: string; readonly passed: boolean }[];
  readonly cost: {
    readonly enumeration_ms: number | null;
    readonly processes: number;
    readonly memory_reading_us: number | null;
    readonly own_footprint_bytes: number | null;
  } | null;
}

/** The JSON of a run, which must say its own exit code, and nothing on standard error. */
export async function documentOf(ran: Promise<Ran>): Promise<SelfTestDocument> {
  const { out, code, err } = await ran;
  const document: SelfTestDocument = JSON.parse(out);
  assert.deepEqual([document.exit_code, err], [code, ""]);
  return document;
}

/** Names of the checks that failed; none of the levels may be among them. */
export function failedIn(
  { platform, discovery, tracking, thresholds }: SelfTestDocument,
): string[] {
  const checks = [...platform.checks, ...discovery?.checks ?? [], ...tracking?.checks ?? []];
  assert(thresholds.every((one) => one.passed));
  return checks.filter((one) => !one.passed).map((one) => one.name);
}
