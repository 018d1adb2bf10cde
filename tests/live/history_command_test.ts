/** `history`, and where histories are. */

import assert from "node:assert/strict";
import { historyFile } from "../history/spoiling.ts";
import { live } from "../support.ts";
import { finished, linesOf } from "./command_line.ts";
import { documented } from "./program.ts";
import { HistoryHome, OWN, watchOwn } from "./history_home.ts";

const WATCH = watchOwn(2);

live("without any history: what begins one; nothing is made", {}, async () => {
  using home = new HistoryHome();
  const { code, stdout, stderr } = await home.run("history");
  assert.deepEqual([code, stdout], [69, ""]);
  assert.equal(
    stderr,
    `ocmem: Cannot read the history ${home.database}: it is not there. watch --record begins one\n`,
  );
  assert.deepEqual([...Deno.readDirSync(home.path)], []);
  const json = await home.run("history", "--json");
  assert.deepEqual([json.code, json.stdout, JSON.parse(json.stderr).type], [69, "", "error"]);
});

live("neither HOME nor XDG_STATE_HOME: usage, before anything is watched", {}, async () => {
  for (const command of [["history"], WATCH]) {
    const [program, ...words] = [...documented(), ...command];
    const script = 'unset HOME XDG_STATE_HOME DENO_DIR; export DENO_DIR="$1"; shift; exec "$@"';
    using home = new HistoryHome();
    const args = ["-c", script, "sh", `${home.path}/deno`, program, ...words];
    const { code, stdout, stderr } = await finished("/bin/sh", args);
    assert.deepEqual([code, stdout], [64, ""], stderr);
    assert.match(
      stderr,
      /neither XDG_STATE_HOME nor HOME names a folder\. --database names a file/,
    );
  }
});

live("what is recorded is for this user alone, whatever the umask", {}, async () => {
  for (const umask of ["000", "077"]) {
    using home = new HistoryHome();
    const [program, ...words] = [...documented(), ...WATCH];
    const script = 'umask "$1"; shift; exec "$@"';
    const { code } = await finished(
      "/bin/sh",
      ["-c", script, "sh", umask, program, ...words],
      home.env,
    );
    assert.equal(code, 0);
    const mode = (path: string) => Deno.statSync(path).mode! & 0o777;
    assert.deepEqual([mode(`${home.path}/ocmem`), mode(home.database)], [0o700, 0o600]);
  }
});

live(
  "track records too, and --database names another file, also one that begins with ~",
  {},
  async () => {
    using home = new HistoryHome();
    const track = ["track", "--record", ...OWN, "--duration", "30ms", "--interval", "10ms"];
    const path = `${home.path}/other folder/h.db`;
    const { code, stderr } = await home.run(...track, "--format", "ndjson", "--database", path);
    assert.deepEqual([code, stderr], [0, ""]);
    const { looks, instances } = await home.history("--database", path);
    assert.deepEqual([looks, instances.map(({ pid }) => pid)], [3, [Deno.pid]]);
    const [program, ...words] = [
      ...documented(),
      "history",
      "--json",
      "--database",
      "~/other folder/h.db",
    ];
    const asked = await finished(program!, words, { HOME: home.path });
    assert.equal(JSON.parse(asked.stdout).looks, 3);
  },
);

live("what was watched is what history says", {}, async () => {
  using home = new HistoryHome();
  const { stdout } = await home.run(...WATCH);
  const samples = linesOf(stdout).filter(({ type }) => type === "sample");
  const { looks, instances, events } = await home.history(...OWN);
  assert.equal(looks, samples.length);
  const peak = Math.max(...samples.map(({ footprint_bytes }) => footprint_bytes!));
  assert.equal(instances[0]!.stats.max_bytes, peak);
  assert.deepEqual(events.map(({ event, pid }) => [event, pid]), [["found", Deno.pid]]);
});

live("nobody reads it to the end: no error", {}, async () => {
  using home = new HistoryHome();
  await historyFile(home.database, 2000);
  const command = documented().map((word) => `'${word}'`).join(" ");
  const script =
    `{ ${command} history --json --since 2026-01-01; echo "code $?" >&2; } | head -c 10`;
  const { stdout, stderr } = await finished("/bin/sh", ["-c", script], home.env);
  assert.deepEqual([stdout, stderr], ['{"schema_v', "code 0\n"]);
});
