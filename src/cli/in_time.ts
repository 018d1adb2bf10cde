/** A check that ends in time, whatever the system does. */

import { worldWith } from "../commands/world_with.ts";
import { writeDuration } from "../durations.ts";
import { UnsupportedError } from "../errors.ts";
import type { World } from "../world.ts";
import type { Said } from "./failure.ts";

/**
 * How much later it is ended from outside: where no call hangs, it ends by itself, and what it says
 * must not be said twice.
 */
const GRACE_MS = 250;

/**
 * Runs a check that says so if it takes longer, counted from the start of the process. Between two
 * calls into the system it sees to that itself; a call that hangs is ended with the whole process, and
 * `leftover`, a file, is removed. `sayFailure` makes the text of that. Throws an UnsupportedError.
 */
export async function inTime(
  world: World,
  timeoutMs: number,
  leftover: string | null,
  sayFailure: (error: unknown) => Said,
  run: (world: World) => Promise<number>,
): Promise<number> {
  const late = new UnsupportedError(
    `Cannot look at the processes within ${writeDuration(timeoutMs)}. --timeout allows longer`,
  );
  const requireTime = () => {
    if (world.elapsedMs() > timeoutMs) throw late;
  };
  const { stream, text } = sayFailure(late);
  const leftMs = Math.max(0, timeoutMs - world.elapsedMs()) + GRACE_MS;
  using _deadline = world.endAfter(leftMs, { stream, text, leftover });
  const { stdout } = world;
  return await run(worldWith(world, {
    openProbe: () => timed(world.openProbe(), requireTime),
    stdout: {
      write: (text) => (requireTime(), stdout.write(text)),
      hasReader: () => stdout.hasReader(),
      isTerminal: () => stdout.isTerminal(),
    },
  }));
}

/** The same object, with `before` called before each of its methods, and of the tables that it gives. */
function timed<T extends object>(target: T, before: () => void): T {
  return new Proxy(target, {
    get: (_, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      // What gives resources back is always in time.
      if (typeof name === "symbol") return value.bind(target);
      return (...args: unknown[]) => {
        before();
        const result = value.apply(target, args);
        return name === "processTable" ? timed(result, before) : result;
      };
    },
  });
}
