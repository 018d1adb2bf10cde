/** DarwinProbe: the process table, arguments, paths and footprints of macOS, from libSystem. */

import type { MemoryPart, Port } from "../detail.ts";
import { NativeError } from "../errors.ts";
import type {
  Machine,
  Marks,
  Missing,
  Probe,
  ProcessInfo,
  ProcessKey,
  ProcessTable,
  Reading,
  SourceReading,
  Standing,
} from "../types.ts";
import {
  type ArgumentArea,
  type DarwinCalls,
  decodeArguments,
  decodeProcessTable,
  decodeRusage,
  decodeStanding,
  decodeTaskVmInfo,
  ERRNO,
  KERN_SUCCESS,
  KINFO_PROC,
  PATH_SIZE,
  PROC_PIDVNODEPATHINFO,
  RUSAGE,
  RUSAGE_INFO_V4,
  SYSCTL,
  TASK_VM,
  TASK_VM_INFO,
  TASK_VM_INFO_COUNT,
  VNODE_PATHS,
} from "./darwin_abi.ts";
import { decodeTaskVmParts } from "./darwin_parts.ts";
import type { DarwinPorts } from "./darwin_ports.ts";
import { isLaunchdJob, readMarks } from "./marks.ts";
import { RowTable } from "./row_table.ts";
import { decodeText, readText } from "./struct.ts";

/** MAXHOSTNAMELEN of sys/param.h. */
const HOST_NAME_SIZE = 256;
/** How often a process table that outgrew its buffer is asked for again. */
const TABLE_ATTEMPTS = 8;
/** Records of room beyond the size that the kernel announces, for processes started in between. */
const TABLE_SLACK = 32;

export class DarwinProbe implements Probe {
  readonly os = "darwin";
  readonly #calls: DarwinCalls;
  readonly #close: () => void;
  readonly #openPorts: () => DarwinPorts | null;
  readonly #errnoAt: Deno.PointerValue;
  readonly #errno = new Int32Array(1);
  readonly #length = new BigUint64Array(1);
  readonly #port = new Uint32Array(1);
  readonly #count = new Uint32Array(1);
  readonly #taskInfo = new Uint8Array(TASK_VM.size);
  readonly #rusage = new Uint8Array(RUSAGE.size);
  readonly #path = new Uint8Array(PATH_SIZE);
  #ownUid: number | null = null;
  #ports: DarwinPorts | null = null;
  #arguments: Uint8Array<ArrayBuffer> | null = null;

  /**
   * `calls` are libSystem's; `close` gives the library back. `openPorts` loads what only ports need, or
   * gives null if it can't be loaded.
   */
  constructor(
    calls: DarwinCalls,
    readonly arch: string,
    readonly ownPid: number,
    close: () => void,
    openPorts: () => DarwinPorts | null,
  ) {
    this.#calls = calls;
    this.#close = close;
    this.#openPorts = openPorts;
    this.#errnoAt = calls.__error();
  }

  [Symbol.dispose](): void {
    this.#ports?.[Symbol.dispose]();
    this.#close();
  }

  memoryBytes(): number {
    const value = new BigUint64Array(1);
    this.#sysctlValue("the machine's memory", SYSCTL.memorySize, value);
    return Number(value[0]);
  }

  /** A start token is a time here, to the microsecond: no other start of the machine has it. */
  machine(): Machine {
    const name = new Uint8Array(HOST_NAME_SIZE);
    if (this.#sysctl(SYSCTL.hostName, name) !== 0) return { name: "", boot: "" };
    return { name: readText(name, { offset: 0, length: HOST_NAME_SIZE }), boot: "" };
  }

  processTable(): ProcessTable {
    let room = 0;
    for (let attempt = 0; attempt < TABLE_ATTEMPTS; attempt++) {
      if (this.#sysctl(SYSCTL.processTable, null) !== 0) break;
      // The announced size may lag behind a table that grows, so a failed attempt also doubles the room.
      room = Math.max(this.#lengthNow() + TABLE_SLACK * KINFO_PROC.size, room * 2);
      const table = new Uint8Array(room);
      if (this.#sysctl(SYSCTL.processTable, table) === 0) {
        const processes = decodeProcessTable(table, this.#lengthNow());
        this.#ownUid = processes.find((p) => p.key.pid === this.ownPid)?.uid ?? this.#ownUid;
        return new RowTable(processes);
      }
      if (this.#lastErrno() !== ERRNO.ENOMEM) break;
    }
    throw new NativeError(
      `Cannot list processes: sysctl KERN_PROC_ALL failed, errno ${this.#lastErrno()}`,
    );
  }

  executable(pid: number): string | null {
    const length = this.#calls.proc_pidpath(pid, this.#path, PATH_SIZE);
    return length > 0 ? decodeText(this.#path.subarray(0, Math.min(length, PATH_SIZE))) : null;
  }

  directory(pid: number): string | null {
    const info = new Uint8Array(VNODE_PATHS.size);
    const size = this.#calls.proc_pidinfo(pid, PROC_PIDVNODEPATHINFO, 0n, info, VNODE_PATHS.size);
    return size === VNODE_PATHS.size ? readText(info, VNODE_PATHS.directory) || null : null;
  }

  commandLine(process: ProcessInfo): readonly string[] | Missing {
    if (process.zombie) return "zombie";
    const area = this.#argumentArea(process.key.pid);
    if (area !== "refused") return typeof area === "string" ? area : area.argv;
    return this.#ownUid === 0 || process.uid === this.#ownUid ? "gone" : "denied";
  }

  marks(pid: number): Marks | null {
    const area = this.#argumentArea(pid);
    return typeof area === "string" ? null : readMarks(area.environment);
  }

  memoryParts({ key, zombie }: ProcessInfo): readonly MemoryPart[] | Missing {
    if (zombie) return "zombie";
    const parts = this.#byTask(key.pid, decodeTaskVmParts);
    if (typeof parts === "string") {
      // A port is refused for many reasons; errno of the other call tells them apart.
      const rusage = this.#byRusage(key.pid);
      return typeof rusage === "string" ? rusage : parts === "denied" ? "unsupported" : parts;
    }
    // Its start last: if it is the same, so was what was read before.
    return this.#hasTerminal(key) === null ? "gone" : parts;
  }

  ports(pid: number): readonly Port[] | null {
    this.#ports ??= this.#openPorts();
    return this.#ports?.of(pid) ?? null;
  }

  standing({ key }: ProcessInfo): Standing | null {
    const hasTerminal = this.#hasTerminal(key);
    if (hasTerminal === null) return null;
    const area = this.#argumentArea(key.pid);
    // Of restricted processes the kernel leaves the environment out.
    const isTold = typeof area !== "string" && area.environment.length > 0;
    return { hasTerminal, isService: isTold ? isLaunchdJob(area.environment) : null };
  }

  /** macOS has no PSS or USS, so `exact` changes nothing. */
  memory(process: ProcessInfo, _options: { readonly exact: boolean }): Reading | Missing {
    if (process.zombie) return "zombie";
    const reading = this.#byTask(process.key.pid, decodeTaskVmInfo);
    if (typeof reading === "string") return this.#byRusage(process.key.pid);
    if (reading.peakBytes !== null) return reading;
    const rusage = this.#byRusage(process.key.pid);
    return typeof rusage === "string" ? reading : { ...reading, peakBytes: rusage.peakBytes };
  }

  readings({ key: { pid }, zombie }: ProcessInfo): readonly SourceReading[] {
    const task = zombie ? "zombie" : this.#byTask(pid, decodeTaskVmInfo);
    const rusage = zombie ? "zombie" : this.#byRusage(pid);
    // A port is refused for many reasons; errno of the other call tells them apart.
    const isNone = typeof task === "string" && typeof rusage === "string";
    return [
      { source: "task_info", reading: isNone ? rusage : task },
      { source: "proc_pid_rusage", reading: rusage },
    ];
  }

  /** Through a task name port, which the kernel grants for processes of the same user. */
  #byTask<T>(pid: number, decode: (filled: DataView, count: number) => T | null): T | Missing {
    const { task_name_for_pid, task_info, mach_port_deallocate, mach_task_self_ } = this.#calls;
    if (task_name_for_pid(mach_task_self_, pid, this.#port) !== KERN_SUCCESS) return "denied";
    const port = this.#port[0]!;
    try {
      this.#count[0] = TASK_VM_INFO_COUNT;
      if (task_info(port, TASK_VM_INFO, this.#taskInfo, this.#count) !== KERN_SUCCESS) {
        return "gone";
      }
      return decode(new DataView(this.#taskInfo.buffer), this.#count[0]!) ?? "unsupported";
    } finally {
      mach_port_deallocate(mach_task_self_, port);
    }
  }

  /** Whether the process has a terminal, or null if it is gone. */
  #hasTerminal(key: ProcessKey): boolean | null {
    const record = new Uint8Array(KINFO_PROC.size);
    if (this.#sysctl([...SYSCTL.oneProcess, key.pid], record) !== 0) return null;
    return decodeStanding(record, this.#lengthNow(), key);
  }

  #byRusage(pid: number): Reading | Missing {
    if (this.#calls.proc_pid_rusage(pid, RUSAGE_INFO_V4, this.#rusage) === 0) {
      return decodeRusage(new DataView(this.#rusage.buffer)) ?? "gone";
    }
    const errno = this.#lastErrno();
    if (errno === ERRNO.ESRCH) return "gone";
    return errno === ERRNO.EPERM ? "denied" : "unsupported";
  }

  /**
   * The kernel refuses (EINVAL) a process that is gone, a zombie, or somebody else's. Its buffer must
   * hold the largest area there can be: into a smaller one the kernel copies the end, not the start.
   */
  #argumentArea(pid: number): ArgumentArea | "refused" | "unsupported" {
    const buffer = this.#arguments ??= this.#argumentBuffer();
    if (this.#sysctl([...SYSCTL.arguments, pid], buffer) !== 0) return "refused";
    const length = this.#lengthNow();
    // A full buffer may hold only the end of a larger area: its arguments can't be told from the rest.
    if (length >= buffer.length) return "unsupported";
    return decodeArguments(buffer.subarray(0, length)) ?? "unsupported";
  }

  #argumentBuffer(): Uint8Array<ArrayBuffer> {
    const argMax = new Uint32Array(1);
    this.#sysctlValue("the largest argument list", SYSCTL.argMax, argMax);
    // The most that the kernel accepts: ARG_MAX bytes behind the argument count.
    return new Uint8Array(argMax[0]! + 4);
  }

  #sysctlValue(what: string, name: readonly number[], value: Uint32Array | BigUint64Array): void {
    const bytes = new Uint8Array(value.buffer as ArrayBuffer);
    if (this.#sysctl(name, bytes) !== 0 || this.#lengthNow() !== bytes.length) {
      throw new NativeError(
        `Cannot tell ${what}: sysctl ${name.join(".")} failed, errno ${this.#lastErrno()}`,
      );
    }
  }

  /** Fills `target`, or with null asks for the size; `#lengthNow()` is then what was filled or is needed. */
  #sysctl(name: readonly number[], target: Uint8Array<ArrayBuffer> | null): number {
    this.#length[0] = BigInt(target?.length ?? 0);
    return this.#calls.sysctl(new Int32Array(name), name.length, target, this.#length, null, 0n);
  }

  #lengthNow(): number {
    return Number(this.#length[0]);
  }

  /** Must follow the failed call at once: the runtime's own calls change errno. */
  #lastErrno(): number {
    this.#calls.memcpy(this.#errno, this.#errnoAt, 4n);
    return this.#errno[0]!;
  }
}
