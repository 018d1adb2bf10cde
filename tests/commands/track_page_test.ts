/** Pages of what was tracked: they are made from the same document as those of what was recorded. */

import assert from "node:assert/strict";
import { parseDuration } from "../../src/durations.ts";
import { FakeProbe, GIB, MIB, NOW_MS } from "../fake.ts";
import { type FakeFile, runFake } from "../fake_world.ts";
import { ALL, withHistory } from "../recorded.ts";
import { SCHEMAS, validator } from "../schema/schemas.ts";
import { pure } from "../support.ts";
import { openCode } from "./running.ts";

interface Series {
  readonly key: string;
  readonly pid: number;
  readonly stats: unknown;
  readonly points: unknown;
}

interface Document {
  readonly looks: number;
  readonly step_ms: number | null;
  readonly totals: unknown;
  readonly instances: readonly (Series & { readonly processes: readonly Series[] })[];
}

/** The document in a page. */
function documentIn(page: string): Document {
  const [, json] = /<script type="application\/json"[^>]*>([^<]*)<\/script>/.exec(page) ?? [];
  assert.ok(json, "there is one, and nothing in it could end it");
  return JSON.parse(json);
}

function machine(): FakeProbe {
  const helper = { pid: 11, ppid: 10, name: "mcp", argv: ["mcp"], memory: MIB };
  const other = openCode("denied", { pid: 20, argv: ["opencode", "serve"] });
  return new FakeProbe([openCode(3 * GIB, { cwd: "/w" }), helper, other]);
}

/** What a page and what a history say of the same readings, without the names of series. */
function figures({ looks, step_ms, totals, instances }: Document): unknown {
  const of = ({ pid, stats, points }: Series) => ({ pid, stats, points });
  return {
    ...{ looks, step_ms, totals },
    instances: instances.map((one) => ({ ...of(one), processes: one.processes.map(of) })),
  };
}

for (
  const args of [
    "--duration 5s",
    "--duration 3s --interval 100ms",
    "--duration 10s --interval 10ms",
  ]
) {
  pure(`track --html ${args}: the page says what a history of the same says`, async () => {
    const files = new Map<string, FakeFile>();
    const probe = machine();
    const scene = { ...await withHistory(), probe, files };
    // The helper grows, and ends before the session.
    const script = {
      450: () => probe.set([openCode(5 * GIB, { cwd: "/w" })]),
      990: () => probe.set([openCode(4 * GIB, { cwd: "/w" })]),
    };
    const words = ["track", "--record", ...args.split(" "), "--html", "/p.html"];
    const tracked = await runFake(words, { ...scene, script });
    assert.deepEqual([tracked.code, tracked.err], [0, ""]);
    const page = documentIn(files.get("/p.html")!.text);
    assert.equal(validator(SCHEMAS.history!)(page), null);
    const keys = page.instances.flatMap((one) => one.processes.map(({ key }) => key));
    assert.equal(new Set(keys).size, 3);
    const until = new Date(NOW_MS + parseDuration(args.split(" ")[1]!)!).toISOString();
    const { out } = await runFake(
      ["history", "--json", ...ALL.slice(0, 2), "--until", until],
      scene,
    );
    assert.deepEqual(figures(page), figures(JSON.parse(out)));
  });
}
