/** Following a selection of processes: something must be there, and it stays the same. */

import { hasEnded } from "../classify.ts";
import { UnsupportedError } from "../errors.ts";
import { nameOf } from "../follow/series.ts";
import type { Look, Looked } from "../look.ts";
import type { Selection } from "../select.ts";
import { absentError } from "./selection.ts";

/** Throws if there is nothing to follow: an UnsupportedError that says what would help. */
export function requireSome(seen: Look, { match, pids }: Selection, ownPid: number): void {
  const [absent] = seen.absent;
  if (seen.absent.includes(ownPid)) throw absentError(ownPid, ownPid);
  const help = "ocmem list shows those of OpenCode";
  if (absent !== undefined) {
    throw new UnsupportedError(
      `Cannot follow process ${absent}: there is none, or the system hides it. ${help}`,
    );
  }
  if (seen.found.some(({ samples }) => samples.some((sample) => !hasEnded(sample)))) return;
  if (pids.length > 0) {
    throw new UnsupportedError(`Cannot follow process ${pids[0]}: it has ended. ${help}`);
  }
  const what = match === null ? "" : ", and none matches --match";
  throw new UnsupportedError(
    `Cannot follow anything: no OpenCode process is running${what}. ` +
      "Start OpenCode, or choose other processes with --pid or --match",
  );
}

/** Holds a selection to the very processes, or instances, that were named: a pid recurs. */
export class Held {
  /** Who had the named pids when they were first looked at. */
  #names: ReadonlySet<string> | null = null;

  /** `ids`: of the only instances that are followed, or null. */
  constructor(readonly selection: Selection, readonly ids: ReadonlySet<string> | null = null) {}

  /** What was seen, without others that have come to a pid that was named. */
  narrow(seen: Look): Look {
    const { ids } = this;
    if (ids !== null) {
      return { ...seen, found: seen.found.filter(({ instance }) => ids.has(instance.id)) };
    }
    const nameOfMain = ({ instance: { main } }: Looked) => nameOf(main.info.key);
    const isNamed = ({ instance }: Looked) => instance.main.matchedBy === "pid";
    const names = this.#names ??= new Set(seen.found.filter(isNamed).map(nameOfMain));
    const found = seen.found.filter((one) => !isNamed(one) || names.has(nameOfMain(one)));
    return { ...seen, found };
  }

  /** True once all that were named have ended, and no others can come. */
  isOver({ found }: Look): boolean {
    const { pids, match } = this.selection;
    const isAlive = found.some(({ samples }) => samples.some((sample) => !hasEnded(sample)));
    const isNamed = this.ids !== null || (pids.length > 0 && match === null);
    return isNamed && !isAlive;
  }
}
