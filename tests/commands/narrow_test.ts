/** --role, --project, --sort and --top of check and list. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { narrowed, withView } from "../../src/commands/narrow.ts";
import type { ScanFlags, SortKey } from "../../src/commands/flags.ts";
import { ROLES } from "../../src/types.ts";
import { FakeProbe, type FakeProcess, GIB, MIB, NOW_MS } from "../fake.ts";
import { runFake } from "../fake_world.ts";
import { reportOn } from "../report/reported.ts";
import { pure } from "../support.ts";

function opencode(pid: number, args: string, cwd: string | null, memory: number): FakeProcess {
  const argv = ["opencode", ...args.split(" ").filter((word) => word)];
  const startedAtMs = NOW_MS - pid * 1000;
  return { pid, name: "opencode", exe: "/b/opencode", argv, cwd, memory, startedAtMs };
}

const MACHINE: readonly FakeProcess[] = [
  opencode(10, "", "/w/web", 3 * GIB),
  opencode(20, "serve", "/w/api", GIB),
  opencode(30, "", "/w/web/sub", MIB),
  opencode(40, "run x", "/w/website", 2 * MIB),
  opencode(50, "serve", null, 3 * MIB),
  { pid: 21, ppid: 20, name: "gopls", memory: 5 * GIB },
];

async function run(args: string, processes = MACHINE) {
  const words = args.split(" ").filter((word) => word);
  return await runFake(words, { probe: new FakeProbe(processes), directory: "/w/web" });
}

/** Pids of the main processes that a document shows, in order. */
async function shown(args: string): Promise<number[]> {
  const { out, err } = await run(`${args} --json`);
  assert.equal(err, "");
  return JSON.parse(out).instances.map(({ id }: { id: string }) => parseInt(id, 10));
}

pure("without them nothing is left out, the largest first", async () => {
  assert.deepEqual(await shown("list"), [20, 10, 50, 40, 30]);
  assert.equal(JSON.parse((await run("list --json")).out).hidden, 0);
});

pure("--role is that of the instance, and several are either", async () => {
  assert.deepEqual(await shown("list --role tui"), [10, 30]);
  assert.deepEqual(await shown("list --role run --role server"), [20, 50, 40]);
  assert.deepEqual(await shown("list --role child"), []);
  assert.match((await run("list --role nobody")).err, /expected one of tui, server/);
});

pure("--project is a folder or one below it, from here, by its name", async () => {
  assert.deepEqual(await shown("list --project /w/web"), [10, 30]);
  assert.deepEqual(await shown("list --project /w/web/"), [10, 30]);
  assert.deepEqual(await shown("list --project ."), [10, 30]);
  assert.deepEqual(await shown("list --project sub/../sub"), [30]);
  assert.deepEqual(await shown("list --project ../api --project sub"), [20, 30]);
  assert.deepEqual(await shown("list --project /"), [20, 10, 40, 30]);
  assert.deepEqual(await shown("list --project /w/web --role server"), []);
});

pure("they choose what is judged: the verdict, the totals and --none are about that", async () => {
  const verdict = async (args: string) => (await run(`check ${args}`)).code;
  assert.equal(await verdict(""), 2);
  assert.equal(await verdict("--role tui"), 1);
  assert.equal(await verdict("--role run"), 0);
  assert.equal(await verdict("--role acp --none critical"), 2);
  const { totals } = JSON.parse((await run("check --json --role tui")).out);
  assert.deepEqual([totals.instances, totals.footprint_bytes], [2, 3 * GIB + MIB]);
  const { out } = await run("check --role acp");
  assert.equal(
    out,
    "OCMEM OK - no OpenCode process that was asked for is running (7 processes looked at)\n",
  );
});

const ORDERS: Readonly<Record<SortKey, readonly number[]>> = {
  footprint: [20, 10, 50, 40, 30],
  pid: [10, 20, 30, 40, 50],
  uptime: [50, 40, 30, 20, 10],
  role: [10, 30, 20, 50, 40],
  project: [20, 10, 30, 40, 50],
};

for (const [key, order] of Object.entries(ORDERS)) {
  pure(`--sort ${key}, and the first of it`, async () => {
    assert.deepEqual(await shown(`check --sort ${key}`), order);
    assert.deepEqual(await shown(`list --sort ${key} --top 2`), order.slice(0, 2));
  });
}

pure("--top changes what is shown, never the verdict, its reasons or the totals", async () => {
  const [all, top] = await Promise.all(["", "--top 1 --sort pid"].map(async (flags) => {
    const { out, code } = await run(`check --json ${flags}`);
    const { instances, hidden, scan: _, ...rest } = JSON.parse(out);
    return { code, rest, hidden, instances };
  }));
  assert.deepEqual([top!.code, top!.rest], [all!.code, all!.rest]);
  assert.deepEqual([all!.hidden, top!.hidden], [0, 4]);
  assert.deepEqual(
    top!.instances,
    all!.instances.filter(({ id }: { id: string }) => id === "10-s10"),
  );
  const { out } = await run("check --top 1 --sort pid");
  // 9 GiB and 6 MiB.
  assert.match(out, /^OCMEM CRITICAL - 5 OpenCode instances, 9\.01 GiB/);
  assert.match(out, /process 21: footprint 5 GiB is over/);
  assert.match(out, /\n\n4 more instances are not shown \(--top\)\n$/);
  assert.match((await run("list --top 4")).out, /\n1 more instance is not shown \(--top\)\n$/);
  assert.doesNotMatch((await run("list --top 5")).out, /not shown/);
});

pure("every format of tables and lists shows the same", async () => {
  const flags = "--top 1 --sort pid";
  const csv = (await run(`list --format csv ${flags}`)).out.trim().split(/\r?\n/);
  assert.deepEqual([csv.length, csv[1]!.includes("10-s10")], [2, true]);
  const lines = (await run(`list --format ndjson ${flags}`)).out.trim().split("\n");
  const [report, ...rest] = lines.map((line) => JSON.parse(line));
  assert.deepEqual([report.hidden, report.totals.instances], [4, 5]);
  assert.deepEqual(rest.map(({ type }) => type), ["instance", "process"]);
  const { out } = await run(`list --format markdown ${flags}`);
  assert.equal(out.match(/^\| \d+/gm)?.length, 1);
  assert.match(out, /\n\n4 more instances are not shown \(--top\)\n$/);
});

pure("metrics, menus and plugins are whole: --sort and --top are refused", async () => {
  for (const format of ["nagios", "prometheus", "openmetrics", "swiftbar"]) {
    for (const flag of ["--top 1", "--sort pid"]) {
      const { code, out, err } = await run(`check --format ${format} ${flag}`);
      assert.equal(code, 3);
      assert.match(
        out + err,
        new RegExp(`Cannot use ${flag.split(" ")[0]} with --format ${format}`),
      );
    }
    assert.notEqual((await run(`check --format ${format} --role tui`)).out, "");
  }
});

pure("--project is where its links lead to, too", async () => {
  const scene = {
    probe: new FakeProbe([
      {
        pid: 10,
        name: "opencode",
        exe: "/b/opencode",
        argv: ["opencode"],
        cwd: "/private/tmp/web",
      },
    ]),
    links: { "/tmp/web": "/private/tmp/web", "/w/web/here": "/private/tmp" },
    directory: "/w/web",
  };
  const found = async (project: string) => {
    const { out } = await runFake(["check", "--json", "--project", project], scene);
    return JSON.parse(out).instances.length;
  };
  assert.equal(await found("/tmp/web"), 1);
  assert.equal(await found("here"), 1);
  assert.equal(await found("/private/tmp/web"), 1);
  assert.equal(await found("/tmp/other"), 0);
});

pure("a folder above all of them leaves none out whose folder is known", () => {
  const path = fc.array(fc.constantFrom("a", "b", "ab"), { maxLength: 3 })
    .map((parts) => `/${parts.join("/")}`);
  fc.assert(fc.property(fc.array(path), path, (directories, project) => {
    const found = directories.map((directory) => ({ instance: { directory } }));
    const seen = { found } as unknown as Parameters<typeof narrowed>[0];
    const world = { directory: () => "/", realPath: () => null };
    const kept = narrowed(seen, { project: [project] }, world).found;
    const below = directories.filter((one) =>
      project === "/" || `${one}/`.startsWith(`${project}/`)
    );
    assert.deepEqual(kept.map(({ instance }) => instance.directory), below);
    assert.equal(narrowed(seen, { project: ["/"] }, world).found.length, found.length);
  }));
});

pure(
  "a view holds the report's own instances, once each, and equal ones keep their order",
  async () => {
    const keys = Object.keys(ORDERS) as SortKey[];
    const machine = fc.array(
      fc.record({
        args: fc.constantFrom("", "serve", "run x", "acp"),
        cwd: fc.constantFrom(null, "/a", "/b"),
        memory: fc.constantFrom(MIB, GIB),
      }),
      { maxLength: 8 },
    );
    const flags = fc.record({
      sort: fc.constantFrom(undefined, ...keys),
      top: fc.constantFrom(undefined, 1, 3, 100),
    });
    await fc.assert(fc.asyncProperty(machine, flags, async (ones, view: ScanFlags) => {
      const processes = ones.map((one, i) => opencode(10 + i, one.args, one.cwd, one.memory));
      const report = await reportOn(processes);
      const { shown = report.instances, ...rest } = withView(report, view);
      assert.deepEqual(rest, { ...report, isNarrowed: false });
      assert.equal(shown.length, Math.min(view.top ?? Infinity, report.instances.length));
      assert.equal(new Set(shown).size, shown.length);
      const places = shown.map((one) => report.instances.indexOf(one));
      assert.ok(!places.includes(-1));
      for (const [i, one] of shown.entries()) {
        const next = shown[i + 1];
        if (next === undefined) continue;
        const isEqual = view.sort === undefined || view.sort === "footprint" ||
          (view.sort === "role" && one.role === next.role) ||
          (view.sort === "project" && one.directory === next.directory);
        if (isEqual) assert.ok(places[i]! < places[i + 1]!);
        if (view.sort === "role") assert.ok(ROLES.indexOf(one.role) <= ROLES.indexOf(next.role));
      }
    }));
  },
);
