/** What the benches' scripted machines have in common: processes that a script puts there and takes away. */

import { RowTable } from "../../src/ffi/row_table.ts";
import type {
  Machine,
  Marks,
  MemorySource,
  Missing,
  Os,
  Probe,
  ProcessInfo,
  ProcessTable,
  Reading,
  SourceReading,
} from "../../src/types.ts";

/** A process of the script. */
export interface Scripted {
  readonly info: ProcessInfo;
  readonly argv: readonly string[];
  readonly executable: string;
}

export abstract class ScriptedMachine<B extends Scripted> implements Probe {
  abstract readonly os: Os;
  abstract readonly arch: string;
  abstract readonly source: MemorySource;
  readonly ownPid = 2;
  protected readonly beings = new Map<number, B>();

  abstract machine(): Machine;
  abstract processTable(): ProcessTable;
  abstract directory(pid: number): string | null;
  abstract marks(pid: number): Marks | null;
  abstract memory(process: ProcessInfo): Reading | Missing;

  [Symbol.dispose](): void {}

  memoryBytes(): number {
    return 16 * 1024 ** 3;
  }

  executable(pid: number): string | null {
    return this.beings.get(pid)?.executable ?? null;
  }

  commandLine({ key: { pid } }: ProcessInfo): readonly string[] | Missing {
    return this.beings.get(pid)?.argv ?? "gone";
  }

  memoryParts(): "unsupported" {
    return "unsupported";
  }

  ports(): null {
    return null;
  }

  standing(): null {
    return null;
  }

  readings(process: ProcessInfo): readonly SourceReading[] {
    return [{ source: this.source, reading: this.memory(process) }];
  }

  /** The table of those who are there now. */
  protected table(): ProcessTable {
    return new RowTable([...this.beings.values()].map(({ info }) => info));
  }
}
