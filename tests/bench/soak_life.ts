/** The processes of the soak's machine as they are born: who they are, how long they live, how they grow. */

import type { Marks, ProcessInfo } from "../../src/types.ts";

/** A process before it has a pid. */
export interface Plan {
  readonly name: string;
  readonly executable: string;
  readonly argv: readonly string[];
  readonly directory: string;
  readonly uid?: number;
  readonly runsAsBun?: boolean;
  /** Its instance's place, or -1. */
  readonly slot: number;
  readonly isMain: boolean;
  /** The look before which it ends. */
  readonly endsAt: number;
  /** Its footprint at an age in minutes, or null: not readable. `noise`: from 0 to 1. */
  footprint(age: number, noise: number): number | null;
}

export interface Being extends Plan {
  info: ProcessInfo;
  readonly marks: Marks;
  peakBytes: number;
}

const MIB = 1024 ** 2;
/** Every so many looks one instance starts the same server again and again, for so many looks. */
const LOOKS_TO_PLAGUE = 900;
const PLAGUE_LOOKS = 40;

const OPENCODE = "/opt/opencode/bin/opencode";
const SUBCOMMANDS = [[], ["serve"], [], ["run", "tidy up"], ["acp"], ["serve", "--port", "4096"]];
const TOOLS = [["git", "status"], ["rg", "TODO"], ["npm", "test"], ["tsc", "--noEmit"], ["ls"]];

/** How the sessions of each place grow. The limits are 2 and 4 GiB. */
const GROWTH: readonly Plan["footprint"][] = [
  // Over the first limit for an hour, and under it for hours.
  (age, noise) => (1300 + 1200 * Math.sin(age / 90) + 20 * noise) * MIB,
  // Over both.
  (age, noise) => (2400 + 2200 * Math.sin(age / 60) + 20 * noise) * MIB,
  // A garbage collector's teeth.
  (age, noise) => (400 + age % 6 * 60 + 20 * noise) * MIB,
  // A slow leak.
  (age, noise) => (300 + age * 4 + 10 * noise) * MIB,
  // Still.
  (_age, noise) => (350 + 15 * noise) * MIB,
  // Hidden at times.
  (age, noise) => age % 400 >= 390 ? null : (500 + 15 * noise) * MIB,
];

/** Processes that are nobody's, and stay. */
export function rest(): Plan[] {
  return ["zsh", "vim", "sshd", "postgres", "firefox"].map((name) => ({
    ...steady(150),
    ...program(name),
    slot: -1,
  }));
}

/** An instance of a place: it lives for some hundred looks. */
export function planInstance(
  look: number,
  slot: number,
  random: () => number,
): { launcher: Plan; session: Plan; helpers: readonly Plan[] } {
  const endsAt = look + 300 + Math.floor(random() * 600);
  const directory = `/Users/ada/work/project-${slot}`;
  const common = { ...steady(80), directory, slot };
  const openCode = { name: "opencode", executable: OPENCODE };
  const node = (...args: string[]) => ({
    name: "node",
    executable: "/usr/local/bin/node",
    argv: ["node", ...args],
  });
  const args = SUBCOMMANDS[slot]!;
  return {
    launcher: { ...common, ...node("/usr/local/bin/opencode", ...args), ...steady(45) },
    session: {
      ...common,
      ...openCode,
      argv: [OPENCODE, ...args],
      isMain: true,
      endsAt,
      footprint: GROWTH[slot]!,
    },
    helpers: [
      { ...common, ...node("/opt/mcp/files.js", "--root", directory) },
      { ...common, ...node("/opt/mcp/browser.js"), ...steady(130) },
      {
        ...common,
        ...openCode,
        argv: [OPENCODE, "run", "/opt/lsp/server.js", "--stdio"],
        runsAsBun: true,
        ...steady(220),
      },
    ],
  };
}

/** What a session starts and ends all the time: a shell, or what the shell before it runs. */
export function planTool(
  look: number,
  slot: number,
  random: () => number,
): { being: Plan; isNested: boolean } {
  if (look % LOOKS_TO_PLAGUE < PLAGUE_LOOKS && look >= LOOKS_TO_PLAGUE) {
    const place = Math.floor(look / LOOKS_TO_PLAGUE) % SUBCOMMANDS.length;
    const endsAt = look + PLAGUE_LOOKS + Math.floor(random() * PLAGUE_LOOKS);
    const copy = { ...program("node"), argv: ["node", "/opt/mcp/search.js"] };
    return { being: { ...steady(60), ...copy, slot: place, endsAt }, isNested: false };
  }
  const [name = "", ...args] = TOOLS[Math.floor(random() * TOOLS.length)]!;
  const isNested = random() < 0.5;
  const tool = isNested
    ? { ...program(name), argv: [name, ...args] }
    : { ...program("bash"), argv: ["bash", "-c", [name, ...args].join(" ")] };
  const endsAt = look + 1 + Math.floor(random() * 8);
  return { being: { ...steady(30), ...tool, slot, endsAt }, isNested };
}

function program(name: string) {
  return { name, executable: `/usr/bin/${name}`, argv: [name], directory: "/Users/ada" };
}

/** A process that holds about so much as long as it lives. */
function steady(mib: number) {
  const footprint: Plan["footprint"] = (_age, noise) => (mib + 10 * noise) * MIB;
  return { isMain: false, endsAt: Infinity, footprint };
}
