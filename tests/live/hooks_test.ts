/** `watch --exec` for real: the user's command by the shell at events. */

import assert from "node:assert/strict";
import { live, temporaryFolder } from "../support.ts";
import { act, castAs, NEEDS as ACTORS } from "./actor.ts";
import { linesOf } from "./command_line.ts";
import {
  BUSY,
  exists,
  HOSTILE,
  linesOfFile,
  LINUX,
  OWN,
  troublesIn,
  watched,
  watchStarted,
} from "./hooks.ts";
import { Children, stateOf, until } from "./processes.ts";

live("--exec: an event arrives as it is, and nothing of it is executed", ACTORS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const place = `${folder.path}/${HOSTILE}`;
  const out = `${folder.path}/out`;
  for (const each of [place, out]) Deno.mkdirSync(each);
  const { pid } = await act(children, castAs(`${folder.path}/actor`), { cwd: place });
  const { lines, troubles } = await watched(
    [
      ...["--pid", `${pid}`, "--warning", "1B", "--critical", "1TiB", "--count", "1"],
      ...["--exec", 'env | grep "^OCMEM_" | grep -v "^OCMEM_TEST_" >"$OCMEM_EVENT"'],
    ],
    { OCMEM_COUNT: "what was there before" },
    out,
  );
  assert.deepEqual(troubles, []);
  const events = lines.filter((line) => line.type === "event");
  assert.deepEqual(events.map((line) => line.event), ["found", "level"]);
  for (const event of events) {
    assert.equal(event.cwd, place);
    const expected = [
      ["AT", event.at],
      ["COUNT", ""],
      ["DIRECTORY", place],
      ["EVENT", event.event],
      ["FOOTPRINT_BYTES", event.footprint_bytes],
      ["INSTANCE", event.instance],
      ["LEVEL", event.event === "found" ? "normal" : "warning"],
      ["LIMIT_BYTES", event.event === "found" ? "" : 1],
      ["MESSAGE", event.message],
      ["NAME", "actor"],
      ["PEAK_BYTES", ""],
      ["PID", pid],
      ["PREVIOUS_LEVEL", event.event === "found" ? "" : "normal"],
      ["ROLE", "pid"],
      ["SECONDS_TO_CRITICAL", ""],
      ["SLOPE_BYTES_PER_MINUTE", ""],
      ["SUBJECT", event.event === "found" ? "instance" : "process"],
    ].map(([name, value]) => `OCMEM_${name}=${value}`);
    assert.deepEqual(linesOfFile(`${out}/${event.event}`).toSorted(), expected);
  }
  assert.deepEqual([...Deno.readDirSync(out)].map((one) => one.name).toSorted(), [
    "found",
    "level",
  ]);
  assert.deepEqual([...Deno.readDirSync(place)], []);
});

/** Pids that a script has written. */
function pidsIn(path: string): number[] {
  return linesOfFile(path).flatMap((line) => line.split(" ")).map(Number);
}

async function untilEnded(pids: readonly number[]): Promise<void> {
  for (const pid of pids) await until(`the end of ${pid}`, () => (stateOf(pid) ?? "Z") === "Z");
}

const HANGS = 'sleep 1000 & echo "$$ $!" >>"$PIDS"; wait';

live(
  "--exec: one that hangs is ended with its children, and the next one runs",
  LINUX,
  async () => {
    using folder = temporaryFolder();
    const file = `${folder.path}/pids`;
    const args = [...OWN, ...BUSY, "--exec", HANGS, "--exec-timeout", "100ms"];
    await using watch = watchStarted(args, { PIDS: file });
    // A machine that is slow ends it before it has written anything; then there is another.
    await until("two commands", () => linesOfFile(file).length >= 2);
    await untilEnded(pidsIn(file).slice(0, 2));
    const { message } = await watch.record(/"type":"trouble"/);
    assert.equal(message, "the command of --exec was ended after 100ms");
    await watch.line(/"type":"sample"/);
    watch.kill("SIGTERM");
    assert.equal((await watch.outcome()).code, 0);
    await untilEnded(pidsIn(file));
  },
);

live("--exec: one that hangs holds up no look, and ends with watching", LINUX, async () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/pids`;
  const args = [...OWN, "--interval", "10ms", "--exec", HANGS, "--exec-timeout", "1h"];
  await using watch = watchStarted(args, { PIDS: file });
  await until("the command", () => exists(file));
  for (let i = 0; i < 5; i++) await watch.line(/"type":"sample"/);
  watch.kill("SIGTERM");
  const { code, stdout, stderr } = await watch.outcome();
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(troublesIn(linesOf(stdout)).toSorted(), [
    "1 event was not handed to the command of --exec: it was still busy with others",
    "the command of --exec was ended",
  ]);
  assert.equal(pidsIn(file).length, 2);
  await untilEnded(pidsIn(file));
});

live("--exec: one that fails is told of each time, and watching goes on", {}, async () => {
  const fails = "echo 'no \x1b[31mluck'; echo and more; exit 7";
  const { lines, troubles } = await watched(
    [...OWN, "--interval", "10ms", "--count", "3", "--exec", fails],
    {},
  );
  const trouble = "the command of --exec failed with exit code 7: no \\x1b[31mluck";
  assert.deepEqual(troubles, [trouble, trouble]);
  assert.equal(lines.filter((line) => line.type === "sample").length, 3);
  assert.equal(lines.at(-1)!.looks, 3);
});

live("--exec: many events never make two commands at once, and none is lost silently", {
  ...LINUX,
}, async () => {
  using folder = temporaryFolder();
  const script = `
    cd "$OUT"
    mkdir lock || echo overlap >>overlaps
    while [ ! -e go ]; do sleep 0.01; done
    echo "$OCMEM_EVENT" >>done
    rmdir lock
  `;
  await using watch = watchStarted([...OWN, ...BUSY, "--count", "100", "--exec", script], {
    OUT: folder.path,
  });
  // More than may wait: the first of them is still not done.
  for (let i = 0; i < 60; i++) await watch.line(/"type":"event"/);
  assert.equal(exists(`${folder.path}/done`), false);
  Deno.writeTextFileSync(`${folder.path}/go`, "go");
  const { code, stdout, stderr } = await watch.outcome();
  assert.deepEqual([code, stderr], [0, ""]);
  const lines = linesOf(stdout);
  const dropped = troublesIn(lines).map((message) =>
    Number(
      /^(\d+) events? (?:was|were) not handed to the command of --exec: it was still busy with others$/
        .exec(message)![1],
    )
  );
  const done = linesOfFile(`${folder.path}/done`);
  assert.deepEqual(done.slice(0, 3), ["found", "level", "reminder"]);
  const { events } = lines.at(-1)!;
  assert.equal(done.length + dropped.reduce((sum, number) => sum + number, 0), events);
  assert(done.length >= 33 && done.length <= events! - 27, `${done.length} of ${events} handed on`);
  assert.equal(exists(`${folder.path}/overlaps`), false);
});

live("--exec: 10 MB of output hold nothing up", {}, async () => {
  const floods = "head -c 10000000 /dev/zero | tr '\\0' x | tee /dev/stderr; exit 3";
  const { troubles } = await watched([...OWN, "--count", "1", "--exec", floods], {});
  const trouble = `the command of --exec failed with exit code 3: ${"x".repeat(200)}`;
  assert.deepEqual(troubles, [trouble, trouble]);
});
