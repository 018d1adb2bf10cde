import assert from "node:assert/strict";
import fc from "fast-check";
import { localTime } from "../../src/report/screen.ts";
import { formatSwiftbar } from "../../src/report/swiftbar.ts";
import type { Level } from "../../src/types.ts";
import { GIB, MIB, NOW_MS, reading } from "../fake.ts";
import { pure } from "../support.ts";
import { APPS } from "./menu_readers.ts";
import { FRAME, type ProcessSketch, reportOf, sketches, STYLE } from "./session_reports.ts";

const GREEN = "color=#26964a";
const AMBER = "color=#b27c00";
const RED = "color=#e0433a";
const PURPLE = "color=#a05bd0";
/** The time of day in a menu: its colons are no emoji's. */
const NOW = localTime(NOW_MS).replace(":", "∶");

pure("swiftbar: the title, the verdict, the instances, their processes by size, the limits", () => {
  const report = reportOf([
    {
      role: "server",
      directory: "/srv/x",
      level: "warning",
      processes: [{ argv: ["/b/opencode", "serve"], memory: reading(3 * GIB), level: "warning" }],
    },
    {
      level: "critical",
      directory: "/home/ann/api",
      processes: [
        { argv: ["opencode", "-s", "ses_1"], memory: reading(300 * MIB) },
        {
          role: "child",
          depth: 1,
          argv: ["gopls"],
          memory: reading(5.25 * GIB),
          level: "critical",
        },
        { role: "child", depth: 2, argv: null, name: "sh", memory: null, level: "unknown" },
      ],
    },
  ], { scan: { processes: 9, durationMs: 1, unreadable: 2 } });
  const lines = formatSwiftbar(report, STYLE).split("\n");
  const copy = lines.findIndex((line) => line.startsWith("--Copy"));
  // `printf %s "cd '/home/ann/api' && opencode --session ses_1" | base64`
  assert.equal(
    lines.splice(copy, 1)[0],
    "--Copy the command that resumes it | bash=/bin/sh param1=-c " +
      "param2='echo $1 | base64 --decode | LC_ALL=en_US.UTF-8 pbcopy' param3=ocmem " +
      "param4=Y2QgJy9ob21lL2Fubi9hcGknICYmIG9wZW5jb2RlIC0tc2Vzc2lvbiBzZXNfMQ== terminal=false",
  );
  assert.deepEqual(lines, [
    `OC ‼ 8.54 GiB | ${RED}`,
    "---",
    "OCMEM CRITICAL - 2 OpenCode instances, 8.54 GiB in 4 processes, " +
    `largest 5.25 GiB (pid 102, child), 1 unread | ${RED}`,
    "3 processes could not be looked at",
    `tui ~/api 5.54 GiB (critical) | ${RED}`,
    `--instance 101 (tui): footprint 5 GiB is over the critical limit of 4 GiB | ${RED}`,
    `--5.25 GiB child 102 gopls (critical) | ${RED}`,
    `--300 MiB tui 101 opencode -s ses_1 | ${GREEN}`,
    `--denied child 103 (sh) (unknown) | ${PURPLE}`,
    `server /srv/x 3 GiB (warning) | ${AMBER}`,
    `--instance 100 (server): footprint 3 GiB is over the warning limit of 2 GiB | ${AMBER}`,
    `--3 GiB server 100 opencode serve (warning) | ${AMBER}`,
    "---",
    "Limits of each process: warning 2 GiB, critical 4 GiB",
    `Looked at ${NOW}`,
    "Refresh | refresh=true",
    "",
  ]);
});

pure("swiftbar: the title says the level in more than colour", () => {
  const title = (level: Level | null, memory = true) =>
    formatSwiftbar(reportOf([{ processes: [memory ? {} : { memory: null }] }], { level }), STYLE)
      .split("\n")[0];
  assert.equal(title("normal"), `OC 1 GiB | ${GREEN}`);
  assert.equal(title("warning"), `OC ⚠ 1 GiB | ${AMBER}`);
  assert.equal(title("critical"), `OC ‼ 1 GiB | ${RED}`);
  assert.equal(title("unknown"), `OC ? 1 GiB | ${PURPLE}`);
  assert.equal(title("unknown", false), `OC ? - | ${PURPLE}`);
  assert.equal(title(null), "OC 1 GiB");
});

pure("swiftbar: where no OpenCode is running, and where nothing is judged", () => {
  assert.equal(
    formatSwiftbar(reportOf([], { level: "normal", thresholds: null }), STYLE),
    `OC - | ${GREEN}\n---\n` +
      `OCMEM OK - no OpenCode process is running (321 processes looked at) | ${GREEN}\n` +
      `---\nLooked at ${NOW}\nRefresh | refresh=true\n`,
  );
});

pure("swiftbar: limits of roles, and of instances", () => {
  const limits = { warningBytes: GIB, criticalBytes: 8 * GIB };
  const thresholds = {
    ...FRAME.thresholds!,
    scope: "instance",
    roles: { server: limits },
  } as const;
  const text = formatSwiftbar(reportOf([], { thresholds }), STYLE);
  assert.match(text, /^Limits of each instance: warning 2 GiB, critical 4 GiB$/m);
  assert.match(text, /^Limits of each server instance: warning 1 GiB, critical 8 GiB$/m);
});

pure("swiftbar: of hundreds of processes the largest, and how many there are more", () => {
  const processes: ProcessSketch[] = Array.from({ length: 900 }, (_, i) => ({
    memory: reading((i + 1) * MIB),
  }));
  const lines = formatSwiftbar(reportOf([{ role: "server", processes }]), STYLE).split("\n")
    .filter((line) => line.startsWith("--") && line !== "---");
  assert.equal(lines.length, 21);
  assert.match(lines[0]!, /^--900 MiB server 999 /);
  assert.match(lines[19]!, /^--881 MiB server 980 /);
  assert.equal(lines[20], "--and 880 more processes");
});

pure("swiftbar: what could not be read comes after what is read", () => {
  const processes: ProcessSketch[] = [
    { memory: null },
    ...Array.from({ length: 19 }, () => ({})),
    { memory: reading(0) },
  ];
  const lines = formatSwiftbar(reportOf([{ role: "server", processes }]), STYLE).split("\n");
  const last = lines.findIndex((line) => line.startsWith("--and "));
  assert.equal(lines[last], "--and 1 more process");
  assert.match(lines[last - 1]!, /^--0 B server 120 /);
});

pure("swiftbar: a session that can't be resumed for sure says so; others say nothing", () => {
  const menu = (directory: string, role: "tui" | "server") =>
    formatSwiftbar(reportOf([{ role, directory }]), STYLE);
  assert.match(menu("/a\nb", "tui"), /^--Cannot tell for sure how to resume it$/m);
  assert.match(menu("/ab", "tui"), /^--Copy the command that resumes it \| /m);
  assert.doesNotMatch(menu("/a\nb", "server"), /resume/);
  assert.doesNotMatch(menu("/ab", "server"), /resume/);
});

pure("swiftbar: long texts are cut", () => {
  const long = "x".repeat(5000);
  const report = reportOf([{ role: "server", directory: long, processes: [{ argv: [long] }] }]);
  const cut = `${"x".repeat(59)}…`;
  const text = formatSwiftbar(report, STYLE);
  assert.ok(text.includes(`\nserver ${cut} 1 GiB | `));
  assert.ok(text.includes(`\n--1 GiB server 100 ${cut} | `));
});

pure("swiftbar: the colours are legible in a light and in a dark menu", () => {
  for (const colour of [GREEN, AMBER, RED, PURPLE]) {
    const luminance = luminanceOf(colour.slice("color=".length));
    // At least 3:1 (WCAG 2.1, 1.4.11) on macOS's menus: about #ececec and #2b2b2b.
    for (const menu of ["#ececec", "#2b2b2b"].map(luminanceOf)) {
      const [dark, light] = [luminance, menu].toSorted((a, b) => a - b);
      assert.ok((light! + 0.05) / (dark! + 0.05) >= 3, colour);
    }
  }
});

/** Relative luminance (WCAG 2.1). */
function luminanceOf(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** What an entry's parameters may be: of each only its names. */
const PARAMETERS = new Set(["", "color", "refresh", "bash,param1,param2,param3,param4,terminal"]);

for (const [name, app] of Object.entries(APPS)) {
  pure(`swiftbar: any text is text to ${name}, in the menu where it belongs`, () => {
    fc.assert(
      fc.property(sketches, (machine) => {
        const report = reportOf(machine);
        const output = formatSwiftbar(report, STYLE);
        const { title, entries } = app.read(output);
        assert.equal(title.length, 1);
        const depths = report.instances.flatMap(({ role, level, processes }) => {
          const reason = level === "normal" ? 0 : 1;
          const resume = role === "tui" || role === "run" ? 1 : 0;
          const shown = Math.min(processes.length, 20) + (processes.length > 20 ? 1 : 0);
          return [0, ...Array<number>(reason + shown + resume).fill(1)];
        });
        const above = report.totals.unread > 0 ? [0, 0] : [0];
        assert.deepEqual(entries.map(({ depth }) => depth), [...above, ...depths, 0, 0, 0, 0]);
        const written = output.split("\n").slice(2, -1);
        for (const [i, { text, depth, parameters }] of entries.entries()) {
          const [line = ""] = written[i]!.slice(2 * depth).split("|");
          assert.equal(text, line.trim());
          assert.ok(PARAMETERS.has(Object.keys(parameters).toSorted().join()), written[i]);
        }
      }),
      { numRuns: 200 },
    );
  });
}

pure("swiftbar: what means something to an app is shown by what looks like it", () => {
  const text = formatSwiftbar(
    reportOf([{ role: "server", processes: [{ argv: ["a|b\\n<i>&:+1::x:y c:d"] }] }]),
    STYLE,
  );
  assert.match(text, /^--1 GiB server 100 a¦b∖n‹i>＆∶\+1∶∶x:y c:d \| color=/m);
});
