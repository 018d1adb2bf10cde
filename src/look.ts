/** One look at the machine: what was found, and a reading of each process of it. */

import { discover } from "./discover.ts";
import { sample } from "./sample.ts";
import type { Selection } from "./select.ts";
import type { Instance, Probe, Sample } from "./types.ts";
import type { World } from "./world.ts";

/** An instance with a sample of each of its members, in the same order. */
export interface Looked {
  readonly instance: Instance;
  readonly samples: readonly Sample[];
}

export interface Look {
  readonly found: readonly Looked[];
  /** Processes in the table. */
  readonly scanned: number;
  /** Processes that could not be looked at. */
  readonly unreadable: number;
  /** Pids of the selection that name no process. */
  readonly absent: readonly number[];
}

/** Finds what is selected, and reads the memory of each process. */
export function look(
  probe: Probe,
  selection: Selection,
  clock: Pick<World, "nowMs">,
  options: { readonly exact: boolean },
): Look {
  const { instances, ...rest } = discover(probe, selection);
  const found = instances.map((instance) => ({
    instance,
    samples: instance.members.map((member) => sample(probe, member.info, clock, options)),
  }));
  return { found, ...rest };
}

/** The footprints of all that was read in a look. */
export function totalBytes({ found }: Look): number {
  return found.flatMap((one) => one.samples).reduce(
    (sum, sample) => sum + ("reading" in sample ? sample.reading.footprintBytes : 0),
    0,
  );
}
