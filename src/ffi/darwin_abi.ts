/**
 * Facts of macOS: the C functions that are bound, sizes and offsets of the structures that are read,
 * and their decoders. Pure. Sizes and offsets are those that a compiler computes from the public XNU
 * headers (xnu-11417.101.15), the same on arm64 and x86-64; the header is named at each.
 */

import type { ProcessInfo, ProcessKey, Reading } from "../types.ts";
import { decodeText, type Field, readText, readUint, type TextField } from "./struct.ts";

/** The umbrella library. It lies in the dyld cache: no such file is on disk, and dlopen finds it. */
export const LIBSYSTEM_PATH = "/usr/lib/libSystem.B.dylib";

/**
 * No variadic function is bound: arm64 macOS passes variadic arguments on the stack. Nor is
 * task_for_pid, which asks for control over the process: a name port is enough to read sizes.
 */
export const DARWIN_SYMBOLS = {
  // int sysctl(int *name, u_int namelen, void *oldp, size_t *oldlenp, void *newp, size_t newlen)
  sysctl: { parameters: ["buffer", "u32", "buffer", "buffer", "buffer", "usize"], result: "i32" },
  // kern_return_t task_name_for_pid(mach_port_name_t target_tport, int pid, mach_port_name_t *tn)
  task_name_for_pid: { parameters: ["u32", "i32", "buffer"], result: "i32" },
  // kern_return_t task_info(task_name_t, task_flavor_t, task_info_t, mach_msg_type_number_t *count)
  task_info: { parameters: ["u32", "u32", "buffer", "buffer"], result: "i32" },
  // kern_return_t mach_port_deallocate(ipc_space_t task, mach_port_name_t name)
  mach_port_deallocate: { parameters: ["u32", "u32"], result: "i32" },
  // int proc_pid_rusage(int pid, int flavor, rusage_info_t *buffer)
  proc_pid_rusage: { parameters: ["i32", "i32", "buffer"], result: "i32" },
  // int proc_pidpath(int pid, void *buffer, uint32_t buffersize)
  proc_pidpath: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  // int proc_pidinfo(int pid, int flavor, uint64_t arg, void *buffer, int buffersize)
  proc_pidinfo: { parameters: ["i32", "i32", "u64", "buffer", "i32"], result: "i32" },
  // extern mach_port_t mach_task_self_ (mach_task_self() is a macro over it)
  mach_task_self_: { type: "u32" },
  // void *memcpy(void *dst, const void *src, size_t n): reads what a pointer points to
  memcpy: { parameters: ["buffer", "pointer", "usize"], result: "pointer" },
  // int *__error(void): where this thread's errno is
  __error: { parameters: [], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

export type DarwinCalls = Deno.DynamicLibrary<typeof DARWIN_SYMBOLS>["symbols"];

/** sys/errno.h */
export const ERRNO = { EPERM: 1, ESRCH: 3, ENOMEM: 12, EINVAL: 22 } as const;
/** mach/kern_return.h */
export const KERN_SUCCESS = 0;
/** mach/task_info.h: the flavor, and the count of the newest structure known here, in 4-byte units. */
export const TASK_VM_INFO = 22;
export const TASK_VM_INFO_COUNT = 93;
/** sys/resource.h */
export const RUSAGE_INFO_V4 = 4;
/** sys/proc_info.h */
export const PROC_PIDVNODEPATHINFO = 9;
/** libproc.h: PROC_PIDPATHINFO_MAXSIZE, 4 × MAXPATHLEN */
export const PATH_SIZE = 4096;
/** sys/sysctl.h: names of the values that are read. KERN_PROC_ALL ignores its fourth part. */
export const SYSCTL = {
  processTable: [1, /* CTL_KERN */ 14, /* KERN_PROC */ 0, /* KERN_PROC_ALL */ 0],
  oneProcess: [1, /* CTL_KERN */ 14, /* KERN_PROC */ 1 /* KERN_PROC_PID */],
  argMax: [1, /* CTL_KERN */ 8 /* KERN_ARGMAX */],
  hostName: [1, /* CTL_KERN */ 10 /* KERN_HOSTNAME */],
  memorySize: [6, /* CTL_HW */ 24 /* HW_MEMSIZE */],
  arguments: [1, /* CTL_KERN */ 49 /* KERN_PROCARGS2 */],
} as const;

/** `struct kinfo_proc` (sys/sysctl.h): extern_proc (sys/proc.h), then eproc at 296. */
export const KINFO_PROC = {
  size: 648,
  startSeconds: { offset: 0, length: 8 },
  startMicroseconds: { offset: 8, length: 4 },
  state: { offset: 36, length: 1 },
  pid: { offset: 40, length: 4 },
  name: { offset: 243, length: 17 },
  uid: { offset: 420, length: 4 },
  ppid: { offset: 560, length: 4 },
  terminal: { offset: 572, length: 4 },
} as const satisfies { size: number } & Record<string, Field | TextField | number>;

/** sys/types.h: NODEV, which is (dev_t)-1 */
const NO_DEVICE = 0xffffffff;

/** sys/proc.h: SZOMB */
const STATE_ZOMBIE = 5;

/** `struct task_vm_info` (mach/task_info.h), packed to 4 bytes. Older kernels fill fewer bytes of it. */
export const TASK_VM = {
  size: 372,
  resident: { offset: 16, length: 8 },
  compressed: { offset: 120, length: 8 },
  footprint: { offset: 144, length: 8 },
  footprintPeak: { offset: 168, length: 8 },
} as const satisfies { size: number } & Record<string, Field | number>;

/** `struct rusage_info_v4` (sys/resource.h). */
export const RUSAGE = {
  size: 296,
  resident: { offset: 64, length: 8 },
  footprint: { offset: 72, length: 8 },
  footprintPeak: { offset: 240, length: 8 },
} as const satisfies { size: number } & Record<string, Field | number>;

/** `struct proc_vnodepathinfo` (sys/proc_info.h): the working directory's path. */
export const VNODE_PATHS = {
  size: 2352,
  directory: { offset: 152, length: 1024 },
} as const satisfies { size: number; directory: TextField };

/** Every whole record in the `length` bytes that the kernel filled. */
export function decodeProcessTable(bytes: Uint8Array, length: number): ProcessInfo[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, Math.min(length, bytes.length));
  const processes: ProcessInfo[] = [];
  for (let at = 0; at + KINFO_PROC.size <= view.byteLength; at += KINFO_PROC.size) {
    const seconds = readUint(view, KINFO_PROC.startSeconds, at);
    const microseconds = readUint(view, KINFO_PROC.startMicroseconds, at);
    processes.push({
      key: {
        pid: readUint(view, KINFO_PROC.pid, at),
        started: `${seconds}.${String(microseconds).padStart(6, "0")}`,
      },
      ppid: readUint(view, KINFO_PROC.ppid, at),
      name: readText(bytes, KINFO_PROC.name, at),
      uid: readUint(view, KINFO_PROC.uid, at),
      startedAtMs: seconds * 1000 + Math.floor(microseconds / 1000),
      zombie: readUint(view, KINFO_PROC.state, at) === STATE_ZOMBIE,
    });
  }
  return processes;
}

/** Whether a process has a terminal, by its record; null: the record is another's, or none. */
export function decodeStanding(
  bytes: Uint8Array,
  length: number,
  key: ProcessKey,
): boolean | null {
  const [row] = decodeProcessTable(bytes, length);
  if (row?.key.pid !== key.pid || row.key.started !== key.started) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return readUint(view, KINFO_PROC.terminal) !== NO_DEVICE;
}

/**
 * The memory in a task_vm_info of which `count` 4-byte units were filled, or null if that does not
 * cover the footprint (kernels before macOS 10.11 fill 36). A peak that is not covered is null.
 */
export function decodeTaskVmInfo(view: DataView, count: number): Reading | null {
  const filled = Math.min(count * 4, view.byteLength);
  const value = (field: Field) =>
    field.offset + field.length <= filled ? readUint(view, field) : null;
  const footprintBytes = value(TASK_VM.footprint);
  const residentBytes = value(TASK_VM.resident);
  if (!footprintBytes || residentBytes === null) return null;
  return {
    footprintBytes,
    residentBytes,
    peakBytes: value(TASK_VM.footprintPeak),
    swappedBytes: value(TASK_VM.compressed),
    pssBytes: null,
    ussBytes: null,
    source: "task_info",
    uid: null,
  };
}

/** The memory in a rusage_info_v4, or null if its footprint is 0: then the process has just ended. */
export function decodeRusage(view: DataView): Reading | null {
  const footprintBytes = readUint(view, RUSAGE.footprint);
  if (footprintBytes === 0) return null;
  return {
    footprintBytes,
    residentBytes: readUint(view, RUSAGE.resident),
    peakBytes: readUint(view, RUSAGE.footprintPeak),
    swappedBytes: null,
    pssBytes: null,
    ussBytes: null,
    source: "proc_pid_rusage",
    uid: null,
  };
}

/** The arguments of a process, and the bytes behind them, which are its environment. */
export interface ArgumentArea {
  readonly argv: readonly string[];
  readonly environment: Uint8Array;
}

/**
 * Decodes what KERN_PROCARGS2 fills: a 4-byte argc, the executable's path, NULs that pad it, then
 * exactly argc strings, some of which may be empty, then the environment. null: too short.
 *
 * The kernel pads so that the arguments start on 8 bytes (exec_extract_strings, bsd/kern/kern_exec.c,
 * with a 16-byte key before the path); NULs beyond that padding are empty first arguments. Taking
 * them for padding too would count environment strings as arguments.
 */
export function decodeArguments(area: Uint8Array): ArgumentArea | null {
  if (area.length < 4) return null;
  const argc = readUint(new DataView(area.buffer, area.byteOffset, area.length), {
    offset: 0,
    length: 4,
  });
  const pathEnd = area.indexOf(0, 4);
  if (pathEnd < 0) return null;
  let at = pathEnd + 1;
  while (at < area.length && area[at] === 0) at++;
  const nuls = at - (pathEnd + 1);
  const padding = (8 - (pathEnd + 1 - 4) % 8) % 8;
  if (nuls > padding) at = pathEnd + 1 + padding;
  const argv: string[] = [];
  while (argv.length < argc && at < area.length) {
    const nul = area.indexOf(0, at);
    const end = nul < 0 ? area.length : nul;
    argv.push(decodeText(area.subarray(at, end)));
    at = end + 1;
  }
  const path = decodeText(area.subarray(4, pathEnd));
  return { argv: isTitle(argv, path) ? argv.slice(0, 1) : argv, environment: area.subarray(at) };
}

/**
 * True if the process wrote a title over its arguments, as node and npm do: a text that does not name
 * the executable, and behind it only filler or, where the title fills the place of several arguments,
 * what counting argc strings takes from the environment.
 */
function isTitle([first = "", ...rest]: readonly string[], path: string): boolean {
  if (first === path || path.endsWith(`/${first}`)) return false;
  const isVariable = (text: string) => /^\w+=/.test(text);
  if (!first.includes(" ") && !rest.some(isVariable)) return false;
  return rest.every((text) => text === "" || isVariable(text));
}
