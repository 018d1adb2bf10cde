import assert from "node:assert/strict";
import {
  DARWIN_SYMBOLS,
  ERRNO,
  KERN_SUCCESS,
  KINFO_PROC,
  LIBSYSTEM_PATH,
  PATH_SIZE,
  PROC_PIDVNODEPATHINFO,
  RUSAGE,
  RUSAGE_INFO_V4,
  SYSCTL,
  TASK_VM,
  TASK_VM_INFO,
  TASK_VM_INFO_COUNT,
  VNODE_PATHS,
} from "../../src/ffi/darwin_abi.ts";
import { TASK_VM_PARTS } from "../../src/ffi/darwin_parts.ts";
import {
  DARWIN_PORTS_SYMBOLS,
  FD_INFO,
  INI_IPV4,
  INI_IPV6,
  PROC_PIDFDSOCKETINFO,
  PROC_PIDLISTFDS,
  PROX_FDTYPE_SOCKET,
  SOCKET_INFO,
  SOCKINFO_TCP,
  TSI_S_LISTEN,
} from "../../src/ffi/darwin_ports_abi.ts";
import { pure } from "../support.ts";
import { facts, type Place } from "./facts.ts";

const { kinfo_proc, task_vm_info, rusage_info_v4, proc_vnodepathinfo } = facts.structs;
const { proc_fdinfo, socket_fdinfo } = facts.structs;
const { constants } = facts;

/** Offset and length only. */
function place({ offset, length }: Place): Place {
  return { offset, length };
}

pure("every size and offset is the one of the headers", () => {
  const kinfo = kinfo_proc.fields;
  assert.deepEqual(KINFO_PROC, {
    size: kinfo_proc.size,
    startSeconds: place(kinfo.starttime_sec),
    startMicroseconds: place(kinfo.starttime_usec),
    state: place(kinfo.p_stat),
    pid: place(kinfo.p_pid),
    name: place(kinfo.p_comm),
    uid: place(kinfo.e_ucred_cr_uid),
    ppid: place(kinfo.e_ppid),
    terminal: place(kinfo.e_tdev),
  });
  const task = task_vm_info.fields;
  assert.deepEqual(TASK_VM, {
    size: task_vm_info.size,
    resident: place(task.resident_size),
    compressed: place(task.compressed),
    footprint: place(task.phys_footprint),
    footprintPeak: place(task.ledger_phys_footprint_peak),
  });
  assert.deepEqual(TASK_VM_PARTS, {
    internal: place(task.internal),
    external: place(task.external),
    reusable: place(task.reusable),
    compressed: place(task.compressed),
    purgeable: place(task.ledger_purgeable_nonvolatile),
    purgeableCompressed: place(task.ledger_purgeable_novolatile_compressed),
  });
  const rusage = rusage_info_v4.fields;
  assert.deepEqual(RUSAGE, {
    size: rusage_info_v4.size,
    resident: place(rusage.ri_resident_size),
    footprint: place(rusage.ri_phys_footprint),
    footprintPeak: place(rusage.ri_lifetime_max_phys_footprint),
  });
  assert.deepEqual(VNODE_PATHS, {
    size: proc_vnodepathinfo.size,
    directory: place(proc_vnodepathinfo.fields.pvi_cdir_vip_path),
  });
  assert.deepEqual(FD_INFO, {
    size: proc_fdinfo.size,
    fd: place(proc_fdinfo.fields.proc_fd),
    type: place(proc_fdinfo.fields.proc_fdtype),
  });
  const socket = socket_fdinfo.fields;
  assert.deepEqual(SOCKET_INFO, {
    size: socket_fdinfo.size,
    kind: place(socket.soi_kind),
    localPort: place(socket.insi_lport),
    version: place(socket.insi_vflag),
    localAddress: place(socket.ina_6),
    localAddress4: place(socket.i46a_addr4),
    state: place(socket.tcpsi_state),
  });
});

pure("every constant is the one of the headers", () => {
  const { EPERM, ESRCH, ENOMEM, EINVAL } = constants;
  assert.deepEqual(ERRNO, { EPERM, ESRCH, ENOMEM, EINVAL });
  assert.equal(KERN_SUCCESS, constants.KERN_SUCCESS);
  assert.equal(TASK_VM_INFO, constants.TASK_VM_INFO);
  assert.equal(TASK_VM_INFO_COUNT, constants.TASK_VM_INFO_COUNT);
  assert.equal(TASK_VM_INFO_COUNT * 4, TASK_VM.size);
  assert.equal(RUSAGE_INFO_V4, constants.RUSAGE_INFO_V4);
  assert.equal(PROC_PIDVNODEPATHINFO, constants.PROC_PIDVNODEPATHINFO);
  assert.equal(PATH_SIZE, constants.PROC_PIDPATHINFO_MAXSIZE);
  assert.deepEqual(
    [PROC_PIDLISTFDS, PROC_PIDFDSOCKETINFO, PROX_FDTYPE_SOCKET],
    [constants.PROC_PIDLISTFDS, constants.PROC_PIDFDSOCKETINFO, constants.PROX_FDTYPE_SOCKET],
  );
  assert.deepEqual(
    [SOCKINFO_TCP, TSI_S_LISTEN, INI_IPV4, INI_IPV6],
    [constants.SOCKINFO_TCP, constants.TSI_S_LISTEN, constants.INI_IPV4, constants.INI_IPV6],
  );
  const { CTL_KERN, CTL_HW, KERN_PROC, KERN_PROC_ALL, KERN_PROC_PID } = constants;
  assert.deepEqual(SYSCTL.processTable.slice(0, 3), [CTL_KERN, KERN_PROC, KERN_PROC_ALL]);
  assert.deepEqual(SYSCTL.oneProcess, [CTL_KERN, KERN_PROC, KERN_PROC_PID]);
  assert.deepEqual(SYSCTL.argMax, [CTL_KERN, constants.KERN_ARGMAX]);
  // sys/sysctl.h, between KERN_SECURELVL (9) and KERN_HOSTID (11).
  assert.deepEqual(SYSCTL.hostName, [CTL_KERN, 10]);
  assert.deepEqual(SYSCTL.memorySize, [CTL_HW, constants.HW_MEMSIZE]);
  assert.deepEqual(SYSCTL.arguments, [CTL_KERN, constants.KERN_PROCARGS2]);
  assert.equal(LIBSYSTEM_PATH, "/usr/lib/libSystem.B.dylib");
});

/** The FFI type of each C type in the declarations of the facts; a pointer is a buffer. */
const FFI_TYPES: Readonly<Record<string, string>> = {
  int: "i32",
  u_int: "u32",
  uint32_t: "u32",
  uint64_t: "u64",
  size_t: "usize",
  kern_return_t: "i32",
  mach_port_name_t: "u32",
  task_name_t: "u32",
  task_flavor_t: "u32",
  ipc_space_t: "u32",
};

function ffiType(declaration: string): string {
  if (declaration.includes("*")) return "buffer";
  const type = FFI_TYPES[declaration.trim().split(" ")[0]!];
  assert(type, `no FFI type is known for ${declaration}`);
  return type;
}

pure("every function is bound as C declares it", () => {
  for (const [name, declaration] of Object.entries(facts.calls)) {
    const [, result, parameters] = declaration.match(/^(\w+) \w+\((.*)\)$/)!;
    const expected = {
      parameters: parameters!.split(", ").map(ffiType),
      result: ffiType(result!),
    };
    const bound = [DARWIN_SYMBOLS, DARWIN_PORTS_SYMBOLS].filter((symbols) => name in symbols);
    assert.ok(bound.length > 0, name);
    for (const symbols of bound) {
      assert.deepEqual(symbols[name as keyof typeof symbols], expected, name);
    }
  }
});

pure("nothing else is bound: no variadic function, no control port", () => {
  const others = ["__error", "mach_task_self_", "memcpy"];
  assert.deepEqual(
    Object.keys(DARWIN_SYMBOLS).sort(),
    [...Object.keys(facts.calls), ...others].filter((name) => name !== "proc_pidfdinfo").sort(),
  );
  assert.deepEqual(Object.keys(DARWIN_PORTS_SYMBOLS), ["proc_pidinfo", "proc_pidfdinfo"]);
  assert.deepEqual(DARWIN_SYMBOLS.mach_task_self_, { type: "u32" });
  assert.deepEqual(DARWIN_SYMBOLS.__error, { parameters: [], result: "pointer" });
});
