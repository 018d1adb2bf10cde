/** The program as a process: exit codes, pipes, permissions, the bundle. */

import assert from "node:assert/strict";
import denoJson from "../deno.json" with { type: "json" };
import { LIBSYSTEM_PATH } from "../src/ffi/darwin_abi.ts";
import { LIBC_PATHS } from "../src/ffi/linux_abi.ts";
import { finished, ocmem } from "./live/command_line.ts";
import { CHANGEABLE, documented, FROM_SOURCE, KIND } from "./live/program.ts";
import { hasProgram, live, ROOT, temporaryFolder } from "./support.ts";

/** The documented command line as a shell text, with the place for its arguments. */
function shellText(args: string): string {
  return [...documented(), args].map((word, i, all) => i < all.length - 1 ? `'${word}'` : word)
    .join(" ");
}

function shell(script: string): ReturnType<typeof finished> {
  return finished("bash", ["-c", script]);
}

live("exit codes of the real process: 0, 1 to 3 for check, 64 elsewhere", {}, async () => {
  const { stdout: version } = await ocmem("--version");
  assert.equal(version.replace(/ \([0-9a-f]{7}(?:-dirty)?\)/, ""), `${denoJson.version}\n`);
  if (KIND === "source") assert.equal(version, `${denoJson.version}\n`);
  assert.equal((await ocmem("check", "--warning", "bogus")).code, 3);
  assert.equal((await ocmem("list", "--pid", "abc")).code, 64);
  assert.equal((await ocmem("chekc")).code, 64);
  const own = String(Deno.pid);
  const judged = await ocmem(
    "check",
    "--pid",
    own,
    "--warning",
    "1B",
    "--critical",
    "1TiB",
    "--quiet",
  );
  assert.equal(judged.code, 1);
  assert.match(judged.stdout, /^OCMEM WARNING - /);
  assert.equal((await ocmem("check", "--pid", own, "--warning", "1B", "--critical", "1B")).code, 2);
  assert.deepEqual(
    await ocmem("check", "--pid", own, "--warning", "1TiB", "--critical", "2TiB", "--quiet"),
    {
      code: 0,
      stdout: "",
      stderr: "",
    },
  );
});

live("a closed pipe ends quietly, with the verdict as the exit code", {
  bash: hasProgram("bash"),
  python3: hasProgram("python3"),
}, async () => {
  await withLongArguments(async (pid) => {
    const args = `check --pid ${pid} --warning 1B --critical 1TiB --json`;
    const ran = await shell(`${shellText(args)} | head -n 1; echo "code \${PIPESTATUS[0]}"`);
    assert.equal(ran.stdout, "{\ncode 1\n");
    assert.equal(ran.stderr, "");
  });
});

/** Gives the pid of a process whose arguments make its report larger than a pipe holds (64 KiB). */
async function withLongArguments(body: (pid: number) => Promise<void>): Promise<void> {
  const child = new Deno.Command("python3", {
    args: ["-c", "import sys; print(flush=True); sys.stdin.read()", "x".repeat(100_000)],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  try {
    const reader = child.stdout.getReader();
    await reader.read();
    reader.releaseLock();
    await body(child.pid);
  } finally {
    await child.stdin.close();
    await child.stdout.cancel();
    await child.status;
  }
}

live("an output that is full: a sentence, 3 for check and 74 elsewhere", {
  bash: hasProgram("bash"),
  "/dev/full": exists("/dev/full"),
}, async () => {
  for (const [command, code] of [["check", 3], ["list", 74]] as const) {
    const ran = await shell(`${shellText(command)} >/dev/full; echo "code $?"`);
    assert.equal(ran.stdout, `code ${code}\n`);
    assert.match(ran.stderr, /^ocmem: Cannot write to standard output: .*space.*\n$/i);
  }
});

live(
  "streams that are closed from the start stop nothing",
  { bash: hasProgram("bash") },
  async () => {
    const judged = shellText(`check --pid ${Deno.pid} --warning 1B --critical 1TiB`);
    const ran = await shell(
      `${judged} >&-; echo "code $?"; ${judged} 2>&- <&- >/dev/null; echo "code $?"`,
    );
    assert.equal(ran.stdout, "code 1\ncode 1\n");
    assert.equal(ran.stderr, "");
  },
);

live("a slow reader of a pipe that does not block gets all of it", {
  python3: hasProgram("python3"),
}, async () => {
  using folder = temporaryFolder();
  const script = `
import fcntl, os, subprocess, sys
r, w = os.pipe()
fcntl.fcntl(w, fcntl.F_SETFL, fcntl.fcntl(w, fcntl.F_GETFL) | os.O_NONBLOCK)
child = subprocess.Popen(sys.argv[1:], stdout=w)
os.close(w)
data = b""
while chunk := os.read(r, 4096): data += chunk
child.wait()
import json
json.loads(data)
print(len(data) > 65536)
`;
  const file = `${folder.path}/slow.py`;
  Deno.writeTextFileSync(file, script);
  await withLongArguments(async (pid) => {
    const command = [...documented(), "list", "--json", "--pid", String(pid)];
    const ran = await finished("python3", [file, ...command]);
    assert.equal(ran.stdout, "True\n", ran.stderr);
  });
});

live("what is used is what is documented, and nothing more", FROM_SOURCE, async () => {
  using folder = temporaryFolder();
  const used = async (...args: readonly string[]) => {
    const log = `${folder.path}/audit.jsonl`;
    const [program] = documented();
    await new Deno.Command(program, {
      args: ["run", "-A", `${ROOT}main.ts`, ...args],
      env: {
        ...{ DENO_AUDIT_PERMISSIONS: log, XDG_CONFIG_HOME: folder.path },
        XDG_STATE_HOME: folder.path,
        XDG_DATA_HOME: folder.path,
        ...{ NO_COLOR: "", FORCE_COLOR: "", CLICOLOR_FORCE: "" },
      },
      stdout: "null",
    }).output();
    if (!exists(log)) return [];
    const lines = Deno.readTextFileSync(log).trim().split("\n").filter((line) => line);
    Deno.removeSync(log);
    return lines.map((line) => JSON.parse(line))
      .map(({ permission, value }) => `${permission} ${value.replace(/^OCMEM_\w+$/, "OCMEM_*")}`)
      .filter((use, i, all) => all.indexOf(use) === i)
      .sort();
  };
  const [, ...words] = documented();
  const granted = (kind: string) =>
    words.find((word) => word.startsWith(`--allow-${kind}=`))!.split("=")[1]!.split(",");
  const libraries = [LIBSYSTEM_PATH, ...LIBC_PATHS.x86_64!, ...LIBC_PATHS.aarch64!];
  assert.deepEqual(new Set(granted("ffi")), new Set(libraries));
  assert.deepEqual(words.filter((w) => w.startsWith("-")).map((w) => w.split("=")[0]), [
    "--v8-flags",
    "--no-prompt",
    "--allow-ffi",
    "--allow-env",
    "--allow-read",
    "--allow-write",
    "--allow-net",
    "--allow-run",
  ]);
  // For serve, and for OpenCode's own servers. Whoever connects to these connects to this machine.
  assert.deepEqual(granted("net"), ["127.0.0.1", "[::1]", "localhost", "0.0.0.0", "[::]"]);
  // For the hooks of watch alone: what they run is the user's own text.
  assert.deepEqual(granted("run"), ["/bin/sh"]);
  // The log has a write beside each read.
  const options = ["read", "write"].map((use) => `${use} ${folder.path}/ocmem/config.jsonc`);
  const output = `${folder.path}/output`;
  const allowed = new Set([
    ...granted("ffi").map((path) => `ffi ${path}`),
    ...granted("env").map((name) => `env ${name}`),
    ...options,
  ]);
  const history = [
    ...await used("watch", "--record", "--pid", `${Deno.pid}`, "--count", "1"),
    ...await used("history"),
  ];
  const recorded = new RegExp(`^(?:read|write) ${folder.path}/ocmem(?:/history\\.db(?:-\\w+)?)?$`);
  // Where OpenCode's database is looked for.
  const sessions = [
    ...await used("list", "--pid", `${Deno.pid}`),
    ...await used("watch", "--pid", `${Deno.pid}`, "--count", "1"),
  ];
  const data = ["read", "write"].flatMap((use) =>
    [`${folder.path}/opencode`, Deno.env.get("HOME")].map((path) => `${use} ${path}`)
  );
  assert.ok(sessions.includes(data[0]!));
  const everything = [
    sessions.filter((use) => !data.includes(use)),
    await used("list", "--no-sessions"),
    history.filter((use) => !recorded.test(use)),
    await used("check"),
    await used("--match", "."),
    await used("track", "--pid", `${Deno.pid}`, "--duration", "20ms"),
    await used("watch", "--pid", `${Deno.pid}`, "--interval", "10ms", "--count", "2"),
    await used("selftest", "--duration", "50ms"),
    await used("config"),
    await used("schema", "report"),
  ];
  for (const use of everything.flat()) {
    assert.ok(allowed.has(use), `${use} is used and not granted`);
  }
  // JSON needs no more than the library, the options and whether metrics are exported; help needs nothing.
  const names = ["HOME", "OCMEM_*", "XDG_CONFIG_HOME", "OTEL_DENO", "OTEL_DENO_METRICS"];
  const plain = [...names.map((name) => `env ${name}`), ...options];
  for (const use of await used("check", "--json")) {
    assert.ok(use.startsWith("ffi ") || plain.includes(use), use);
  }
  assert.deepEqual(await used("--help"), []);
  // Files are looked at and written only where the user says so.
  const files = (await used("check", "--output", output))
    .filter((use) => /^(read|write) /.test(use) && !options.includes(use));
  assert.ok(files.length > 1);
  for (const use of files) assert.match(use, new RegExp(`^(read|write) ${folder.path}/\\.?output`));
  // Each name that is granted is used. NO_COLOR and FORCE_COLOR are free: Deno reads them itself.
  assert.deepEqual(
    [...new Set([...await used("check"), ...history, ...sessions])].filter((use) =>
      use.startsWith("env ")
    )
      .sort(),
    granted("env").map((name) => `env ${name}`).sort(),
  );
});

live("without the grants of files all goes on that needs none", CHANGEABLE, async () => {
  using folder = temporaryFolder();
  Deno.mkdirSync(`${folder.path}/ocmem`);
  Deno.writeTextFileSync(`${folder.path}/ocmem/config.jsonc`, '{ "scope": "instance" }');
  const scopeWith = async (grants: readonly string[]) => {
    const [program, ...words] = documented();
    const lean = words.filter((word) =>
      !/^--allow-(?:read|write)/.test(word) || grants.includes(word)
    );
    const args = [...lean, "check", "--json", "--pid", `${Deno.pid}`];
    const { stdout, stderr } = await finished(program, args, { XDG_CONFIG_HOME: folder.path });
    assert.equal(stderr, "");
    return JSON.parse(stdout).thresholds.scope;
  };
  assert.equal(await scopeWith(["--allow-read"]), "instance");
  assert.equal(await scopeWith([]), "process");
  const [program, ...words] = documented();
  const lean = words.filter((word) => word !== "--allow-write");
  const refused = await finished(program, [...lean, "list", "--output", `${folder.path}/list`]);
  assert.equal(refused.code, 73);
  assert.match(refused.stderr, /not granted: run with --allow-read --allow-write/);
});

live(
  "the grant of the shell is for hooks, and without it all else goes on",
  CHANGEABLE,
  async () => {
    const [program, ...words] = documented();
    const lean = words.filter((word) => !word.startsWith("--allow-run"));
    assert.equal(lean.length, words.length - 1);
    const args = ["watch", "--pid", `${Deno.pid}`, "--count", "1"];
    const ran = await finished(program, [...lean, ...args, "--exec", "true"]);
    assert.deepEqual([ran.code, ran.stderr], [0, ""]);
    assert.match(ran.stdout, /trouble .*--exec can't be run: it is not granted.*=\/bin\/sh/);
    assert.match(ran.stdout, /watched .*1 look: /);
    const plain = await finished(program, [...lean, ...args]);
    assert.doesNotMatch(plain.stdout, /trouble/);
  },
);

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
