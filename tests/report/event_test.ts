import assert from "node:assert/strict";
import type { Happening, Standing, Subject } from "../../src/follow/event.ts";
import { eventRecord, type Wording } from "../../src/report/event.ts";
import { hookEnvironment } from "../../src/report/hook_environment.ts";
import { notificationOf } from "../../src/report/notification.ts";
import { GIB, MIB, NOW_MS } from "../fake.ts";
import { pure } from "../support.ts";

const MINUTE = 60_000;
const WORDING: Wording = {
  thresholds: { warningBytes: 2 * GIB, criticalBytes: 4 * GIB, scope: "process" },
  home: "/home/ann",
  showSecrets: false,
};
const TUI: Subject = {
  kind: "process",
  key: { pid: 10, started: "7" },
  instanceId: "10-7",
  role: "tui",
  name: "opencode",
  directory: "/home/ann/web",
  startedAtMs: NOW_MS - 90 * MINUTE,
};
const CHILD: Subject = { ...TUI, key: { pid: 11, started: "8" }, role: "child", name: "node" };
const INSTANCE: Subject = { ...TUI, kind: "instance" };

function record(subject: Subject, happening: Happening, standing: Partial<Standing> = {}) {
  const whole = { footprintBytes: 3 * GIB, level: "warning", ...standing } as const;
  return eventRecord({ atMs: NOW_MS, subject, ...whole, ...happening }, WORDING);
}

const growth = {
  kind: "growth",
  growthBytes: 300 * MIB,
  overMs: 10 * MINUTE,
  trend: { slope: 30 * MIB / MINUTE, low: 29 * MIB / MINUTE, high: 31 * MIB / MINUTE, z: 4 },
  msToWarning: 0,
  msToCritical: 34 * MINUTE,
} as const;

const SENTENCES: readonly [string, Subject, Happening, Partial<Standing>][] = [
  [
    "instance 10 (tui) in ~/web: 3 GiB in 2 processes",
    INSTANCE,
    { kind: "found", processes: 2 },
    {},
  ],
  [
    "instance 10 (tui): unread in 1 process",
    { ...INSTANCE, directory: null },
    { kind: "found", processes: 1 },
    { footprintBytes: null },
  ],
  [
    "process 11 (child: node) of instance 10 in ~/web is gone after 1h 30m, peak 5 GiB",
    CHILD,
    { kind: "gone", peakBytes: 5 * GIB, lifetimeMs: 90 * MINUTE },
    {},
  ],
  [
    "process 10 (tui) in ~/web: footprint 3 GiB is over the warning limit of 2 GiB, was normal",
    TUI,
    { kind: "level", from: "normal", limitBytes: 2 * GIB },
    {},
  ],
  [
    "process 10 (tui) in ~/web: footprint 3 GiB is warning again, was critical (limit 4 GiB)",
    TUI,
    { kind: "level", from: "critical", limitBytes: 4 * GIB },
    {},
  ],
  [
    "process 10 (tui) in ~/web: its memory can't be read, was warning",
    TUI,
    { kind: "level", from: "warning", limitBytes: null },
    { level: "unknown", footprintBytes: null },
  ],
  [
    "process 10 (tui) in ~/web: normal, was unknown",
    TUI,
    { kind: "level", from: "unknown", limitBytes: null },
    { level: "normal" },
  ],
  // Two amounts that rounding would make equal are told apart.
  [
    `process 10 (tui) in ~/web: footprint ${2 * GIB + 1} B is over the warning limit of ${
      2 * GIB
    } B, was normal`,
    TUI,
    { kind: "level", from: "normal", limitBytes: 2 * GIB },
    { footprintBytes: 2 * GIB + 1 },
  ],
  [
    "process 10 (tui) in ~/web is warning for 20m: footprint 3 GiB, limit 2 GiB",
    TUI,
    { kind: "reminder", sinceMs: 20 * MINUTE, limitBytes: 2 * GIB },
    {},
  ],
  [
    "process 10 (tui) in ~/web is warning for 20m: its memory can't be read",
    TUI,
    { kind: "reminder", sinceMs: 20 * MINUTE, limitBytes: 2 * GIB },
    { footprintBytes: null },
  ],
  [
    "process 10 (tui) in ~/web grows steadily: +300 MiB in 10m to 3 GiB, +30 MiB/min; over the " +
    "warning limit of 2 GiB, over the critical limit of 4 GiB in 34m",
    TUI,
    growth,
    {},
  ],
  [
    "instance 10 (tui) in ~/web runs 66 times (3 GiB): npx mcp --api-key ***",
    INSTANCE,
    { kind: "duplicates", command: ["/bin/npx", "mcp", "--api-key", "abc"], count: 66 },
    {},
  ],
];

for (const [sentence, subject, happening, standing] of SENTENCES) {
  pure(sentence, () => {
    assert.equal(record(subject, happening, standing).message, sentence);
  });
}

pure("a hole in the readings, and why", () => {
  const say = (kind: "slept" | "late") =>
    eventRecord({ atMs: NOW_MS, kind: "gap", gap: { kind, ms: 90 * MINUTE } }, WORDING).message;
  assert.equal(
    say("slept"),
    "no readings for 1h 30m: the machine slept, or its clock was set forward; slopes start anew",
  );
  assert.match(say("late"), /ocmem was stopped, or the machine was too busy/);
});

/** What a process may call itself, to steer a terminal, a shell, a notification or a log. */
const HOSTILE = 'a\x1b[31m\n"$(id)";`x`\u202e<b>&';

pure("hostile names and directories are harmless wherever an event goes", () => {
  const subject = { ...CHILD, name: HOSTILE, directory: `/tmp/${HOSTILE}` };
  const event = record(subject, { kind: "level", from: "normal", limitBytes: 2 * GIB });
  const texts = [event.message, ...Object.values(hookEnvironment(event))];
  for (const text of texts) assert.doesNotMatch(text, /[\p{Cc}\p{Cf}]/u);
  assert.ok(event.message.includes("a\\x1b[31m\\n"));
  const copies = record(INSTANCE, { kind: "duplicates", command: ["node", HOSTILE], count: 9 });
  assert.doesNotMatch(copies.message, /[\p{Cc}\p{Cf}]/u);
});

pure("a hook finds every variable, empty where an event has nothing", () => {
  assert.deepEqual(hookEnvironment(record(TUI, growth)), {
    OCMEM_EVENT: "growth",
    OCMEM_AT: new Date(NOW_MS).toISOString(),
    OCMEM_MESSAGE: SENTENCES.find(([, , happening]) => happening === growth)![0],
    OCMEM_SUBJECT: "process",
    OCMEM_INSTANCE: "10-7",
    OCMEM_PID: "10",
    OCMEM_ROLE: "tui",
    OCMEM_NAME: "opencode",
    OCMEM_DIRECTORY: "/home/ann/web",
    OCMEM_LEVEL: "warning",
    OCMEM_PREVIOUS_LEVEL: "",
    OCMEM_FOOTPRINT_BYTES: String(3 * GIB),
    OCMEM_LIMIT_BYTES: "",
    OCMEM_PEAK_BYTES: "",
    OCMEM_SLOPE_BYTES_PER_MINUTE: String(30 * MIB),
    OCMEM_SECONDS_TO_CRITICAL: String(34 * 60),
    OCMEM_COUNT: "",
  });
});

pure("notifications: for what needs somebody, with the texts as arguments", () => {
  const level = { kind: "level", from: "normal", limitBytes: 2 * GIB } as const;
  const event = record({ ...TUI, directory: "/<b>&" }, level);
  const linux = notificationOf(event, "linux")!;
  assert.equal(linux.script, 'exec notify-send --app-name=ocmem --urgency="$0" -- "$1" "$2"');
  assert.deepEqual(linux.args, [
    "normal",
    "ocmem: warning",
    event.message.replace("/<b>&", "/&lt;b&gt;&amp;"),
  ]);
  const darwin = notificationOf(event, "darwin")!;
  assert.match(darwin.script, /^exec osascript -e 'on run argv' -e 'display notification \(item 2/);
  assert.deepEqual(darwin.args.slice(1), ["ocmem: warning", event.message]);
  const critical = record(TUI, level, { level: "critical" });
  assert.equal(notificationOf(critical, "linux")!.args[0], "critical");
  assert.equal(notificationOf(record(TUI, growth), "linux")!.args[1], "ocmem: growth");
  const quiet: Happening[] = [
    { kind: "found", processes: 1 },
    { kind: "gone", peakBytes: 1, lifetimeMs: 1 },
  ];
  for (const one of quiet) assert.equal(notificationOf(record(TUI, one), "linux"), null);
});
