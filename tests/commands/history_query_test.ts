/** The same words mean the same time, as flags of `history` and as parameters of `/api/history`. */

import assert from "node:assert/strict";
import { parseQuery } from "../../src/serve/query.ts";
import { NOW_MS } from "../fake.ts";
import { runFake } from "../fake_world.ts";
import { withHistory } from "../recorded.ts";
import { pure } from "../support.ts";

const TIMES: readonly Readonly<Record<string, string>>[] = [
  { until: "2020-01-01T00:00:00Z" },
  { until: "25h" },
  { since: "2h", until: "1h" },
  { since: "2020-01-01T10:00:00+01:00", until: "2020-01-02T00:00:00Z" },
  { since: "30000d", until: "now" },
  // Nothing: they end before they begin.
  { since: "1h", until: "2h" },
  { until: "30000d" },
];

pure("since and until, alone and together", async () => {
  const history = await withHistory();
  assert.equal((await runFake(["watch", "--record", "--count", "1"], history)).code, 0);
  for (const time of TIMES) {
    const flags = Object.entries(time).flatMap(([name, text]) => [`--${name}`, text]);
    const { code, out } = await runFake(["history", "--json", ...flags], history);
    const query = parseQuery(new URLSearchParams(time).toString(), NOW_MS);
    const what = flags.join(" ");
    assert.equal(code, typeof query === "string" ? 64 : 0, what);
    if (typeof query === "string") continue;
    const { since, until } = JSON.parse(out);
    assert.deepEqual([Date.parse(since), Date.parse(until)], [query.sinceMs, query.untilMs], what);
  }
});
