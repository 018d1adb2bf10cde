/**
 * The stand-in libSystem: compiled once a test process, scripted from here. It is the same library
 * that the DarwinProbe under test opens, so both see one world.
 */

import facts from "../ffi/darwin_facts.json" with { type: "json" };
import { hasProgram } from "../support.ts";
import { compiled } from "./compile.ts";

/** What a test on the stand-in needs: names for `live`. */
export const NEEDS: Readonly<Record<string, boolean>> = {
  Linux: Deno.build.os === "linux",
  "a C compiler": hasProgram("cc"),
};

/** The calls that are counted, and at which a process can die. As in world.h. */
const POINTS = [
  "table_size",
  "table_fill",
  "arguments",
  "value",
  "task_name_for_pid",
  "task_info",
  "mach_port_deallocate",
  "proc_pid_rusage",
  "proc_pidpath",
  "proc_pidinfo",
  "one_process",
  "kill",
  "proc_pidfdinfo",
] as const;
export type Point = typeof POINTS[number];

const CONTROLS = {
  standin_reset: { parameters: [], result: "void" },
  standin_caller: { parameters: ["i32", "u32", "u32"], result: "void" },
  standin_machine: { parameters: ["u64", "u32"], result: "void" },
  standin_add: {
    parameters: ["i32", "i32", "u32", "u32", "buffer", "i32", "i64", "i32"],
    result: "void",
  },
  standin_remove: { parameters: ["i32"], result: "void" },
  standin_paths: { parameters: ["i32", "buffer", "buffer"], result: "void" },
  standin_area: { parameters: ["i32", "i32", "buffer", "u64"], result: "void" },
  standin_arguments: {
    parameters: ["i32", "buffer", "u64", "i32", "buffer", "u64", "buffer", "u64"],
    result: "void",
  },
  standin_restrict: { parameters: ["i32"], result: "void" },
  standin_memory: { parameters: ["i32", "i32", "u64", "u64", "u64", "u64"], result: "void" },
  standin_parts: { parameters: ["i32", "u64", "u64", "u64", "i64", "i64"], result: "void" },
  standin_file: {
    parameters: ["i32", "i32", "u32", "i32", "i32", "i32", "u8", "buffer"],
    result: "void",
  },
  standin_grow_files: { parameters: ["i32", "u32", "u32"], result: "void" },
  standin_task: { parameters: ["i32", "u32", "i32"], result: "void" },
  standin_terminal: { parameters: ["i32", "i32"], result: "void" },
  standin_die: { parameters: ["i32", "i32", "i32", "i32"], result: "void" },
  standin_grow: { parameters: ["u32", "u32"], result: "void" },
  standin_outgrow: { parameters: ["u32"], result: "void" },
  standin_calls: { parameters: ["i32"], result: "u32" },
  standin_ports_given: { parameters: [], result: "u32" },
  standin_live_ports: { parameters: [], result: "u32" },
  standin_violations: { parameters: [], result: "u32" },
  standin_violation: { parameters: ["u32"], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

/** Bytes as they are, or text as UTF-8. */
export type Bytes = string | Uint8Array;

export interface MemoryScript {
  readonly resident: number;
  readonly footprint: number;
  readonly compressed?: number;
  readonly peak: number;
}

/** Its memory by kind, as task_info tells it. */
export interface PartsScript {
  readonly internal: number;
  readonly external: number;
  readonly reusable: number;
  readonly purgeable: number;
  readonly purgeableCompressed: number;
}

/** An open file; of a socket what is known of it, its port and address as they go over the network. */
export interface FileScript {
  readonly fd: number;
  readonly type: number;
  readonly kind?: number;
  readonly state?: number;
  readonly port?: number;
  readonly version?: number;
  /** 16 bytes. */
  readonly address?: readonly number[];
}

/** A process of the scripted world. What is left out is empty, refused, or the caller's own. */
export interface ProcessScript {
  readonly pid: number;
  readonly ppid?: number;
  readonly uid?: number;
  readonly ruid?: number;
  readonly name?: string;
  readonly zombie?: boolean;
  readonly startSeconds?: number;
  readonly startMicroseconds?: number;
  readonly executable?: string;
  readonly directory?: string;
  readonly argv?: readonly Bytes[];
  readonly environment?: readonly Bytes[];
  /** What task_info tells; how much of it is in `units` 4-byte units. */
  readonly task?: MemoryScript;
  readonly parts?: PartsScript;
  readonly units?: number;
  readonly rusage?: MemoryScript;
  readonly refusesPort?: boolean;
  readonly files?: readonly FileScript[];
  /** The device of its terminal. */
  readonly terminal?: number;
}

export const CALLER = { pid: 4321, uid: 501 } as const;

/** The world behind the library at `path`: empty at first, and gone with the `using` of it. */
export class Standin implements Disposable {
  readonly path: string = compiled();
  readonly #library = Deno.dlopen(this.path, CONTROLS);
  readonly #controls = this.#library.symbols;
  #uid: number = CALLER.uid;

  constructor() {
    this.#controls.standin_reset();
    this.#controls.standin_caller(CALLER.pid, CALLER.uid, CALLER.uid);
    this.machine({ memoryBytes: 0, argMax: facts.constants.ARG_MAX });
  }

  [Symbol.dispose](): void {
    this.#controls.standin_reset();
    this.#library.close();
  }

  caller(caller: { readonly pid: number; readonly uid: number; readonly ruid?: number }): void {
    this.#uid = caller.uid;
    this.#controls.standin_caller(caller.pid, caller.uid, caller.ruid ?? caller.uid);
  }

  machine(machine: { readonly memoryBytes: number; readonly argMax: number }): void {
    this.#controls.standin_machine(BigInt(machine.memoryBytes), machine.argMax);
  }

  add(script: ProcessScript): void {
    const { pid, uid = this.#uid, zombie = false, startSeconds = 0, units = 93 } = script;
    this.#controls.standin_add(
      pid,
      script.ppid ?? 1,
      uid,
      script.ruid ?? uid,
      text(script.name ?? ""),
      zombie ? 1 : 0,
      BigInt(startSeconds),
      script.startMicroseconds ?? 0,
    );
    this.#controls.standin_paths(pid, orNull(script.executable), orNull(script.directory));
    this.#controls.standin_task(pid, units, script.refusesPort ? 1 : 0);
    if (script.terminal !== undefined) this.#controls.standin_terminal(pid, script.terminal);
    if (script.parts) this.#parts(pid, script.parts);
    for (const file of script.files ?? []) this.#file(pid, file);
    if (script.task) this.#memory(pid, 0, script.task);
    if (script.rusage) this.#memory(pid, 1, script.rusage);
    if (script.argv) this.#arguments(script, script.argv);
  }

  remove(pid: number): void {
    this.#controls.standin_remove(pid);
  }

  /** What KERN_PROCARGS2 copies out behind `argc`, byte for byte. */
  area(pid: number, argc: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.#controls.standin_area(pid, argc, bytes, BigInt(bytes.length));
  }

  /** Lets the kernel leave the environment of a process out, as it does for restricted ones. */
  restrict(pid: number): void {
    this.#controls.standin_restrict(pid);
  }

  /** The process dies just before its `nth` call `at` this point (or any), perhaps as a zombie. */
  dies(pid: number, at: Point | "any", nth = 1, zombie = false): void {
    this.#controls.standin_die(pid, at === "any" ? -1 : POINTS.indexOf(at), nth, zombie ? 1 : 0);
  }

  /** The table gains `records` before each of the next `times` calls that fill it. */
  grow(records: number, times: number): void {
    this.#controls.standin_grow(records, times);
  }

  /** Before each of the next `times` calls that fill it, the table gets one record too many. */
  outgrow(times: number): void {
    this.#controls.standin_outgrow(times);
  }

  /** Before each of the next `times` calls that list its files, the process opens so many more. */
  growFiles(pid: number, files: number, times: number): void {
    this.#controls.standin_grow_files(pid, files, times);
  }

  calls(point: Point): number {
    return this.#controls.standin_calls(POINTS.indexOf(point));
  }

  /** Ports that were given and not given back. */
  livePorts(): number {
    return this.#controls.standin_live_ports();
  }

  portsGiven(): number {
    return this.#controls.standin_ports_given();
  }

  /** What was asked that may not be asked. */
  violations(): string[] {
    return Array.from({ length: this.#controls.standin_violations() }, (_, i) => {
      const pointer = this.#controls.standin_violation(i);
      return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
    });
  }

  #memory(pid: number, ofRusage: 0 | 1, script: MemoryScript): void {
    const { resident, footprint, compressed = 0, peak } = script;
    const [a, b, c, d] = [resident, footprint, compressed, peak].map(BigInt);
    this.#controls.standin_memory(pid, ofRusage, a!, b!, c!, d!);
  }

  #parts(pid: number, parts: PartsScript): void {
    const { internal, external, reusable, purgeable, purgeableCompressed } = parts;
    const [a, b, c, d, e] = [internal, external, reusable, purgeable, purgeableCompressed];
    this.#controls.standin_parts(pid, BigInt(a), BigInt(b), BigInt(c), BigInt(d), BigInt(e));
  }

  #file(pid: number, file: FileScript): void {
    const { fd, type, kind = 0, state = 0, port = 0, version = 0, address = [] } = file;
    const bytes = new Uint8Array(16);
    bytes.set(address);
    // An int whose first two bytes are the port's in network order, on a little-endian machine.
    const swapped = (port & 0xff) << 8 | port >> 8;
    this.#controls.standin_file(pid, fd, type, kind, state, swapped, version, bytes);
  }

  #arguments(script: ProcessScript, argv: readonly Bytes[]): void {
    const path = bytes(script.executable ?? "");
    const strings = joined(argv);
    const environment = joined(script.environment ?? []);
    this.#controls.standin_arguments(
      script.pid,
      path,
      BigInt(path.length),
      argv.length,
      strings,
      BigInt(strings.length),
      environment,
      BigInt(environment.length),
    );
  }
}

function bytes(value: Bytes): Uint8Array<ArrayBuffer> {
  return typeof value === "string" ? new TextEncoder().encode(value) : new Uint8Array(value);
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return bytes(value + "\0");
}

function orNull(value: string | undefined): Uint8Array<ArrayBuffer> | null {
  return value === undefined ? null : text(value);
}

/** Every string with its NUL. */
function joined(strings: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(strings.flatMap((string) => [...bytes(string), 0]));
}
