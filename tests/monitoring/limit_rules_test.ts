/** Which limit growth is compared with: of the role, of the scope, of the machine. */

import type { Role, Thresholds } from "../../src/types.ts";
import { GIB, MIB } from "../fake.ts";
import { live } from "../support.ts";
import { growing, GROWS, running, seen } from "./growth.ts";
import { expectFiring, PROMTOOL, type Timeline } from "./timeline.ts";

/** 2.3 GiB more in 4 hours. */
const LEAK = 10 * MIB;

/** A machine with one process of this role, which leaks. */
function leaking(role: Role, from: number, some: Partial<Thresholds>): Timeline {
  const box = (minute: number) =>
    seen(minute, [running(role, [role, growing(from, LEAK)(minute)])], some);
  return { minutes: 60, machines: { box } };
}

/** The limit of servers. */
function server(criticalBytes: number): Thresholds["roles"] {
  return { server: { warningBytes: GIB, criticalBytes } };
}

live("a role is compared with its own limit, others with that of all", PROMTOOL, async () => {
  const roles = server(8 * GIB);
  await expectFiring(leaking("server", 2.2 * GIB, { roles }), [[45, []], [60, []]]);
  await expectFiring(leaking("tui", 2.2 * GIB, { roles }), [[45, GROWS]]);
  await expectFiring(leaking("server", 5.9 * GIB, { roles }), [[45, GROWS]]);
});

live(
  "of whole sessions no role is known: they are compared with the highest limit",
  PROMTOOL,
  async () => {
    const scope = "instance";
    const high = leaking("tui", 2.2 * GIB, { roles: server(8 * GIB), scope });
    await expectFiring(high, [[45, []], [60, []]]);
    const low = leaking("tui", 2.2 * GIB, { roles: server(2 * GIB), scope });
    await expectFiring(low, [[45, GROWS]]);
  },
);

live("with scope instance all that a session started is added up", PROMTOOL, async () => {
  const family = (perMinute: number, scope: Thresholds["scope"]): Timeline => {
    const box = (minute: number) => {
      const child = growing(GIB, perMinute)(minute);
      return seen(minute, [running("tui", ["tui", 1.2 * GIB], ["child", child])], { scope });
    };
    return { minutes: 60, machines: { box } };
  };
  await expectFiring(family(LEAK, "instance"), [[35, []], [42, GROWS]]);
  await expectFiring(family(2 * MIB, "instance"), [[42, []], [60, []]]);
  // Neither of the two processes gets over 4 GiB by itself.
  await expectFiring(family(LEAK, "process"), [[42, []], [60, []]]);
});

live("each machine has its own limit", PROMTOOL, async () => {
  const machine = (criticalBytes: number) =>
    leaking("tui", 2.2 * GIB, { criticalBytes }).machines.box!;
  const machines = { large: machine(5 * GIB), small: machine(4 * GIB) };
  await expectFiring({ minutes: 45, machines }, [[45, GROWS]]);
  const more = { ...machines, other: machine(4 * GIB) };
  await expectFiring({ minutes: 45, machines: more }, [[45, [...GROWS, ...GROWS]]]);
});
