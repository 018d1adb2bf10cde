/** Where processes listen, on the stand-in library. */

import assert from "node:assert/strict";
import type { DarwinPortsCalls } from "../../src/ffi/darwin_ports_abi.ts";
import { openDarwin } from "../../src/ffi/open.ts";
import { CALLER, type FileScript, NEEDS, Standin } from "../standin/standin.ts";
import { live } from "../support.ts";
import { CANARY, facts } from "./facts.ts";
import { probing } from "./probing.ts";

const { constants } = facts;
const SOCKET = constants.PROX_FDTYPE_SOCKET;
/** Of sys/proc_info.h: PROX_FDTYPE_VNODE; SOCKINFO_IN and SOCKINFO_UN; TSI_S_ESTABLISHED. */
const VNODE = 1, OF_IP = 1, OF_UNIX = 3, ESTABLISHED = 4;
const V4 = constants.INI_IPV4, V6 = constants.INI_IPV6;

/** `struct in4in6_addr`: what stands before the address is not of it. */
function v4(...address: readonly number[]): readonly number[] {
  return [...Array.from({ length: 12 }, () => CANARY), ...address];
}

function listener(fd: number, port: number, version: number, address: readonly number[]) {
  const kind = constants.SOCKINFO_TCP, state = constants.TSI_S_LISTEN;
  return { fd, type: SOCKET, kind, state, port, version, address };
}

const LOOPBACK = v4(127, 0, 0, 1);
const ANY6 = Array.from({ length: 16 }, () => 0);
const LOOPBACK6 = [...ANY6.slice(1), 1];
const LINK_LOCAL = [0xfe, 0x80, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];

probing("listening sockets of TCP are told, by their number, each once", (scene) => {
  const { probe, process } = scene;
  const files: readonly FileScript[] = [
    { fd: 0, type: VNODE },
    listener(3, 54_321, V4, LOOPBACK),
    // 4096 is 0x1000, and 0x0010 the other way round.
    listener(4, 4096, V4, v4(192, 168, 1, 20)),
    listener(5, 4097, V6, LOOPBACK6),
    // One that takes IPv4 too.
    listener(6, 80, V4 | V6, ANY6),
    listener(7, 80, V4 | V6, ANY6),
    // KAME keeps the number of the interface in it.
    listener(8, 81, V6, LINK_LOCAL),
    { ...listener(9, 9, V4, LOOPBACK), state: ESTABLISHED },
    // Of UDP; and one of the same machine, in whose place for a state is something else.
    { ...listener(10, 10, V4, LOOPBACK), kind: OF_IP },
    { ...listener(11, 11, V4, LOOPBACK), kind: OF_UNIX },
    { ...listener(12, 12, V4, LOOPBACK), type: VNODE },
    // Of neither version, and without a port: nobody can come there.
    listener(13, 13, 4, LOOPBACK),
    listener(14, 0, V4, LOOPBACK),
  ];
  assert.deepEqual(probe.ports(process({ pid: 10, files }).key.pid), [
    { address: "::", port: 80 },
    { address: "fe80::9", port: 81 },
    { address: "192.168.1.20", port: 4096 },
    { address: "::1", port: 4097 },
    { address: "127.0.0.1", port: 54_321 },
  ]);
  // Only sockets are asked what they are.
  assert.equal(scene.system.calls("proc_pidfdinfo"), 11);
});

probing("ports: nowhere is another thing than not known", ({ system, probe, process }) => {
  const files = [{ fd: 0, type: VNODE }, { ...listener(3, 1, V4, LOOPBACK), state: ESTABLISHED }];
  process({ pid: 10, files });
  process({ pid: 11, files, uid: 502 });
  process({ pid: 12, files, zombie: true });
  assert.deepEqual([10, 11, 12, 13].map((pid) => probe.ports(pid)), [[], null, null, null]);
  system.caller({ pid: CALLER.pid, uid: 0 });
  assert.deepEqual(probe.ports(11), []);
});

const LISTENING: readonly FileScript[] = [
  { fd: 0, type: VNODE },
  listener(3, 4096, V4, LOOPBACK),
];

probing("a list of files that outgrows its buffer is asked for again", (scene) => {
  const { system, probe, process } = scene;
  process({ pid: 10, files: LISTENING });
  // The kernel announces room for 20 more than there are.
  system.growFiles(10, 50, 2);
  assert.deepEqual(probe.ports(10), [{ address: "127.0.0.1", port: 4096 }]);
  // Size and list, each three times; then it listens, and nothing more is asked.
  assert.equal(system.calls("proc_pidinfo"), 6);
});

probing("of a process with too many files nothing is told", ({ system, probe, process }) => {
  process({ pid: 10, files: LISTENING });
  system.growFiles(10, 200_000, 1);
  assert.equal(probe.ports(10), null);
  assert.equal(system.calls("proc_pidfdinfo"), 0);
});

probing(
  "a list that grows for ever is given up",
  ({ system, probe, process }) => {
    assert.equal(probe.ports(process({ pid: 10, files: LISTENING }).key.pid), null);
    assert(system.calls("proc_pidinfo") <= 16);
  },
  undefined,
  (calls) => ({
    ...calls,
    proc_pidinfo: (...args) => {
      const length = calls.proc_pidinfo(...args);
      return args[3] === null ? length : args[4];
    },
  }),
);

for (const nth of [1, 2, 3]) {
  probing(`ports: a process that dies before its call ${nth} is not told`, (scene) => {
    scene.process({ pid: 10, files: LISTENING });
    scene.system.dies(10, "any", nth);
    assert.equal(scene.probe.ports(10), null);
  });
}

/** Answers that are of another size than what is asked for, in a buffer of canaries. */
function sized(size: number) {
  return (calls: DarwinPortsCalls): DarwinPortsCalls => ({
    ...calls,
    proc_pidfdinfo: (...args) => {
      const bytes = args[3] as Uint8Array<ArrayBuffer>;
      bytes.fill(CANARY);
      assert.equal(bytes.length, facts.structs.socket_fdinfo.size);
      assert.equal(args[4], bytes.length);
      return calls.proc_pidfdinfo(...args) === 0 ? 0 : size;
    },
  });
}

for (const size of [-1, 0, 1, 768, 791, 793]) {
  probing(
    `a socket of ${size} bytes is none`,
    ({ probe, process }) => {
      assert.deepEqual(probe.ports(process({ pid: 10, files: LISTENING }).key.pid), []);
    },
    undefined,
    sized(size),
  );
}

for (const length of [-8, 0, 4, 7]) {
  probing(
    `ports: a list of ${length} bytes`,
    ({ probe, process }) => {
      const found = probe.ports(process({ pid: 10, files: LISTENING }).key.pid);
      assert.deepEqual(found, length > 0 ? [] : null);
    },
    undefined,
    (calls) => ({
      ...calls,
      proc_pidinfo: (...args) => args[3] === null ? calls.proc_pidinfo(...args) : length,
    }),
  );
}

live("what only ports need is loaded with them, and given back with the probe", NEEDS, () => {
  using system = new Standin();
  system.add({ pid: 10, files: LISTENING });
  using probe = openDarwin([system.path]);
  for (let i = 0; i < 3; i++) {
    assert.deepEqual(probe.ports(10), [{ address: "127.0.0.1", port: 4096 }]);
  }
});
