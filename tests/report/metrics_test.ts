import assert from "node:assert/strict";
import fc from "fast-check";
import type { Family, Labels } from "../../src/report/metric_family.ts";
import { metricFamilies } from "../../src/report/metrics.ts";
import type { Report } from "../../src/report/report.ts";
import type { Level } from "../../src/types.ts";
import { GIB, MIB, reading } from "../fake.ts";
import { pure } from "../support.ts";
import { reportOf, reports, session, type Sketch, STYLE } from "./metric_reports.ts";

const PID_STYLE = { ...STYLE, pidLabel: true };

/** The samples of a family as label values, joined, and value; undefined if there is no such family. */
function samplesOf(families: readonly Family[], name: string): [string, number][] | undefined {
  return families.find((family) => family.name === name)
    ?.samples.map(({ labels, value }) => [Object.values(labels).join("|"), value]);
}

function labelsOf(families: readonly Family[], name: string): Labels[] {
  return families.find((family) => family.name === name)!.samples.map(({ labels }) => labels);
}

/** Two servers and their children in one project, a session in another, an orphan from nowhere. */
const MACHINE: readonly Sketch[] = [
  {
    role: "server",
    directory: "/home/ann/api",
    level: "warning",
    processes: [
      { role: "server", reading: reading(300 * MIB, { peakBytes: 900 * MIB, swappedBytes: MIB }) },
      { role: "child", reading: reading(20 * MIB, { swappedBytes: null }) },
      { role: "child", reading: null },
    ],
  },
  {
    role: "server",
    directory: "/home/ann/api",
    level: "unknown",
    processes: [
      { role: "server", reading: reading(500 * MIB, { peakBytes: 600 * MIB, swappedBytes: MIB }) },
      { role: "child", reading: reading(5 * MIB, { peakBytes: null, swappedBytes: null }) },
    ],
  },
  { ...session("/srv/web", GIB), level: "normal" },
  {
    role: "orphan",
    directory: null,
    level: "unknown",
    processes: [{ role: "orphan", reading: null }],
  },
];

pure(
  "processes of one role and one project are one sample: their sum, of peaks the highest",
  () => {
    const families = metricFamilies(reportOf(MACHINE), STYLE);
    const of = (name: string) => samplesOf(families, `opencode_${name}`);
    assert.deepEqual(of("memory_footprint_bytes"), [
      ["tui|/srv/web", GIB],
      ["server|~/api", 800 * MIB],
      ["child|~/api", 25 * MIB],
    ]);
    // The readings of these tests are 10 MiB more resident than footprint.
    assert.deepEqual(of("memory_resident_bytes"), [
      ["tui|/srv/web", GIB + 10 * MIB],
      ["server|~/api", 820 * MIB],
      ["child|~/api", 45 * MIB],
    ]);
    assert.deepEqual(of("memory_peak_bytes"), [
      ["tui|/srv/web", GIB + 20 * MIB],
      ["server|~/api", 900 * MIB],
      ["child|~/api", 40 * MIB],
    ]);
    assert.deepEqual(of("processes"), [
      ["tui|/srv/web", 1],
      ["server|~/api", 2],
      ["child|~/api", 3],
      ["orphan|", 1],
    ]);
    assert.deepEqual(of("instances"), [["tui|/srv/web", 1], ["server|~/api", 2], ["orphan|", 1]]);
    assert.deepEqual(of("unread_processes"), [["", 2]]);
    assert.deepEqual(labelsOf(families, "opencode_instances")[0], {
      role: "tui",
      project: "/srv/web",
    });
  },
);

pure("what is not known is left out, and never 0", () => {
  const families = metricFamilies(reportOf(MACHINE), STYLE);
  // A child's swapped memory is null; 0 of a session was read as 0.
  assert.deepEqual(samplesOf(families, "opencode_memory_swapped_bytes"), [
    ["tui|/srv/web", 0],
    ["server|~/api", 2 * MIB],
  ]);
  assert.equal(samplesOf(families, "opencode_memory_pss_bytes"), undefined);
  assert.equal(samplesOf(families, "opencode_memory_uss_bytes"), undefined);
});

pure("PSS and USS are there when they were asked for", () => {
  const exact = reading(GIB, { pssBytes: 3 * MIB, ussBytes: 2 * MIB });
  const families = metricFamilies(
    reportOf([{ role: "run", directory: "/a", processes: [{ role: "run", reading: exact }] }]),
    STYLE,
  );
  assert.deepEqual(samplesOf(families, "opencode_memory_pss_bytes"), [["run|/a", 3 * MIB]]);
  assert.deepEqual(samplesOf(families, "opencode_memory_uss_bytes"), [["run|/a", 2 * MIB]]);
});

pure("with pid labels each process is a sample, and counts stay as they are", () => {
  const report = reportOf(MACHINE);
  const [plain, labelled] = [STYLE, PID_STYLE].map((style) => metricFamilies(report, style));
  assert.deepEqual(samplesOf(labelled!, "opencode_memory_peak_bytes"), [
    ["tui|/srv/web|105", GIB + 20 * MIB],
    ["server|~/api|103", 600 * MIB],
    ["server|~/api|100", 900 * MIB],
    ["child|~/api|101", 40 * MIB],
  ]);
  assert.deepEqual(labelsOf(labelled!, "opencode_memory_swapped_bytes")[1], {
    role: "server",
    project: "~/api",
    pid: "103",
  });
  for (const name of ["opencode_processes", "opencode_instances", "opencode_instance_level"]) {
    assert.deepEqual(samplesOf(labelled!, name), samplesOf(plain!, name));
  }
});

pure("the level of several instances is the worst, not the highest number", () => {
  const level = (...levels: Level[]) => {
    const sketches = levels.map((level) => ({ ...session("/a", GIB), level }));
    const families = metricFamilies(reportOf(sketches), STYLE);
    return samplesOf(families, "opencode_instance_level");
  };
  assert.deepEqual(level("normal"), [["tui|/a", 0]]);
  assert.deepEqual(level("normal", "unknown"), [["tui|/a", 3]]);
  assert.deepEqual(level("unknown", "warning"), [["tui|/a", 1]]);
  assert.deepEqual(level("warning", "critical", "unknown"), [["tui|/a", 2]]);
});

pure("the level of all is the exit code", () => {
  for (const [code, level] of (["normal", "warning", "critical", "unknown"] as const).entries()) {
    const families = metricFamilies(reportOf([], { level, exitCode: code }), STYLE);
    assert.deepEqual(samplesOf(families, "opencode_level"), [["", code]]);
  }
});

pure("what was not judged has neither levels nor limits", () => {
  const families = metricFamilies(
    reportOf([session("/a", GIB)], { level: null, thresholds: null }),
    STYLE,
  );
  const names = families.map(({ name }) => name);
  assert.deepEqual(names.filter((name) => /level|limit/.test(name)), []);
  assert.ok(names.includes("opencode_instances"));
});

pure("where nothing runs, a 0 says so", () => {
  const families = metricFamilies(reportOf([]), STYLE);
  for (const name of ["opencode_processes", "opencode_instances"]) {
    assert.deepEqual(samplesOf(families, name), [["|", 0]]);
    assert.deepEqual(labelsOf(families, name), [{ role: "", project: "" }]);
  }
  assert.deepEqual(
    families.filter(({ name }) => /memory_(?!limit)\w+_bytes/.test(name)).map(({ name }) => name),
    [],
  );
  assert.equal(samplesOf(families, "opencode_instance_level"), undefined);
  assert.deepEqual(samplesOf(families, "opencode_level"), [["", 0]]);
});

pure("limits, with what they are compared with, and those of a role by itself", () => {
  const limits = { warningBytes: GIB, criticalBytes: 2 * GIB };
  const families = metricFamilies(
    reportOf([], {
      thresholds: {
        ...limits,
        scope: "instance",
        roles: { server: { warningBytes: 3 * GIB, criticalBytes: 4 * GIB } },
      },
    }),
    STYLE,
  );
  assert.deepEqual(samplesOf(families, "opencode_memory_limit_bytes"), [
    ["warning|instance|", GIB],
    ["critical|instance|", 2 * GIB],
    ["warning|instance|server", 3 * GIB],
    ["critical|instance|server", 4 * GIB],
  ]);
  assert.deepEqual(labelsOf(families, "opencode_memory_limit_bytes")[3], {
    level: "critical",
    scope: "instance",
    role: "server",
  });
});

pure("the run: seconds to the millisecond, the machine, the tool", () => {
  // Clocks may be finer than that.
  const report = reportOf([], { takenAtMs: Date.UTC(2026, 0, 2, 3, 4, 5, 123) + 0.25 });
  const families = metricFamilies(report, STYLE);
  const of = (name: string) => samplesOf(families, name)![0]![1];
  // 2026-01-02T03:04:05.123Z by `date -u -d … +%s`.
  assert.equal(of("opencode_last_run_timestamp_seconds"), 1767323045.123);
  assert.equal(of("opencode_scan_duration_seconds"), 0.012);
  assert.equal(of("opencode_scanned_processes"), 321);
  assert.equal(of("opencode_unreadable_processes"), 4);
  assert.equal(of("opencode_machine_memory_bytes"), 16 * GIB);
  const build = families.find(({ name }) => name === "ocmem_build")!;
  assert.equal(build.type, "info");
  assert.deepEqual(build.samples, [
    { labels: { version: "1.2.3", os: "linux", arch: "x86_64" }, value: 1 },
  ]);
});

pure("names: a prefix, base units at the end, each once", () => {
  const report = reportOf([{
    role: "tui",
    directory: "/a",
    level: "normal",
    processes: [{ role: "tui", reading: reading(GIB, { pssBytes: 1, ussBytes: 1 }) }],
  }]);
  const families = metricFamilies(report, STYLE);
  assert.equal(new Set(families.map(({ name }) => name)).size, families.length);
  assert.equal(families.length, 18);
  for (const { name, unit, help } of families) {
    assert.match(name, /^(?:opencode|ocmem)(?:_[a-z]+)+$/);
    assert.match(help, /^[A-Z].*\.$/);
    const last = name.split("_").at(-1)!;
    assert.equal(unit, last === "bytes" || last === "seconds" ? last : null);
  }
});

pure("any Report: no series twice, nothing lost, labels few and short, the same help", () => {
  const helps = new Map<string, string>();
  fc.assert(fc.property(reports, fc.boolean(), (report, pidLabel) => {
    const families = metricFamilies(report, { ...STYLE, pidLabel });
    for (const { name, help, samples } of families) {
      const series = samples.map(({ labels }) => JSON.stringify(Object.entries(labels).sort()));
      assert.equal(new Set(series).size, series.length, `${name} has a series twice`);
      assert.equal(help, helps.get(name) ?? help);
      helps.set(name, help);
      const projects = new Set(samples.map(({ labels }) => labels.project ?? ""));
      assert.ok(projects.size <= 52);
      for (const project of projects) {
        assert.ok(Array.from(project).length <= 128);
        assert.ok(project.isWellFormed());
      }
    }
    assert.deepEqual(totalsIn(families), totalsOf(report));
  }));
});

/** What the samples of the additive families add up to. */
function totalsIn(families: readonly Family[]): number[] {
  const names = ["memory_footprint_bytes", "memory_swapped_bytes", "processes", "instances"];
  return names.map((name) =>
    samplesOf(families, `opencode_${name}`)?.reduce((sum, [, value]) => sum + value, 0) ?? 0
  );
}

function totalsOf({ totals, instances }: Report): number[] {
  let swapped = 0;
  for (const { processes } of instances) {
    for (const { reading } of processes) swapped += reading?.swappedBytes ?? 0;
  }
  return [totals.footprintBytes, swapped, totals.processes, totals.instances];
}
