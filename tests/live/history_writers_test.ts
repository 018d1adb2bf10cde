/** Several commands on one history: writers, readers meanwhile, and writers that are killed. */

import assert from "node:assert/strict";
import { live } from "../support.ts";
import { HistoryHome } from "./history_home.ts";

/** What is recorded: this process, and a few others that wait. */
class Idle implements AsyncDisposable {
  readonly #children = Array.from(
    { length: 6 },
    () => new Deno.Command("sleep", { args: ["1000"] }).spawn(),
  );
  readonly pids: readonly number[] = [Deno.pid, ...this.#children.map(({ pid }) => pid)];

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill("SIGKILL");
    await Promise.all(this.#children.map(({ status }) => status));
  }
}

live(
  "two writers at once and readers meanwhile: no errors, and every look of both is there",
  {},
  async () => {
    using home = new HistoryHome();
    await using idle = new Idle();
    const LOOKS = 40;
    const args = ["--interval", "20ms", "--count", String(LOOKS)];
    await using one = home.watch(idle.pids, ...args);
    // There is a history from the first look on.
    await one.line(/"event":"found"/);
    await using two = home.watch(idle.pids, ...args);
    const ended = Promise.all([one.outcome(), two.outcome()]);
    let isOver = false;
    ended.finally(() => isOver = true);
    let before = 0;
    do {
      const { looks } = await home.history();
      assert.ok(looks >= before, "what was there stays");
      before = looks;
    } while (!isOver);
    for (const { code, stderr } of await ended) assert.deepEqual([code, stderr], [0, ""]);
    home.requireWhole(idle.pids.length);
    const { looks, instances } = await home.history();
    assert.equal(looks, 2 * LOOKS);
    assert.deepEqual(instances.map(({ stats }) => stats.count), idle.pids.map(() => 2 * LOOKS));
    assert.equal(home.rows("SELECT * FROM run").length, 2);
  },
);

live(
  "killed in mid-write again and again: the file is whole, every look too, and the next one goes on",
  {},
  async () => {
    using home = new HistoryHome();
    await using idle = new Idle();
    let before = 0;
    for (let round = 0; round < 8; round++) {
      await using watch = home.watch(idle.pids, "--interval", "10ms");
      await watch.line(/"event":"found"/);
      // Somewhere in one of its next looks, each time at another point of it.
      await new Promise((resolve) => setTimeout(resolve, 40 + round * 7.3));
      watch.kill("SIGKILL");
      await watch.outcome();
      home.requireWhole(idle.pids.length);
      const { looks } = await home.history();
      assert.ok(looks > before, `${looks} looks after ${before}`);
      before = looks;
    }
    const last = home.watch(idle.pids, "--interval", "10ms", "--count", "3");
    const { code, stderr } = await last.outcome();
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal((await home.history()).looks, before + 3);
  },
);

live(
  "what a killed writer has left in its log is read, and nothing is changed by that",
  {},
  async () => {
    using home = new HistoryHome();
    await using watch = home.watch([Deno.pid], "--interval", "10ms");
    await watch.line(/"event":"found"/);
    while ((await home.history()).looks < 3);
    watch.kill("SIGKILL");
    await watch.outcome();
    assert.ok(Deno.statSync(`${home.database}-wal`).size > 0, "there is a log");
    const [file, log] = [home.database, `${home.database}-wal`].map((path) =>
      Deno.readFileSync(path)
    );
    const { looks } = await home.history();
    assert.ok(looks >= 3);
    assert.equal((await home.history()).looks, looks);
    assert.deepEqual(Deno.readFileSync(home.database), file);
    assert.deepEqual(Deno.readFileSync(`${home.database}-wal`), log);
  },
);

live(
  "the file is removed while it is recorded: a new one is begun, by all who record",
  {},
  async () => {
    using home = new HistoryHome();
    const args = ["--interval", "20ms"];
    await using one = home.watch([Deno.pid], ...args);
    await using two = home.watch([Deno.pid], ...args);
    for (const watch of [one, two]) await watch.line(/"event":"found"/);
    const isThere = () => {
      try {
        return home.rows("SELECT count(DISTINCT run) FROM look")[0]![0] === 2;
      } catch {
        return false;
      }
    };
    const bothRecord = async () => {
      while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await bothRecord();
    for (let i = 0; i < 3; i++) {
      Deno.removeSync(home.database);
      await bothRecord();
    }
    for (const watch of [one, two]) watch.kill("SIGTERM");
    for (const watch of [one, two]) {
      const { code, stderr } = await watch.outcome();
      assert.deepEqual([code, stderr], [0, ""]);
    }
    home.requireWhole(1);
  },
);

live(
  "the file is moved away while it is recorded: it has all that was written until then",
  {},
  async () => {
    using home = new HistoryHome();
    await using watch = home.watch([Deno.pid], "--interval", "20ms", "--count", "60");
    await watch.line(/"event":"found"/);
    while ((await home.history()).looks < 10);
    Deno.renameSync(home.database, `${home.path}/moved.db`);
    const { code, stderr } = await watch.outcome();
    assert.deepEqual([code, stderr], [0, ""]);
    const moved = await home.history("--database", `${home.path}/moved.db`);
    const { looks } = await home.history();
    assert.ok(moved.looks >= 10);
    assert.equal(moved.looks + looks, 60);
  },
);
