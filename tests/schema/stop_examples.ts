/** Runs of `stop` that show everything that is told of one. */

import { child, FakeMachine, session, SHELL, stopOn, TREE } from "../ending/ender.ts";

/** Arguments of stop, and the machine of each. */
const STOPS: readonly (readonly [args: string, machine: () => FakeMachine])[] = [
  ["10 --yes", () => new FakeMachine(TREE, { by: "pid", os: "darwin" })],
  ["10 --force --yes", () => new FakeMachine(TREE, { stubborn: [10], immortal: [12] })],
  ["10 --dry-run --grace 0s", () => new FakeMachine(TREE)],
  ["10 11 --yes", () => new FakeMachine([session(10, { uid: 0, cwd: null }), child(11, 10)])],
  ["10 --yes", () => new FakeMachine([session(10, { exe: null, memory: "unsupported" })])],
  ["10 --yes", () => new FakeMachine([session(10, { memory: 0 })])],
  ["10 998 --yes", () =>
    new FakeMachine([session(10, { ppid: 1 })], {}, [
      { ...SHELL, ppid: 10 },
      { pid: 999, ppid: 998, uid: 501 },
    ])],
];

export async function stops(): Promise<unknown[]> {
  const runs = STOPS.map(([args, machine]) => stopOn(machine(), `${args} --json`));
  return (await Promise.all(runs)).map(({ out }) => JSON.parse(out));
}
