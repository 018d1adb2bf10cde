import assert from "node:assert/strict";
import { Busy, Kept } from "../../src/serve/kept.ts";
import { pure } from "../support.ts";

const AT_ONCE = () => Promise.resolve();

pure("what is asked for by many is made once, until it is of an earlier look", async () => {
  const kept = new Kept<number>(AT_ONCE);
  let made = 0;
  const make = () => ++made;
  const many = Array.from({ length: 200 }, () => kept.getInTurn("a", make));
  assert.deepEqual(new Set(await Promise.all(many)), new Set([1]));
  assert.equal(await kept.get("a", make), 1);
  assert.equal(await kept.get("b", make), 2);
  kept.clear();
  assert.equal(await kept.getInTurn("a", make), 3);
  assert.equal(made, 3);
});

pure("what is being made when the next look comes is not kept for it", async () => {
  const kept = new Kept<string>(AT_ONCE);
  const { promise, resolve } = Promise.withResolvers<string>();
  const early = kept.getInTurn("a", () => promise);
  kept.clear();
  const late = kept.getInTurn("a", () => "later");
  resolve("earlier");
  assert.deepEqual([await early, await late], ["earlier", "later"]);
  assert.equal(await kept.getInTurn("a", () => "never"), "later");
});

pure("one after the other, and everything else has its turn in between", async () => {
  const order: string[] = [];
  const kept = new Kept<void>(() => {
    order.push("others");
    return Promise.resolve();
  });
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await null;
    order.push(`${name} ends`);
  };
  await Promise.all(["a", "b"].map((name) => kept.getInTurn(name, work(name))));
  assert.deepEqual(order, ["others", "a begins", "a ends", "others", "b begins", "b ends"]);
});

pure("what fails is not kept, and stands in nobody's way", async () => {
  const kept = new Kept<number>(AT_ONCE);
  const fails = () => {
    throw new Error("no");
  };
  for (const how of ["get", "getInTurn"] as const) {
    const both = [kept[how]("a", fails), kept[how]("a", fails)];
    for (const one of both) await assert.rejects(one, /no/);
    assert.equal(await kept[how]("a", () => 7), 7);
    kept.clear();
  }
});

pure(
  "too many different things at once are refused, and taken again when there is room",
  async () => {
    const kept = new Kept<number>(AT_ONCE);
    const { promise, resolve } = Promise.withResolvers<number>();
    const waiting = Array.from({ length: 32 }, (_, i) => kept.getInTurn(`${i}`, () => promise));
    await assert.rejects(kept.getInTurn("more", () => 1), Busy);
    // What is being made already costs nothing more, and what is quick does not wait.
    const shared = kept.getInTurn("31", () => 1);
    assert.equal(await kept.get("quick", () => 2), 2);
    resolve(5);
    assert.deepEqual(new Set(await Promise.all([...waiting, shared])), new Set([5]));
    assert.equal(await kept.getInTurn("more", () => 1), 1);
  },
);

pure("of one look no more than 32 are kept, the latest", async () => {
  const kept = new Kept<number>(AT_ONCE);
  let made = 0;
  for (let i = 0; i < 100; i++) await kept.getInTurn(`${i}`, () => ++made);
  await kept.getInTurn("68", () => ++made);
  await kept.getInTurn("99", () => ++made);
  assert.equal(made, 100);
  await kept.getInTurn("67", () => ++made);
  assert.equal(made, 101);
});

pure(
  "what still waits at the end is not made: what it is made from is closed by then",
  async () => {
    const kept = new Kept<number>(AT_ONCE);
    const { promise, resolve } = Promise.withResolvers<number>();
    let made = 0;
    const [first, second] = [() => promise, () => ++made].map((make, i) =>
      kept.getInTurn(`${i}`, make)
    );
    kept.end();
    resolve(1);
    await assert.rejects(first!, Busy);
    await assert.rejects(second!, Busy);
    assert.equal(made, 0);
  },
);
