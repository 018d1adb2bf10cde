import assert from "node:assert/strict";
import fc from "fast-check";
import { drawNew, MOST_DRAWN, nothingDrawn, setDrawn } from "../../src/page/client/drawn.js";
import { COLOURS, lookOf, spread } from "../../src/page/client/looks.js";
import { readHistory } from "../../src/page/client/history.js";
import { processesOf } from "../../src/page/client/scene.js";
import { pure } from "../support.ts";
import { documentOf, MiB, START } from "./documents.ts";

/** An instance of so many processes, the later ones larger. */
function crowd(count: number) {
  const processes = Array.from({ length: count }, (_, i) => ({
    instance: 1,
    pid: i + 1,
    role: "child",
    name: `p${i + 1}`,
  }));
  const bytes = processes.map((_, i) => (i + 1) * MiB);
  return processesOf(readHistory(documentOf([{ at: START, bytes }], { processes })));
}

pure("at first the largest are drawn, each in a look of its own", () => {
  const drawn = nothingDrawn();
  drawNew(drawn, crowd(40));
  const largest = Array.from(
    { length: MOST_DRAWN },
    (_, i) => `process ${40 - i}-17@6f2c of instance 1-17@6f2c`,
  );
  assert.deepEqual([...drawn.slots], largest.map((id, slot) => [id, slot]));
});

pure("what the reader switched off stays off, and its look goes to who comes next", () => {
  const drawn = nothingDrawn();
  const lines = crowd(3);
  drawNew(drawn, lines);
  setDrawn(drawn, lines[1]!.id, false);
  drawNew(drawn, lines);
  assert.equal(drawn.slots.has(lines[1]!.id), false);
  const newcomer = crowd(4)[0]!;
  drawNew(drawn, [...lines, newcomer]);
  assert.equal(drawn.slots.get(newcomer.id), 1);
  setDrawn(drawn, lines[1]!.id, true);
  assert.equal(drawn.slots.get(lines[1]!.id), 3);
});

pure("what is no more makes room, and is new when it comes again", () => {
  const drawn = nothingDrawn();
  const lines = crowd(MOST_DRAWN + 1);
  drawNew(drawn, lines);
  const [largest, smallest] = [lines[0]!.id, lines.at(-1)!.id];
  assert.deepEqual([drawn.slots.has(largest), drawn.slots.has(smallest)], [true, false]);
  drawNew(drawn, lines.slice(1));
  assert.deepEqual([drawn.slots.has(largest), drawn.slots.size], [false, MOST_DRAWN - 1]);
  drawNew(drawn, lines);
  assert.equal(drawn.slots.get(largest), 0);
});

pure("of 36 looks no two have the same colour and dash, or the same colour and texture", () => {
  const slots = Array.from({ length: COLOURS * 6 }, (_, slot) => lookOf(slot));
  assert.equal(new Set(slots.map(({ colour, dash }) => `${colour} ${dash}`)).size, 36);
  assert.equal(new Set(slots.map(({ colour, texture }) => `${colour} ${texture}`)).size, 36);
});

pure("without colours, neighbours of the first 12 differ by their dashes", () => {
  const looks = Array.from({ length: MOST_DRAWN }, (_, slot) => lookOf(slot));
  looks.slice(1).forEach(({ dash, texture }, i) => {
    assert.notDeepEqual([dash, texture], [looks[i]!.dash, looks[i]!.texture]);
  });
});

pure("labels are apart, in order, and where they belong if there is room", () => {
  assert.deepEqual(spread([10, 100], 12, 200), [10, 100]);
  const wanted = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 20 });
  fc.assert(fc.property(wanted, (at) => {
    const places = spread(at, 12, 400);
    const order = at.map((_, i) => i).sort((a, b) => at[a]! - at[b]!);
    order.slice(1).forEach((i, k) => assert.ok(places[i]! - places[order[k]!]! >= 12));
    for (const place of places) assert.ok(place <= 400 && place >= 0);
  }));
});
