import assert from "node:assert/strict";
import fc from "fast-check";
import { discover } from "../src/discover.ts";
import type { Os } from "../src/types.ts";
import { type FakeProcess, NOW_MS } from "./fake.ts";
import { EXE, machine } from "./remembering.ts";
import { pure } from "./support.ts";

/** A process in one look. Names or paths tell these programs apart, as they must. */
const PROGRAMS: Readonly<Record<string, Omit<FakeProcess, "pid">>> = {
  tui: { name: "opencode", exe: EXE, argv: ["opencode"] },
  server: { name: "opencode", exe: "/x/bin/opencode", argv: ["opencode", "serve"] },
  helper: { name: "opencode", exe: "/y/bin/opencode", argv: ["x"], marks: { runsAsBun: true } },
  denied: { name: "opencode", exe: "/z/bin/opencode", argv: "denied", marks: null },
  launcher: { name: "node", exe: "/bin/node", argv: ["node", "/x/opencode"] },
  stray: { name: "stray", exe: "/bin/stray", marks: { openCodePid: 5 } },
  plain: { name: "plain", exe: "/bin/plain" },
  hidden: { name: "opencode", exe: null },
};

pure("any looks: what is found is what is found without remembering", () => {
  const process = fc.record({
    pid: fc.integer({ min: 2, max: 12 }),
    ppid: fc.integer({ min: 1, max: 12 }),
    program: fc.constantFrom(...Object.keys(PROGRAMS)),
    birth: fc.integer({ min: 1, max: 2 }),
    young: fc.boolean(),
    zombie: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  const table = fc.uniqueArray(process, { selector: (p) => p.pid, maxLength: 11, size: "max" });
  const looks = fc.array(table, { minLength: 2, maxLength: 6, size: "max" });
  fc.assert(
    fc.property(looks, fc.constantFrom<Os>("linux", "darwin"), (looks, os) => {
      const { fake, probe } = machine([], os);
      looks.forEach((rows, look) => {
        fake.set(rows.map(({ pid, ppid, program, birth, young, zombie }): FakeProcess => {
          const what = PROGRAMS[program]!;
          const argv = typeof what.argv === "string"
            ? what.argv
            : [...what.argv ?? [], `--born=${birth}`, ...young ? [`--look=${look}`] : []];
          // Of a pid's two processes only the name of their start differs.
          const startedAtMs = NOW_MS - (young ? 100 : 60_000 - pid);
          return { ...what, pid, ppid, zombie, argv, started: `s${birth}`, startedAtMs };
        }));
        const selection = { match: { source: "=1", test: (t: string) => /=1/.test(t) }, pids: [] };
        assert.deepEqual(discover(probe, selection), discover(fake, selection));
      });
    }),
    { numRuns: 500 },
  );
});
