/** Files that are no history, or no whole one: they stay what they are. */

import assert from "node:assert/strict";
import { openHistory } from "../../src/history/open.ts";
import { troubleOf } from "../history/opening.ts";
import { past, WORLD } from "../history/recording.ts";
import { historyFile, SPOILED, traceOf } from "../history/spoiling.ts";
import { live, temporaryFolder } from "../support.ts";

for (const [what, { make, said }] of Object.entries(SPOILED)) {
  live(`what is no history stays what it is, byte for byte: ${what}`, {}, async () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/history.db`;
    await make(path);
    const before = await traceOf(path);
    for (let i = 0; i < 2; i++) {
      const { message } = await troubleOf(() => openHistory(WORLD, { kind: "file", path }));
      assert.match(message, said);
      assert.ok(message.startsWith(`Cannot record into the history ${path}: `), message);
      assert.doesNotMatch(message, /os error|undefined|^.*history\.db.*history\.db/);
    }
    assert.equal(await traceOf(path), before);
    const reading = await troubleOf(async () => {
      using history = await openHistory(WORLD, { kind: "read", path });
      past(history);
    });
    assert.ok(reading.message.startsWith(`Cannot read the history ${path}: `), reading.message);
    assert.equal(await traceOf(path), before);
  });
}

live("an empty file becomes a history; who reads it finds nothing in it yet", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/history.db`;
  Deno.writeTextFileSync(path, "");
  const { trouble } = await troubleOf(() => openHistory(WORLD, { kind: "read", path }));
  assert.deepEqual([trouble, Deno.statSync(path).size], ["missing", 0]);
  await historyFile(path, 3);
  using history = await openHistory(WORLD, { kind: "read", path });
  assert.equal(past(history).looks, 3);
});
