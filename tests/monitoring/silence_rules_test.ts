/** The alerts on ocmem itself: whoever says nothing any more is told of, once, and as what it is. */

import { GIB } from "../fake.ts";
import { reportOf, session } from "../report/metric_reports.ts";
import { live } from "../support.ts";
import { expectFiring, type Firing, type Machine, PROMTOOL } from "./timeline.ts";

/** A check every minute. */
const looking: Machine = (minute) =>
  reportOf([session("/srv/x", GIB)], { takenAtMs: minute * 60_000 });

/** Goes on as it does until this minute, and does something else from then on. */
function until(end: number, before: Machine, then: Machine): Machine {
  return (minute) => (minute < end ? before : then)(minute);
}

const nothing: Machine = () => null;
/** The same file as ever is served. */
const stuck: Machine = () => looking(10);

async function firing(
  machines: Readonly<Record<string, Machine>>,
  pushed: readonly string[],
  ...expected: readonly Firing[]
): Promise<void> {
  const minutes = Math.max(...expected.map(([minute]) => minute));
  await expectFiring({ minutes, machines, pushed }, expected);
}

live("a file that grows old: after 15 minutes, and 5 more", PROMTOOL, async () => {
  const box = until(60, until(10, looking, stuck), looking);
  await firing({ box, other: looking }, [], [30, []], [31, ["OcmemStale"]], [59, ["OcmemStale"]], [
    60,
    [],
  ]);
});

live("a machine that does not answer: after 10 minutes, for a day", PROMTOOL, async () => {
  const box = until(20, looking, nothing);
  const unreachable = ["OcmemUnreachable"];
  await firing(
    { box, other: looking },
    [],
    ...[[29, []], [30, unreachable], [400, unreachable], [20 + 24 * 60, []]] as const,
  );
});

live("a machine that was never known is nobody's loss", PROMTOOL, async () => {
  await firing({ box: nothing, other: looking }, [], [30, []], [60, []]);
});

live("a laptop that sleeps is gone, and comes back", PROMTOOL, async () => {
  const laptop = until(20, looking, until(60, nothing, looking));
  const gone = ["OcmemGone"];
  await firing({ laptop, other: looking }, ["laptop"], [34, []], [35, gone], [59, gone], [60, []]);
});

live("a laptop that is given away is forgotten after 6 hours", PROMTOOL, async () => {
  const laptop = until(20, looking, nothing);
  await firing({ laptop, other: looking }, ["laptop"], [370, ["OcmemGone"]], [390, []]);
});

live("nobody at all: after 15 minutes, whatever else is told", PROMTOOL, async () => {
  const absent = ["OcmemAbsent"];
  await firing({ box: nothing }, [], [14, []], [15, absent], [60, absent]);
  const box = until(20, looking, nothing);
  await firing({ box }, [], [34, ["OcmemUnreachable"]], [35, [...absent, "OcmemUnreachable"]]);
});
