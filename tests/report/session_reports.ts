/** Reports of sessions with any text in them, by what matters to formats for people. */

import fc from "fast-check";
import { buildReport, type Frame, type Report, type Style } from "../../src/report/report.ts";
import type { Because, Level, Member, Reading, Role, Verdict } from "../../src/types.ts";
import { GIB, NOW_MS, reading } from "../fake.ts";

/** A process; what is left out is harmless. */
export interface ProcessSketch {
  readonly role?: Role;
  readonly depth?: number;
  readonly name?: string;
  readonly executable?: string | null;
  readonly argv?: readonly string[] | null;
  /** null: it could not be read. */
  readonly memory?: Reading | null;
  readonly level?: Level;
}

/** An instance; its main process is its first one. */
export interface Sketch {
  readonly role?: Role;
  readonly directory?: string | null;
  readonly level?: Level | null;
  readonly processes?: readonly ProcessSketch[];
}

export const STYLE: Style = { width: 80, colour: true, home: "/home/ann" };

export const FRAME: Frame = {
  toolVersion: "1.2.3",
  takenAtMs: NOW_MS,
  host: { os: "darwin", arch: "aarch64", memoryBytes: 16 * GIB },
  thresholds: { warningBytes: 2 * GIB, criticalBytes: 4 * GIB, scope: "process" },
  level: "critical",
  exitCode: 2,
  scan: { processes: 321, durationMs: 12, unreadable: 0 },
};

const BECAUSE: Readonly<Record<Level, Because>> = {
  normal: { kind: "within", limitBytes: 2 * GIB, footprintBytes: GIB },
  warning: { kind: "over", limit: "warning", limitBytes: 2 * GIB, footprintBytes: 3 * GIB },
  critical: { kind: "over", limit: "critical", limitBytes: 4 * GIB, footprintBytes: 5 * GIB },
  unknown: { kind: "unread", missing: "denied" },
};

/** The Report of such instances; the pids of their processes count up from 100. Nothing is redacted. */
export function reportOf(sketches: readonly Sketch[], frame: Partial<Frame> = {}): Report {
  let pid = 100;
  const found = sketches.map((sketch) => {
    const { role = "tui", directory = "/work", level = "normal", processes = [{}] } = sketch;
    const judged = processes.map((process) => {
      const member = memberOf(pid++, role, process);
      const { key } = member.info;
      const { memory = reading(GIB) } = process;
      const sample = memory
        ? { key, atMs: NOW_MS, reading: memory }
        : { key, atMs: NOW_MS, missing: "denied" } as const;
      return { member, sample, verdict: level && verdictOf(process.level ?? "normal") };
    });
    const members = judged.map(({ member }) => member);
    const [main] = members;
    const instance = { id: `${main!.info.key.pid}-s`, main: main!, directory, members };
    return { instance, judged, verdict: level && verdictOf(level) };
  });
  return buildReport({ ...FRAME, ...frame }, found, { showSecrets: true });
}

function verdictOf(level: Level): Verdict {
  return { level, because: BECAUSE[level] };
}

function memberOf(pid: number, roleOfInstance: Role, process: ProcessSketch): Member {
  const { role = roleOfInstance, depth = 0, name = "opencode", executable = "/b/opencode" } =
    process;
  return {
    info: {
      key: { pid, started: "s" },
      ppid: 1,
      name,
      uid: 1,
      startedAtMs: NOW_MS - 60_000,
      zombie: false,
    },
    role,
    matchedBy: "name",
    depth,
    executable,
    commandLine: process.argv === undefined ? ["opencode"] : process.argv,
  };
}

/** What means something to Markdown, to HTML, to a menu, to a shell, to a terminal, or to nobody. */
const TRICKY = [
  ..."`|\\<>&*_~#[]()!:;\"'$%{}+-=.,@/? \n\t\r…🦊é\u0301\u00a0\u2028\u202e\ufffd\u0d4e",
  ..."abAB01",
  ...["``", "\\n", "\\x1b[31m", "\\|", "--", "---", "-----", "&#124;", "&amp;", "&nbsp;"],
  ...["a@b.co", "@ann", "#1", "http://a.bc/d", "www.a.bc", "mailto:a@b.co", "xmpp:a@b.co"],
  ...["<b>", "</code>", "<!--", "-->", "<script>", "[a](b)", "![", "**", "~~", "- [ ] "],
  ...[":mushroom:", ":+1:", ":sun.max:", "color=red", " bash=/bin/sh ", "param1=", "refresh=true"],
  ...["$(touch x)", "`touch x`", "; touch x", "'\\''", '"', "~/x", "/"],
];

/** Any text: of tricky pieces, of any characters, or a long one. */
export const texts = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.constantFrom(...TRICKY), { maxLength: 12 }).map((all) => all.join("")),
  },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 30 }) },
  { weight: 1, arbitrary: fc.nat(9).map((n) => `${n}🦊|\`long `.repeat(40)) },
);

const LEVELS: readonly Level[] = ["normal", "warning", "critical", "unknown"];

/** Any instances, with any text in them. */
export const sketches: fc.Arbitrary<Sketch[]> = fc.array(
  fc.record({
    role: fc.constantFrom<Role>("tui", "run", "server", "orphan"),
    directory: fc.option(texts.map((text) => `/${text}`)),
    level: fc.constantFrom(...LEVELS),
    processes: fc.array(
      fc.record({
        name: texts,
        argv: fc.option(fc.array(texts, { maxLength: 3 })),
        memory: fc.option(fc.nat(2 ** 40).map((bytes) => reading(bytes))),
        level: fc.constantFrom(...LEVELS),
      }),
      { minLength: 1, maxLength: 25 },
    ),
  }),
  { maxLength: 5 },
);
