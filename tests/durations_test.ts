import assert from "node:assert/strict";
import fc from "fast-check";
import { DURATION_FORMS, parseDuration, writeDuration } from "../src/durations.ts";
import { pure } from "./support.ts";

pure("durations: amounts with units, the largest first, in milliseconds", () => {
  const accepted: [string, number][] = [
    ["0s", 0],
    ["0ms", 0],
    ["1ms", 1],
    ["500ms", 500],
    ["1s", 1000],
    ["10s", 10_000],
    ["0010s", 10_000],
    ["1.5s", 1500],
    ["0.001s", 1],
    ["0.4ms", 0],
    ["0.5ms", 1],
    ["1m", 60_000],
    ["1m1ms", 60_001],
    ["90m", 5_400_000],
    ["1.25m", 75_000],
    ["1h30m", 5_400_000],
    ["1h90m", 9_000_000],
    ["24h", 86_400_000],
    ["2d", 172_800_000],
    ["1.001d", 86_486_400],
    ["1d1h1m1s1ms", 90_061_001],
    ["1d1ms", 86_400_001],
    ["999999999ms", 999_999_999],
    ["104249991d8h59m991ms", Number.MAX_SAFE_INTEGER],
  ];
  for (const [text, ms] of accepted) assert.equal(parseDuration(text), ms, text);
});

pure("durations: nothing else is accepted", () => {
  const refused = [
    "",
    " ",
    "0",
    "10", // seconds to some, milliseconds to others
    "1.5",
    "s",
    "ms",
    "bogus",
    "-1s",
    "+1s",
    "- 1s",
    "1 s",
    " 1s",
    "1s ",
    "1s\n",
    "1h 30m",
    "1S",
    "1MS",
    "1M", // a month to some
    "1H",
    "1sec",
    "1min",
    "1hr",
    "1w",
    "1y",
    "1us",
    "30m1h",
    "1ms1s",
    "1s1m",
    "1m1m",
    "1s1",
    "1.s",
    ".5s",
    "1,5s",
    "1.0001s",
    "1..5s",
    "1e3s",
    "0x10s",
    "NaNs",
    "Infinitys",
    "1_000s",
    "1234567890s",
    "104249992d",
    "999999999d",
    "10s,5s",
    "１s",
    "1ſ",
    "PT1H",
    "00:10",
  ];
  for (const text of refused) assert.equal(parseDuration(text), null, JSON.stringify(text));
});

pure("durations: what messages name is accepted", () => {
  const forms = DURATION_FORMS.split(/, | or /);
  assert.deepEqual(forms.map(parseDuration), [500, 10_000, 300_000, 5_400_000, 172_800_000]);
});

pure("durations: written with the largest units first, without those that are 0", () => {
  const written: [number, string][] = [
    [0, "0s"],
    [0.4, "0s"],
    [0.5, "1ms"],
    [1, "1ms"],
    [999.6, "1s"],
    [1000, "1s"],
    [1500, "1s500ms"],
    [60_000, "1m"],
    [5_400_000, "1h30m"],
    [86_400_000, "1d"],
    [90_061_001, "1d1h1m1s1ms"],
    [Number.MAX_SAFE_INTEGER, "104249991d8h59m991ms"],
  ];
  for (const [ms, text] of written) assert.equal(writeDuration(ms), text);
});

pure("durations: what is written is read as the same", () => {
  const ms = fc.oneof(fc.maxSafeNat(), fc.nat({ max: 200_000_000 }));
  fc.assert(fc.property(ms, (ms) => assert.equal(parseDuration(writeDuration(ms)), ms)));
});

pure("durations: the sum of their parts", () => {
  const amount = fc.option(fc.nat({ max: 99_999 }), { nil: null });
  fc.assert(
    fc.property(fc.tuple(amount, amount, amount, amount, amount), ([d, h, m, s, ms]) => {
      const parts = [[d, "d"], [h, "h"], [m, "m"], [s, "s"], [ms, "ms"]] as const;
      const text = parts.filter(([n]) => n !== null).map(([n, unit]) => `${n}${unit}`).join("");
      const sum = ((((d ?? 0) * 24 + (h ?? 0)) * 60 + (m ?? 0)) * 60 + (s ?? 0)) * 1000 + (ms ?? 0);
      assert.equal(parseDuration(text), text === "" ? null : sum, text);
    }),
  );
});

pure("durations: any text gives whole milliseconds or none", () => {
  const piece = fc.constantFrom("1", "0", "9", ".", "d", "h", "m", "s", "ms", " ", "-", "e", "\n");
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 12, size: "max" }).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(text, (text) => {
      const ms = parseDuration(text);
      assert.ok(ms === null || (Number.isSafeInteger(ms) && ms >= 0), `${ms}`);
      // All that is known of the grammar without the code: it begins with a digit and ends in a unit.
      if (ms !== null) assert.match(text, /^\d[\d.dhms]*[dhms]$/);
    }),
    { numRuns: 2000 },
  );
});

pure("durations: long hostile texts are refused at once", () => {
  // With a step for each way to divide these, none would end before the machine does.
  const long = 1_000_000;
  for (const piece of ["9", "1m", "1ms", "0.0", "1d1h1m1s", "m", ".", " ", "\n"]) {
    const text = piece.repeat(long);
    for (const hostile of [text, `1h${text}`, `${text}s`, `${text}!`]) {
      assert.equal(parseDuration(hostile), null);
    }
  }
});
