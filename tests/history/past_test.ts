/** The past, as who watches knows it: a file of others, and what was seen since. */

import assert from "node:assert/strict";
import { DatabaseError } from "../../src/errors.ts";
import { openHistory } from "../../src/history/open.ts";
import { Past } from "../../src/history/past.ts";
import { Recorder } from "../../src/history/recorder.ts";
import { openDatabase } from "../../src/world/database.ts";
import type { Database, DatabasePlace } from "../../src/world.ts";
import { lookAt, looked, seen } from "../follow/looks.ts";
import { pure } from "../support.ts";
import { ALL, BEGIN_MS, DAY, FRAME, MINUTE, runOf, Scribe, WORLD } from "./recording.ts";

/** A server without a file of its own, beside a file that may be there, or not. */
class Scene implements Disposable {
  /** The file, if there is one; or why it can't be read. */
  file: Database | DatabaseError | null = null;
  isInPlace = true;
  opened = 0;
  closed = 0;
  readonly recorder: Recorder;
  readonly past: Past;

  constructor() {
    const world = {
      nowMs: () => BEGIN_MS,
      openDatabase: (place: DatabasePlace) => {
        if (place.kind === "memory") return WORLD.openDatabase(place);
        if (this.file === null) throw new DatabaseError("missing", "it is not there");
        if (this.file instanceof DatabaseError) throw this.file;
        this.opened++;
        const { file } = this;
        return Promise.resolve({
          execute: (sql: string) => file.execute(sql),
          prepare: (sql: string) => file.prepare(sql),
          isInPlace: () => this.isInPlace,
          [Symbol.dispose]: () => void this.closed++,
        });
      },
    };
    const keep = { allMs: DAY, hourlyMs: DAY };
    this.recorder = new Recorder(world, { kind: "memory" }, runOf(), keep);
    this.past = new Past(world, this.recorder, "/h/history.db", FRAME);
  }

  /** How many looks are known. */
  get looks(): number {
    return this.past.read(ALL).looks;
  }

  [Symbol.dispose](): void {
    this.past[Symbol.dispose]();
    this.recorder[Symbol.dispose]();
  }
}

async function fileWith(looks: number): Promise<Database> {
  const file = await openDatabase({ kind: "memory" });
  const world = { openDatabase: () => Promise.resolve(file) };
  const scribe = new Scribe(await openHistory(world, { kind: "memory" }));
  for (let i = 0; i < looks; i++) scribe.look(-i * MINUTE, looked([seen(10, 5)]));
  return file;
}

pure(
  "what was seen, with or without a file; one that comes later is read from then on",
  async () => {
    using scene = new Scene();
    assert.equal(await scene.past.refresh(), null);
    assert.equal(scene.looks, 0);
    await scene.recorder.take({ atMs: BEGIN_MS, look: lookAt(looked([seen(10, 7)])), events: [] });
    assert.equal(scene.looks, 1);
    using file = await fileWith(3);
    scene.file = file;
    assert.equal(scene.looks, 1, "not before somebody looks whether it is there");
    assert.equal(await scene.past.refresh(), null);
    assert.equal(scene.looks, 4);
    await scene.past.refresh();
    assert.deepEqual([scene.opened, scene.closed], [1, 0]);
  },
);

pure("a file that goes or is replaced is let go of", async () => {
  using scene = new Scene();
  using one = await fileWith(3);
  using two = await fileWith(2);
  scene.file = one;
  await scene.past.refresh();
  scene.isInPlace = false;
  scene.file = null;
  assert.equal(await scene.past.refresh(), null);
  assert.equal(scene.looks, 0);
  scene.isInPlace = true;
  scene.file = two;
  await scene.past.refresh();
  assert.deepEqual([scene.looks, scene.opened, scene.closed], [2, 2, 1]);
});

pure("a file that can't be read is said once, and again when it is another trouble", async () => {
  using scene = new Scene();
  scene.file = new DatabaseError("damaged", "file is broken");
  assert.match(
    await scene.past.refresh() ?? "",
    /^Cannot read the history \/h\/history\.db: file is broken\. Nothing in it was changed/,
  );
  assert.equal(await scene.past.refresh(), null);
  assert.equal(scene.looks, 0);
  scene.file = new DatabaseError("denied", "permission denied");
  assert.match(await scene.past.refresh() ?? "", /permission denied/);
  scene.file = null;
  assert.equal(await scene.past.refresh(), null, "that there is none is no trouble");
});

pure("trouble while it is read is a sentence about the file", async () => {
  using scene = new Scene();
  using file = await fileWith(1);
  scene.file = file;
  await scene.past.refresh();
  file.execute("DROP TABLE sample");
  assert.throws(
    () => scene.past.read(ALL),
    (error) =>
      error instanceof DatabaseError && /^Cannot read the history \/h\//.test(error.message),
  );
});

pure("bugs are not swallowed", async () => {
  const world = { nowMs: () => 0, openDatabase: () => Promise.reject(new TypeError("a bug")) };
  using recorder = new Recorder(world, { kind: "memory" }, runOf(), { allMs: DAY, hourlyMs: DAY });
  using past = new Past(world, recorder, "/h/history.db", FRAME);
  await assert.rejects(past.refresh(), TypeError);
  await assert.rejects(openHistory(world, { kind: "memory" }), TypeError);
});
