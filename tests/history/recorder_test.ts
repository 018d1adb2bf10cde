/** Recording goes on, whatever happens to the file. */

import assert from "node:assert/strict";
import { DatabaseError, type DatabaseTrouble } from "../../src/errors.ts";
import { pure } from "../support.ts";
import { looked, seen } from "../follow/looks.ts";
import { BEGIN_MS, DAY, HOUR, rowsOf, Scribe } from "./recording.ts";
import { fail, Scripted } from "./scripted.ts";

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

const TROUBLES: readonly DatabaseTrouble[] = [
  "full",
  "damaged",
  "denied",
  "newer",
  "foreign",
  "failed",
  "missing",
];
/** Where recording a look may fail. */
const PLACES = [
  ...[/^open$/, /user_version/, /journal_mode/, /BEGIN/, /INSERT INTO host/, /INSERT INTO run/],
  ...[/INTO look/, /INTO text/, /INTO series/, /INTO sample/, /UPDATE series/, /COMMIT/],
];

pure(
  "any trouble in any place is said once, and that all is well; nothing is lost",
  async () => {
    for (const trouble of TROUBLES) {
      for (const place of PLACES) {
        using scripted = await Scripted.begin();
        const name = `${trouble} at ${place}`;
        scripted.heed = fail(place, trouble);
        // Opening alone writes nothing.
        const early = await scripted.recorder.open();
        const said = await scripted.takeMany(5);
        const [sentence, ...others] = early === null ? said : [early, ...said];
        assert.deepEqual(others, [], name);
        assert.match(
          sentence!,
          /^Cannot record into the history \/h\/history\.db: it is \w+\. [\w-]/,
          name,
        );
        assert.deepEqual([scripted.written(), scripted.recorder.isWhole], [[], false], name);
        scripted.heed = () => {};
        assert.deepEqual(await scripted.takeMany(3), ["Recording goes on; nothing is lost"], name);
        assert.deepEqual(
          [scripted.written(), scripted.recorder.isWhole],
          [range(1, 8), true],
          name,
        );
        assert.equal(scripted.opened - scripted.closed, 1, name);
      }
    }
  },
);

pure(
  "the same trouble is said again later, and two that alternate once each",
  async () => {
    using scripted = await Scripted.begin();
    scripted.heed = fail(/INTO look/, "full");
    assert.equal((await scripted.takeMany(2)).length, 1);
    scripted.heed = fail(/^open$/, "denied");
    assert.equal((await scripted.takeMany(2)).length, 1);
    scripted.heed = fail(/INTO look/, "full");
    assert.equal((await scripted.takeMany(2)).length, 0);
    scripted.heed = () => {};
    assert.equal((await scripted.takeMany(2)).length, 1);
    scripted.heed = fail(/INTO look/, "full");
    assert.equal((await scripted.takeMany(2)).length, 1);
  },
);

pure("another process that writes is no trouble, until looks would be lost", async () => {
  using scripted = await Scripted.begin();
  assert.deepEqual(await scripted.takeMany(1), []);
  scripted.heed = fail(/BEGIN/, "busy");
  assert.deepEqual(await scripted.takeMany(59), []);
  assert.match((await scripted.takeMany(1))[0]!, /it is busy\. Another process writes/);
  scripted.heed = () => {};
  assert.deepEqual(await scripted.takeMany(1), ["Recording goes on; 1 look is lost"]);
  assert.deepEqual(scripted.written(), [1, ...range(3, 62)]);
});

pure("an hour of looks waits, and what is lost of a longer time is counted", async () => {
  using scripted = await Scripted.begin();
  scripted.heed = fail(/^open$/, "denied");
  await scripted.takeMany(100);
  scripted.heed = () => {};
  assert.deepEqual(await scripted.takeMany(1), ["Recording goes on; 41 looks are lost"]);
  assert.deepEqual(scripted.written(), range(42, 101));
  assert.equal(scripted.recorder.isWhole, false);
  assert.equal(await scripted.recorder.end(), "41 looks were not recorded");
});

pure("a trouble that comes at the end is said with what is lost by it", async () => {
  using scripted = await Scripted.begin();
  scripted.heed = fail(/BEGIN/, "busy");
  assert.deepEqual(await scripted.takeMany(1), []);
  scripted.heed = fail(/BEGIN/, "full");
  assert.match(
    await scripted.recorder.end() ?? "",
    /^1 look was not recorded: Cannot .* it is full/,
  );
});

pure("at the end it is tried once more", async () => {
  using scripted = await Scripted.begin();
  scripted.heed = fail(/COMMIT/, "full");
  await scripted.takeMany(3);
  scripted.heed = () => {};
  assert.equal(await scripted.recorder.end(), "Recording goes on; nothing is lost");
  assert.deepEqual([scripted.written(), scripted.recorder.isWhole], [[1, 2, 3], true]);
  assert.equal(await scripted.recorder.end(), null);
});

pure("what is lost at the end is said, with the reason if that was never said", async () => {
  using scripted = await Scripted.begin();
  scripted.heed = fail(/BEGIN/, "full");
  assert.equal((await scripted.takeMany(2)).length, 1);
  assert.equal(await scripted.recorder.end(), "2 looks were not recorded");
  using busy = await Scripted.begin();
  busy.heed = fail(/BEGIN/, "busy");
  assert.deepEqual(await busy.takeMany(1), []);
  assert.match(
    await busy.recorder.end() ?? "",
    /^1 look was not recorded: Cannot record into .* it is busy\. Another process/,
  );
});

pure(
  "a file that was moved away is let go of, and a new one is begun",
  async () => {
    using scripted = await Scripted.begin();
    await scripted.takeMany(2);
    await scripted.replace();
    assert.deepEqual(await scripted.takeMany(2), []);
    assert.deepEqual(scripted.written(), [3, 4]);
    assert.equal(scripted.opened, 2);
  },
);

pure("a look that could not be written is never written twice", async () => {
  using scripted = await Scripted.begin();
  // The first look is written when what is old fails to be thinned out.
  scripted.heed = fail(/FROM look WHERE at < /, "failed");
  assert.equal((await scripted.takeMany(3)).length, 1);
  assert.deepEqual([scripted.written(), scripted.recorder.isWhole], [[1, 2, 3], true]);
  scripted.heed = () => {};
  assert.deepEqual(await scripted.takeMany(1), ["Recording goes on; nothing is lost"]);
  assert.deepEqual(scripted.written(), [1, 2, 3, 4]);
});

pure("what is old is thinned out once an hour, and at each look while there is more", async () => {
  using scripted = await Scripted.begin({ allMs: HOUR, hourlyMs: DAY });
  let thinned = 0;
  scripted.heed = (sql) => void (thinned += sql.startsWith("DELETE FROM hour") ? 1 : 0);
  await scripted.takeMany(3 * 60);
  assert.equal(thinned, 3);
  assert.equal(rowsOf(scripted.database, "SELECT count(DISTINCT hour) FROM hour")[0]![0], 1);
});

pure("a long backlog is worked off at each look", async () => {
  using scripted = await Scripted.begin({ allMs: HOUR, hourlyMs: 30 * DAY });
  const before = new Scribe(scripted.database, { startedAtMs: BEGIN_MS - DAY });
  for (let hour = 2; hour < 12; hour++) before.look(-hour * HOUR, looked([seen(10, 5)]));
  const hours = () => rowsOf(scripted.database, "SELECT count(DISTINCT hour) FROM hour")[0]![0];
  const left: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    await scripted.takeMany(1);
    left.push(hours());
  }
  assert.deepEqual(left, [4, 8, 10]);
});

pure(
  "a file is checked when it is opened first, and after it was damaged",
  async () => {
    using scripted = await Scripted.begin();
    let checks = 0;
    const heed = (also: (what: string) => void) => (what: string) => {
      if (what.includes("quick_check")) checks++;
      also(what);
    };
    scripted.heed = heed(fail(/COMMIT/, "full"));
    await scripted.takeMany(5);
    assert.equal(checks, 1);
    scripted.heed = heed(fail(/COMMIT/, "damaged"));
    await scripted.takeMany(3);
    assert.equal(checks, 3);
    scripted.heed = heed(() => {});
    await scripted.takeMany(3);
    assert.equal(checks, 4);
    await scripted.replace();
    await scripted.takeMany(3);
    assert.equal(checks, 5);
  },
);

pure("a bug is not swallowed", async () => {
  using scripted = await Scripted.begin();
  scripted.heed = (what) => {
    if (what.startsWith("INSERT INTO look")) throw new TypeError("a bug");
  };
  await assert.rejects(
    scripted.take(),
    (error) => error instanceof TypeError && !(error instanceof DatabaseError),
  );
});
