/** The alert on growth: it fires on what will be over the critical limit, and on nothing else. */

import { GIB, MIB } from "../fake.ts";
import { STYLE } from "../report/metric_reports.ts";
import { live } from "../support.ts";
import {
  type Curve,
  flat,
  growing,
  GROWS,
  type Manner,
  PLAIN,
  running,
  seen,
  sessions,
} from "./growth.ts";
import { expectFiring, PROMTOOL } from "./timeline.ts";

/** Where each session is one process, all of these come to the same. */
const MANNERS: Readonly<Record<string, Manner>> = {
  plain: PLAIN,
  "--label pid": { ...PLAIN, style: { ...STYLE, pidLabel: true } },
  "--scope instance": { ...PLAIN, scope: "instance" },
  "--label pid --scope instance": { style: { ...STYLE, pidLabel: true }, scope: "instance" },
};

for (const [name, manner] of Object.entries(MANNERS)) {
  live(`${name}: 10 MiB a minute are told after 40 minutes`, PROMTOOL, async () => {
    // 2.2 GiB now, 4.5 GiB in 4 hours. What it holds is over half of the limit from the beginning.
    const leak = growing(2.2 * GIB, 10 * MIB);
    await expectFiring(sessions(60, [leak], manner), [[35, []], [42, GROWS], [60, GROWS]]);
  });

  live(`${name}: not 2 MiB a minute, nor what only has grown`, PROMTOOL, async () => {
    const slow = growing(2.2 * GIB, 2 * MIB);
    const grown: Curve = (minute) => 2.2 * GIB + Math.min(minute, 20) * 10 * MIB;
    for (const curve of [slow, grown, flat(3.9 * GIB)]) {
      const calm = sessions(180, [curve], manner);
      await expectFiring(calm, [[45, []], [60, []], [120, []], [180, []]]);
    }
  });

  live(`${name}: not who starts, and grows to its size in minutes`, PROMTOOL, async () => {
    const start: Curve = (minute) => Math.min(minute + 1, 4) * 0.7 * GIB;
    const minutes = Array.from({ length: 90 }, (_, i) => i);
    await expectFiring(sessions(90, [start], manner), minutes.map((minute) => [minute, []]));
  });

  live(`${name}: not who holds little, however it grows`, PROMTOOL, async () => {
    // Half of the limit is held after 92 minutes.
    const small = growing(0.2 * GIB, 20 * MIB);
    const expected = [[60, []], [90, []], [131, []], [140, GROWS]] as const;
    await expectFiring(sessions(140, [small], manner), expected);
  });

  live(`${name}: not who is over the limit already`, PROMTOOL, async () => {
    // 4 GiB are reached after 120 minutes.
    const leak = growing(2.2 * GIB, 15.36 * MIB);
    await expectFiring(sessions(130, [leak], manner), [[119, GROWS], [122, []], [130, []]]);
  });

  live(`${name}: not more sessions, though their sum is over the limit`, PROMTOOL, async () => {
    const box = (minute: number) => {
      const count = minute < 30 ? 1 : minute < 60 ? 2 : 3;
      const one = running("tui", ["tui", 2.2 * GIB]);
      return seen(minute, Array.from({ length: count }, () => one), manner);
    };
    const calm = { minutes: 180, machines: { box }, style: manner.style };
    await expectFiring(calm, [[40, []], [60, []], [75, []], [110, []], [180, []]]);
  });

  live(`${name}: two sessions are told of as one, by what each holds`, PROMTOOL, async () => {
    const leak = growing(2.2 * GIB, 10 * MIB);
    await expectFiring(sessions(60, [leak, leak], manner), [[42, GROWS]]);
    // Together these would be over 4 GiB in 4 hours.
    const slow = growing(1.6 * GIB, 2 * MIB);
    await expectFiring(sessions(60, [slow, slow], manner), [[42, []], [60, []]]);
  });
}
