import assert from "node:assert/strict";
import { pure } from "../support.ts";
import { changes, type Given, POLICY, run } from "./alerts.ts";

pure("limits are strict, and an alert ends at exactly the share of them", () => {
  const told: [Given[], string][] = [
    [[0, 100, 100], ". . ."],
    [[101, 101, 91, 100, 90, 91, 100], "W100 . . . N100 . ."],
    [[200, 201], "W100 C200"],
    [[201, 181, 180], "C200 . W200"],
    [[201, 180, 91, 90], "C200 W200 . N100"],
    [[201, 90], "C200 N200"],
    [[201, 180, 201, 180], "C200 W200 C200 W200"],
    [[101, 201, 90, 101], "W100 C200 N200 W100"],
  ];
  for (const [given, expected] of told) assert.equal(changes(run(given)), expected, `${given}`);
});

pure("an alert waits for so many readings in a row, for each limit by itself", () => {
  const told: [Given[], string][] = [
    [[101, 101, 101], ". . W100"],
    [[101, 101, 100, 101, 101, 101], ". . . . . W100"],
    // The band where an alert would go on does not begin one.
    [[95, 95, 95, 95], ". . . ."],
    [[201, 201, 201], ". . C200"],
    [[101, 201, 201, 201], ". . W100 C200"],
    [[201, 201, 150, 201, 201, 201], ". . W100 . . C200"],
    // It ends at once.
    [[101, 101, 101, 90, 101, 101, 101], ". . W100 N100 . . W100"],
    [[201, 201, 201, 180, 201, 201, 201], ". . C200 W200 . . C200"],
  ];
  for (const [given, expected] of told) {
    assert.equal(changes(run(given, { forReadings: 3 })), expected, `${given}`);
  }
});

pure("equal limits leave no room for a warning, and a share of 100% none for slack", () => {
  const same = { ...POLICY.thresholds, warningBytes: 100, criticalBytes: 100 };
  assert.equal(changes(run([101, 90], { thresholds: same })), "C100 N100");
  assert.equal(changes(run([101, 100, 101], { clearShare: 1 })), "W100 N100 W100");
});

pure(
  "a missing reading neither counts nor clears; many in a row are unknown where all was well",
  () => {
    const told: [Given[], number, string][] = [
      [[null, 50], 1, "U N"],
      [[null, 201, null, 90, null], 1, "U C200 . N200 U"],
      [[101, null, null, null, 90], 1, "W100 . . . N100"],
      [[null, null, 50, null, null, null, 50], 3, ". . . . . U N"],
      [[101, null, 101, null, 101], 3, ". . . . W100"],
      [[101, 101, 101, null, null, null, 90], 3, ". . W100 . . . N100"],
      [[null, null, null, 101, 101, 101], 3, ". . U N . W100"],
    ];
    for (const [given, forReadings, expected] of told) {
      assert.equal(changes(run(given, { forReadings })), expected, `${given}`);
    }
  },
);

pure("a lower bound can be over a limit, but not surely within", () => {
  const told: [Given[], number, string][] = [
    [[-101, -201], 1, "W100 C200"],
    [[-50, -101], 1, "U W100"],
    // It ends no alert: what is missing may hold the rest.
    [[201, -150, -50, 150], 1, "C200 . . W200"],
    [[101, -10, 10], 1, "W100 . N100"],
    // It breaks no row.
    [[101, -50, 101], 2, ". . W100"],
    [[-50, -101, -50, -50], 2, ". . . U"],
    [[-50, -101, -101], 2, ". . W100"],
  ];
  for (const [given, forReadings, expected] of told) {
    assert.equal(changes(run(given, { forReadings })), expected, `${given}`);
  }
});

pure("an alert is repeated every so often since it was told, while it lasts", () => {
  const remindMs = 120_000;
  const told: [Given[], string][] = [
    [[101, 101, 101, 101, 101], "W100 . !100 . !100"],
    // Another level is told, and time begins anew.
    [[101, 201, 201, 201, 201, 150], "W100 C200 . !200 . W200"],
    [[201, 150, 150, 150], "C200 W200 . !100"],
    // Also while it can't be read.
    [[101, null, null, 90, 90, 90], "W100 . !100 N100 . ."],
    [[50, 50, 50, 50], ". . . ."],
    [[null, null, null, null], "U . . ."],
  ];
  for (const [given, expected] of told) {
    assert.equal(changes(run(given, { remindMs })), expected, `${given}`);
  }
  assert.equal(changes(run([101, 101, 101], { remindMs: 0 })), "W100 . .");
  const late = run([201, 201, 201, 201], { remindMs }, [1000, 119_999, 120_000, 250_000]);
  // A second less is in time: looks come a little late, or less late.
  assert.equal(changes(late), "C200 . !200 !200");
  assert.deepEqual(late.map(({ change }) => change?.kind === "reminder" ? change.sinceMs : null), [
    null,
    null,
    119_000,
    249_000,
  ]);
});
