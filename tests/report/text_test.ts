import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, GIB, MIB, NOW_MS } from "../fake.ts";
import { runFake } from "../fake_world.ts";
import { pure } from "../support.ts";

const HOUR = 3_600_000;

/** Two sessions with trees, a launcher, an orphan, a zombie and a process that can't be read. */
const MACHINE: readonly FakeProcess[] = [
  { pid: 1, ppid: 0, name: "init" },
  {
    pid: 4242,
    name: "opencode",
    exe: "/home/ann/.opencode/bin/opencode",
    argv: ["opencode", "--api-key", "hunter2", "--continue"],
    cwd: "/home/ann/work/api",
    memory: 5.25 * GIB,
    startedAtMs: NOW_MS - 27 * HOUR,
  },
  { pid: 4250, ppid: 4242, name: "gopls", argv: ["gopls", "serve"], memory: 300 * MIB },
  { pid: 4251, ppid: 4242, name: "bash", argv: ["bash", "-c", "make\n\x1b[31m"], memory: 2 * MIB },
  { pid: 4252, ppid: 4251, name: "make", argv: ["make", ""], memory: MIB },
  { pid: 4253, ppid: 4242, name: "git", zombie: true },
  {
    pid: 5000,
    name: "node",
    exe: "/b/node",
    argv: ["node", "/x/.bin/opencode", "serve"],
    memory: 40 * MIB,
  },
  {
    pid: 5001,
    ppid: 5000,
    name: ".opencode",
    exe: "/x/.opencode",
    argv: ["/x/.opencode", "serve"],
    cwd: "/srv/資料/very/long/path/to/a/project/of/somebody",
    memory: 751 * MIB,
  },
  { pid: 5002, ppid: 5001, name: "mcp", argv: "denied", memory: "denied" },
  { pid: 6000, ppid: 1, name: "mcp-server", marks: { openCodePid: 77 }, memory: 64 * MIB },
];

for (const width of [60, 80, 120, 200]) {
  pure(`text at ${width} columns`, async (t) => {
    const ran = await runFake(["check"], {
      probe: new FakeProbe(MACHINE),
      size: { columns: width, rows: 24 },
      env: { HOME: "/home/ann" },
    });
    for (const line of ran.out.split("\n")) {
      // Three characters of this machine take two columns.
      const columns = line.length + (line.match(/[資料]/g) ?? []).length;
      // Commands are whole.
      if (!/^OCMEM|^ +cd '/.test(line)) assert.ok(columns <= width, `${columns}: ${line}`);
    }
    assert.equal(ran.out.includes("hunter2"), false);
    assert.equal(ran.out.includes("\x1b"), false);
    await t.assertSnapshot(ran.out);
  });
}

pure("text as wide as it takes, with secrets on request", async (t) => {
  const ran = await runFake(["list", "--wide", "--show-secrets"], {
    probe: new FakeProbe(MACHINE),
  });
  assert.match(ran.out, /--api-key hunter2 --continue/);
  await t.assertSnapshot(ran.out);
});

pure("text with colours: the level is a word, too", async (t) => {
  const ran = await runFake(["check", "--color", "always", "--pid", "4242", "--pid", "4250"], {
    probe: new FakeProbe(MACHINE),
    size: { columns: 100, rows: 24 },
  });
  assert.ok(ran.out.startsWith("OCMEM \x1b[1;31mCRITICAL\x1b[0m - "));
  await t.assertSnapshot(ran.out);
});

pure("the verdict line says what was found", async () => {
  const line = async (processes: readonly FakeProcess[], ...args: string[]) =>
    (await runFake(args, { probe: new FakeProbe(processes) })).out.split("\n")[0];
  assert.equal(
    await line(MACHINE),
    "OCMEM CRITICAL - 2 OpenCode instances and 1 orphaned child, 6.38 GiB in 9 processes, " +
      "largest 5.25 GiB (pid 4242, tui), 2 unread",
  );
  assert.equal(await line([]), "OCMEM OK - no OpenCode process is running (1 process looked at)");
  assert.equal(
    await line(MACHINE, "--pid", "4250"),
    "OCMEM OK - 1 OpenCode instance, 300 MiB in 1 process, largest 300 MiB (pid 4250, child)",
  );
  assert.equal(
    await line(MACHINE, "--pid", "1"),
    "OCMEM OK - 1 named process, 100 MiB in 1 process, largest 100 MiB (pid 1, pid)",
  );
});

pure("a zombie is shown, and explained only where it decides", async () => {
  const probe = () => new FakeProbe([{ pid: 9, name: "opencode", zombie: true }]);
  const all = await runFake(["check"], { probe: probe() });
  assert.match(all.out, /^OCMEM OK - no OpenCode .*, 1 zombie, 1 unread\n\nPID +ROLE /);
  const named = await runFake(["check", "--pid", "9"], { probe: probe() });
  assert.match(named.out, /^OCMEM UNKNOWN - .*\n +unknown +process 9: it has ended and waits/);
});

pure("a footprint a byte over its limit is not shown as equal to it", async () => {
  const probe = new FakeProbe([{ ...MACHINE[1]!, memory: 2 * GIB + 1 }]);
  const { out } = await runFake(["check", "--wide"], { probe });
  assert.match(out, /footprint 2147483649 B is over the warning limit of 2147483648 B/);
});
