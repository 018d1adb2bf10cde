/** A disk that is full: what was recorded before stays, watching goes on, and so does recording. */

import assert from "node:assert/strict";
import { hasProgram, live } from "../support.ts";
import { linesOf, started } from "./command_line.ts";
import { documented } from "./program.ts";
import { HistoryHome, troublesIn } from "./history_home.ts";

const NAMESPACES = Deno.build.os === "linux" && hasProgram("unshare") &&
  new Deno.Command("unshare", { args: ["-rm", "true"], stderr: "null" }).outputSync().success;
/** What the scripts wait for may never come, where something is wrong. */
const MOST_SECONDS = "60";
const NEEDS = { "a mount of its own": NAMESPACES };

/** Runs a script where the home of the history is a disk of 1 MiB, and another folder is not. */
function onSmallDisk(home: HistoryHome, notes: HistoryHome, script: string) {
  const ocmem = documented().map((word) => `'${word}'`).join(
    " ",
  );
  // In the background a function is a shell of its own, unless that becomes the program.
  const begin =
    `ocmem() { ${ocmem} "$@"; }; start() { exec ${ocmem} "$@"; }; cd '${notes.path}'; disk='${home.path}'; ` +
    "mount -t tmpfs -o size=1m none $disk || exit 99";
  const shell = ["unshare", "-rm", "/bin/sh", "-c", `${begin}; ${script}`];
  return started("timeout", [MOST_SECONDS, ...shell], { env: home.env });
}

const WATCH = `watch --record --format ndjson --pid ${Deno.pid} --interval 100ms`;
/** Fills the disk, to the last byte. */
const FILL = "cat /dev/zero > $disk/fill 2> /dev/null";

live("a disk that is full from the start: watching goes on, and says so once", NEEDS, async () => {
  using home = new HistoryHome();
  using notes = new HistoryHome();
  await using ran = onSmallDisk(home, notes, `${FILL}; ocmem ${WATCH} --count 5`);
  const { code, stdout, stderr } = await ran.outcome();
  assert.deepEqual([code, stderr], [0, ""]);
  const [full, lost, ...others] = troublesIn(stdout);
  assert.match(full!, /^Cannot record into the history .*: database or disk is full\. Make room/);
  assert.deepEqual([lost, others], ["5 looks were not recorded", []]);
  assert.equal(linesOf(stdout).at(-1)!.looks, 5);
});

live(
  "a disk that becomes full, and then has room: nothing is lost, and both are said",
  NEEDS,
  async () => {
    using home = new HistoryHome();
    using notes = new HistoryHome();
    const script = `
    start ${WATCH} > out & watch=$!
    until ocmem history --json 2> /dev/null | grep -Eq '"looks":([3-9]|[0-9][0-9])'; do :; done
    ${FILL}; until grep -q 'Cannot record' out; do sleep 0.01; done
    ocmem history --json > before; rm $disk/fill
    until grep -q 'goes on' out; do sleep 0.01; done
    kill $watch; until grep -q '"summary"' out; do sleep 0.01; done
    ocmem history --json > after`;
    await using ran = onSmallDisk(home, notes, script);
    const { code, stderr } = await ran.outcome();
    assert.deepEqual([code, stderr], [0, ""]);
    const [out, before, after] = ["out", "before", "after"]
      .map((name) => Deno.readTextFileSync(`${notes.path}/${name}`));
    const [full, well, ...others] = troublesIn(out!);
    assert.match(
      full!,
      /^Cannot record into the history .*\. Make room: nothing that was recorded/,
    );
    assert.deepEqual([well, others], ["Recording goes on; nothing is lost", []]);
    assert.ok(JSON.parse(before!).looks >= 3);
    // Every look is there, also those of the time between.
    assert.equal(JSON.parse(after!).looks, linesOf(out!).at(-1)!.looks);
  },
);
