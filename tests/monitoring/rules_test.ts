/** The alerts on levels, shares, processes and on ocmem itself: they fire when they should, and end. */

import { GIB } from "../fake.ts";
import { reportOf, session, type Sketch } from "../report/metric_reports.ts";
import type { Report } from "../../src/report/report.ts";
import type { Level } from "../../src/types.ts";
import { live } from "../support.ts";
import { expectAlerts, expectFiring, PROMTOOL, type Timeline } from "./timeline.ts";

/** What runs, seen in this minute. promtool's clock begins with 1970. */
function seen(minute: number, ...sketches: readonly Sketch[]): Report {
  return reportOf(sketches, { takenAtMs: minute * 60_000 });
}

function at(level: Level, directory: string | null = "/srv/x"): Sketch {
  return { ...session(directory, GIB), level };
}

/** One machine. */
function box(minutes: number, machine: (minute: number) => Report | null): Timeline {
  return { minutes, machines: { box: machine } };
}

live(
  "while all is well, nothing runs, or nothing is known, no limit is alerted",
  PROMTOOL,
  async () => {
    for (const sketches of [[], [at("normal"), at("normal", null)], [at("unknown")]]) {
      const quiet = box(360, (minute) => seen(minute, ...sketches));
      await expectFiring(quiet, [[0, []], [5, []], [16, []], [61, []], [360, []]]);
    }
  },
);

live("over the critical limit: for 5 minutes, until it is over", PROMTOOL, async () => {
  const isOver = (minute: number) => minute >= 10 && minute < 30;
  const levels = box(40, (minute) => seen(minute, at(isOver(minute) ? "critical" : "normal")));
  const both = ["OpenCodeOverCriticalLimit", "OpenCodeOverWarningLimit"];
  await expectFiring(levels, [
    [14, []],
    [15, ["OpenCodeOverCriticalLimit"]],
    [20, both],
    [29, both],
    [30, []],
  ]);
});

live("a short time over a limit is no alert", PROMTOOL, async () => {
  const peaks = box(60, (minute) => seen(minute, at(minute % 5 < 4 ? "critical" : "normal")));
  await expectFiring(peaks, [[15, []], [34, []], [60, []]]);
});

live("from warning to critical and back the warning goes on", PROMTOOL, async () => {
  const levels = box(40, (minute) => {
    const level = minute < 5 ? "normal" : minute >= 12 && minute < 22 ? "critical" : "warning";
    return seen(minute, at(level));
  });
  const warning = ["OpenCodeOverWarningLimit"];
  await expectFiring(levels, [
    [14, []],
    [15, warning],
    [21, ["OpenCodeOverCriticalLimit", ...warning]],
    [22, warning],
    [40, warning],
  ]);
});

live(
  "an alert says where, whatever the name of the place, and keeps the target's labels",
  PROMTOOL,
  async () => {
    const hostile = '/tmp/{{ $value }} "x" <b>';
    const levels = box(6, (minute) => seen(minute, at("critical", hostile), at("critical", null)));
    const labels = { severity: "critical", instance: "box", job: "node", team: "web", role: "tui" };
    const description = "It has been for 5 minutes. Which process it is, and how much it holds, " +
      "`ocmem check` on box tells. A session is continued after a restart with `opencode --continue`.";
    await expectAlerts(levels, 6, "OpenCodeOverCriticalLimit", [
      {
        exp_labels: { ...labels, project: hostile },
        exp_annotations: {
          summary: `OpenCode (tui) in ${hostile} on box is over its critical memory limit`,
          description,
        },
      },
      {
        exp_labels: labels,
        exp_annotations: {
          summary: "OpenCode (tui) on box is over its critical memory limit",
          description,
        },
      },
    ]);
  },
);

live("a machine's memory: half of it for 15 minutes, 80% for 5", PROMTOOL, async () => {
  // Of 16 GiB, in two projects and two roles.
  const holding = (gib: number) => [session("/srv/x", gib * GIB / 2), {
    ...session("/srv/y", gib * GIB / 2),
    processes: session("/srv/y", gib * GIB / 2, "server").processes,
  }];
  const firing = async (gib: number, minute: number, ...alerts: string[]) => {
    const timeline = box(20, (now) => seen(now, ...holding(now < 18 ? gib : 1)));
    await expectFiring(timeline, [[minute, alerts], [18, []]]);
  };
  await firing(8, 17);
  await firing(8.1, 14);
  await firing(8.1, 15, "OpenCodeMachineMemoryWarning");
  await firing(12.8, 15, "OpenCodeMachineMemoryWarning");
  await firing(12.9, 4);
  await firing(12.9, 5, "OpenCodeMachineMemoryCritical");
  await firing(12.9, 15, "OpenCodeMachineMemoryCritical", "OpenCodeMachineMemoryWarning");
});

live("orphans: where they stay for an hour", PROMTOOL, async () => {
  const orphan = session("/srv/x", GIB, "orphan");
  const some = box(120, (minute) => seen(minute, ...(minute < 100 ? [at("normal"), orphan] : [])));
  await expectFiring(some, [[59, []], [60, ["OpenCodeOrphans"]], [100, []]]);
});

live("processes that can't be read: for half an hour", PROMTOOL, async () => {
  const unread: Sketch = { ...at("unknown"), processes: [{ role: "tui", reading: null }] };
  const some = box(60, (minute) => seen(minute, minute < 50 ? unread : at("normal")));
  await expectFiring(some, [[29, []], [30, ["OpenCodeUnread"]], [50, []]]);
});
