/** `ocmem serve --record` whose file can't be used for a while. */

import assert from "node:assert/strict";
import { DatabaseError } from "../../src/errors.ts";
import { openDatabase } from "../../src/world/database.ts";
import type { DatabasePlace } from "../../src/world.ts";
import { FakeProbe, GIB, NOW_MS } from "../fake.ts";
import { withHistory } from "../recorded.ts";
import { pure } from "../support.ts";
import { Door, SECOND, serveOn, session } from "./serve_scene.ts";

interface Past {
  readonly looks: number;
  readonly instances: readonly { readonly points: readonly (readonly [number, number])[] }[];
}

pure("while the file can't be used, the server shows what was since; then all of it", async () => {
  const door = new Door();
  const history = await withHistory();
  let isFull = true;
  const answers: Promise<Past>[] = [];
  const ask = () => void answers.push(door.json("/api/history"));
  const ran = await serveOn(new FakeProbe([session(GIB)]), "--record", 70 * SECOND, {
    env: { HOME: "/h" },
    openDatabase: (place: DatabasePlace) => {
      if (place.kind === "memory") return openDatabase(place);
      if (isFull) throw new DatabaseError("full", "database or disk is full");
      return history.openDatabase!(place);
    },
    script: {
      [25 * SECOND]: ask,
      [35 * SECOND]: () => isFull = false,
      [55 * SECOND]: ask,
    },
  }, door);
  assert.equal(ran.code, 0);
  assert.match(
    ran.err,
    /Cannot record into .*disk is full\. Make room.*\n.*goes on; nothing is lost/,
  );
  const [before, after] = await Promise.all(answers);
  const times = ({ instances }: Past) =>
    instances.map(({ points }) => points.map(([atMs]) => (atMs - NOW_MS) / SECOND));
  assert.deepEqual([before!.looks, times(before!)], [3, [[0, 10, 20]]]);
  assert.deepEqual([after!.looks, times(after!)], [6, [[0, 10, 20, 30, 40, 50]]]);
});
