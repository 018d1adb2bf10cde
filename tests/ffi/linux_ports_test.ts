/** Where processes listen: of lines, of this machine, and with calls that fail or go on for ever. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { addressText } from "../../src/ffi/addresses.ts";
import { LIBC_PATHS, LIBC_SYMBOLS, type LibcCalls } from "../../src/ffi/linux_abi.ts";
import { parseListening } from "../../src/ffi/linux_ports.ts";
import { LinuxProbe } from "../../src/ffi/linux.ts";
import { openLinux } from "../../src/ffi/open.ts";
import { Children } from "../live/processes.ts";
import { hasProgram, live, pure } from "../support.ts";

const NEEDS = { Linux: Deno.build.os === "linux", sh: hasProgram("sh") };
const EACCES = 13, ENOENT = 2;

function openHere(): LinuxProbe {
  return openLinux(LIBC_PATHS[Deno.build.arch] ?? []);
}

/** A line of /proc/net/tcp, as the kernel's proc_net_tcp document has it. */
function line(local: string, state = "0A", inode = "5506921"): string {
  return `   1: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0` +
    `        0 ${inode} 1 000000005e3e02c5 100 0 0 10 0                      `;
}

pure("a line of a listening socket: the words of its address are little-endian", () => {
  const cases: readonly [string, string, number][] = [
    ["0100007F:120E", "127.0.0.1", 4622],
    ["00000000:07E8", "0.0.0.0", 2024],
    ["1401A8C0:FFFF", "192.168.1.20", 65_535],
    ["00000000000000000000000000000000:1000", "::", 4096],
    ["00000000000000000000000001000000:1000", "::1", 4096],
    // 2001:db8::1:2 and ::ffff:127.0.0.1, by hand.
    ["B80D0120000000000000000002000100:0050", "2001:db8::1:2", 80],
    ["0000000000000000FFFF00000100007F:0051", "127.0.0.1", 81],
  ];
  for (const [local, address, port] of cases) {
    assert.deepEqual(parseListening(line(local)), ["socket:[5506921]", { address, port }], local);
  }
  // As the kernel writes the second table: both addresses are long.
  const six = line("00000000000000000000000001000000:1000")
    .replace(" 00000000:0000 ", ` ${"0".repeat(32)}:0000 `);
  assert.deepEqual(parseListening(six)?.[1], { address: "::1", port: 4096 });
});

pure("what does not listen, or is no such line, tells nothing", () => {
  for (const state of ["01", "02", "03", "06", "07", "0B", "0C", "0a"]) {
    assert.equal(parseListening(line("0100007F:1000", state)), null, state);
  }
  const whole = line("0100007F:1000");
  const behindInode = whole.indexOf(" 1 00000000");
  for (let length = 0; length <= behindInode; length++) {
    assert.equal(parseListening(whole.slice(0, length)), null, `${length}`);
  }
  for (const text of ["", "  sl  local_address rem_address   st", `x${whole}`, "0A 0A 0A"]) {
    assert.equal(parseListening(text), null, text);
  }
  fc.assert(fc.property(fc.string(), (text) => void parseListening(text)));
});

pure("addresses are written as RFC 5952 wants them", () => {
  const cases: readonly [readonly number[], string][] = [
    [[10, 0, 0, 255], "10.0.0.255"],
    [[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1], "2001:db8::2:1"],
    [[0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], "2001:db8:0:1:1:1:1:1"],
    [[0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], "2001:0:0:1::1"],
    [[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xAA, 0xAA], "2001:db8::1:0:0:aaaa"],
    [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1], "192.0.2.1"],
    // Of the interface that KAME keeps in it, nothing; of others, all.
    [[0xfe, 0x80, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9], "fe80::9"],
    [[0xfd, 0x80, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9], "fd80:4::9"],
  ];
  for (const [bytes, text] of cases) assert.equal(addressText(Uint8Array.from(bytes)), text);
});

live("where this process listens, and where it does no more", NEEDS, async () => {
  using probe = openHere();
  const before = probe.ports(Deno.pid);
  assert(before !== null);
  const listeners = ["127.0.0.1", "::1", "0.0.0.0", "::"].map((hostname) => {
    const listener = Deno.listen({ hostname, port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    return { listener, expected: { address: hostname, port } };
  });
  const [{ listener, expected }] = [listeners[0]!];
  // And a connection of it, at both ends.
  const accepted = listener.accept();
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: expected.port });
  const found = probe.ports(Deno.pid)!;
  const own = listeners.map((one) => one.expected).sort((a, b) => a.port - b.port);
  const isBefore = ({ address, port }: { address: string; port: number }) =>
    before.some((one) => one.address === address && one.port === port);
  assert.deepEqual(found.filter((port) => !isBefore(port)), own);
  connection.close();
  (await accepted).close();
  for (const one of listeners) one.listener.close();
  assert.deepEqual(probe.ports(Deno.pid), before);
});

live("a process that listens nowhere, and one that is gone", NEEDS, async () => {
  await using children = new Children();
  using probe = openHere();
  const child = children.start("sh", { args: ["-c", "echo ready; read line"] });
  await child.line(/^ready$/);
  assert.deepEqual(probe.ports(child.pid), []);
  await child.end();
  assert.equal(probe.ports(child.pid), null);
});

live("a socket that listens is found at number 0 too", {
  ...NEEDS,
  python3: hasProgram("python3"),
}, async () => {
  await using children = new Children();
  using probe = openHere();
  const script = "import os, socket, sys\n" +
    "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n" +
    "os.dup2(s.fileno(), 0); port = s.getsockname()[1]; s.close()\n" +
    "print(port, flush=True)\nos.read(os.pipe()[0], 1)\n";
  const child = children.start("python3", { args: ["-c", script] });
  const [port] = await child.line(/^\d+$/);
  assert.deepEqual(probe.ports(child.pid), [{ address: "127.0.0.1", port: Number(port) }]);
});

live("one that listens in a network of its own does not listen in ours", {
  ...NEEDS,
  root: Deno.uid() === 0,
  unshare: hasProgram("unshare"),
}, async () => {
  await using children = new Children();
  using probe = openHere();
  const script = "const listener = Deno.listen({ hostname: '0.0.0.0', port: 0 });" +
    "console.log(`at ${listener.addr.port}`); await listener.accept();";
  const child = children.start("unshare", { args: ["--net", Deno.execPath(), "eval", script] });
  await child.line(/^at \d+$/);
  assert.deepEqual(probe.ports(child.pid), []);
});

/** The probe on this machine's libc, with other calls in the place of some. */
function probeWith(wrap: (real: LibcCalls) => Partial<LibcCalls>): LinuxProbe {
  const path = LIBC_PATHS[Deno.build.arch]!.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  })!;
  const library = Deno.dlopen(path, LIBC_SYMBOLS);
  const calls = { ...library.symbols, ...wrap(library.symbols) };
  return new LinuxProbe(calls, "x", () => library.close());
}

/** Makes a call fail with an errno. */
function failing(errno: number) {
  const cell = Int32Array.of(errno);
  const memcpy: LibcCalls["memcpy"] = (to) => {
    (to as Int32Array<ArrayBuffer>).set(cell);
    return null;
  };
  return { memcpy };
}

function textOf(path: unknown): string {
  return new TextDecoder().decode(path as Uint8Array).split("\0")[0]!;
}

live("who may not see files, or tables, does not say nowhere", NEEDS, () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const answer = (wrap: (real: LibcCalls) => Partial<LibcCalls>) => {
    using probe = probeWith(wrap);
    return probe.ports(Deno.pid);
  };
  const without = (part: string, errno: number) => (real: LibcCalls) =>
    ({
      ...failing(errno),
      fopen: (path: Uint8Array<ArrayBuffer>, mode: Uint8Array<ArrayBuffer>) =>
        textOf(path).endsWith(part) ? null : real.fopen(path, mode),
    }) as Partial<LibcCalls>;
  const links = (errno: number) => (real: LibcCalls) =>
    ({
      ...failing(errno),
      readlink: (path: Uint8Array<ArrayBuffer>, to: Uint8Array<ArrayBuffer>, size: bigint) =>
        textOf(path).includes("/fd/") ? -1n : real.readlink(path, to, size),
    }) as Partial<LibcCalls>;
  try {
    assert.equal(answer(without("/fd", EACCES)), null);
    assert.equal(answer(without("/net/tcp", EACCES)), null);
    assert.equal(answer(without("/net/tcp", ENOENT)), null);
    assert.equal(answer(without("/net/tcp6", EACCES)), null);
    assert.equal(answer(links(EACCES)), null);
    // All of them closed meanwhile: it has ended.
    assert.equal(answer(links(ENOENT)), null);
    // A kernel without IPv6.
    const found = answer(without("/net/tcp6", ENOENT));
    assert(found?.some((one) => one.address === "127.0.0.1" && one.port === port));
  } finally {
    listener.close();
  }
});

live("of a table of 100,000 connections the beginning is read", NEEDS, () => {
  // Pieces of 27 lines, as many as a page has room for; the sockets that listen come first.
  const lines = Array.from({ length: 100_000 }, (_, i) => {
    const port = (4096 + i % 60_000).toString(16).toUpperCase().padStart(4, "0");
    return line(`0100007F:${port}`, i < 67 ? "0A" : "01", `${9e9 + i}`);
  });
  const pieces = Array.from(
    { length: Math.ceil(lines.length / 27) },
    (_, i) => lines.slice(27 * i, 27 * (i + 1)).join("\n") + "\n",
  );
  let table: Deno.PointerValue = null;
  let fd = -1;
  let reads = 0;
  using probe = probeWith((real) => ({
    fopen: (path, mode) => {
      const stream = real.fopen(path, mode);
      if (textOf(path) === "/proc/net/tcp") table = stream;
      return stream;
    },
    fileno: (stream) => {
      const number = real.fileno(stream);
      if (stream === table && table !== null) fd = number;
      return number;
    },
    fclose: (stream) => {
      if (stream === table) [table, fd] = [null, -1];
      return real.fclose(stream);
    },
    read: (number, to, size) => {
      if (number !== fd) return real.read(number, to, size);
      const bytes = new TextEncoder().encode(pieces[reads++] ?? "");
      (to as Uint8Array<ArrayBuffer>).set(bytes);
      return BigInt(bytes.length);
    },
    readlink: (path, to, size) => {
      if (!textOf(path).endsWith("/fd/0")) return real.readlink(path, to, size);
      // The last one that listens.
      const bytes = new TextEncoder().encode(`socket:[${9e9 + 66}]`);
      (to as Uint8Array<ArrayBuffer>).set(bytes);
      return BigInt(bytes.length);
    },
  }));
  assert.deepEqual(probe.ports(Deno.pid), [{ address: "127.0.0.1", port: 4096 + 66 }]);
  assert.equal(reads, 3);
});

live("of a process with thousands of files all are looked at", NEEDS, () => {
  using probe = openHere();
  const files = Array.from({ length: 800 }, () => Deno.openSync("/dev/null"));
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    const { port } = listener.addr as Deno.NetAddr;
    assert(probe.ports(Deno.pid)?.some((one) => one.port === port));
  } finally {
    listener.close();
    for (const file of files) file.close();
  }
});

live("of a process with more files than can be looked at nothing is told", NEEDS, () => {
  // Directory entries of 24 bytes, with a name of one digit, again and again.
  const entries = new Uint8Array(24 * 2000);
  for (let at = 0; at < entries.length; at += 24) {
    entries[at + 16] = 24;
    entries[at + 19] = 0x31;
  }
  let [rest, links] = [100, 0];
  const more = (to: unknown) => {
    (to as Uint8Array<ArrayBuffer>).set(entries);
    return rest-- > 0 ? entries.length : 0;
  };
  using probe = probeWith((real) => ({
    getdirentries64: real.getdirentries64 && ((_fd, to) => BigInt(more(to))),
    getdents: real.getdents && ((_fd, to) => more(to)),
    readlink: (path, to, size) => {
      links++;
      return real.readlink(path, to, size);
    },
  }));
  links = 0;
  assert.equal(probe.ports(Deno.pid), null);
  assert.equal(links, 0);
});
