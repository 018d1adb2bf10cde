/** What is told without the grant to load libc, and as a user who may not read everything. */

import assert from "node:assert/strict";
import { LIBC_PATHS } from "../../src/ffi/linux_abi.ts";
import type { MemoryPart, Port } from "../../src/detail.ts";
import type { Marks, Missing, ProcessInfo, Reading } from "../../src/types.ts";
import { hasProgram, live, ROOT, temporaryFolder } from "../support.ts";
import { act, castAs, NEEDS as ACTORS } from "./actor.ts";
import { finished, ocmem } from "./command_line.ts";
import { CHANGEABLE, documented } from "./program.ts";
import { Children } from "./processes.ts";

const isLinux = Deno.build.os === "linux";
const isRoot = Deno.uid() === 0;

const DENIED = [
  { args: ["check"], code: 3 },
  { args: [], code: 3 },
  { args: ["list"], code: 69 },
] as const;

for (const { args, code } of DENIED) {
  live(`without the ffi grant: ocmem ${args.join(" ")}`, CHANGEABLE, async () => {
    const [program, ...words] = documented();
    const others = words.filter((word) => !word.startsWith("--allow-ffi"));
    assert.equal(others.length, words.length - 1);
    const outcome = await finished(program, [...others, ...args]);
    assert.deepEqual([outcome.code, outcome.stdout], [code, ""]);
    assert.match(
      outcome.stderr,
      /^ocmem: Cannot read processes: .*not granted.*--allow-ffi=\/.*\n$/,
    );
    const json = await finished(program, [...others, ...args, "--json"]);
    assert.deepEqual([json.code, json.stdout], [code, ""]);
    const { type, message, exit_code } = JSON.parse(json.stderr);
    assert.deepEqual([type, exit_code], ["error", code]);
    assert.match(message, /^Cannot read processes/);
  });
}

live("the documented grants are enough, and nothing is asked for", {}, async () => {
  for (const args of [["check"], ["list"], ["list", "--exact", "--match", "."], ["--help"]]) {
    const { stderr, stdout } = await ocmem(...args);
    assert.equal(stderr, "");
    assert(stdout.length > 0);
  }
});

interface Seen {
  readonly ownPid: number;
  readonly unreadable: number;
  readonly row: ProcessInfo;
  readonly memory: Reading | Missing;
  readonly exact: Reading | Missing;
  readonly commandLine: readonly string[] | Missing;
  readonly executable: string | null;
  readonly directory: string | null;
  readonly marks: Marks | null;
  readonly parts: readonly MemoryPart[] | Missing;
  readonly ports: readonly Port[] | null;
}

/** Prints what the probe sees of one process. */
const SCRIPT = `
import { openLinux } from "./src/ffi/open.ts";
using probe = openLinux(Deno.args.slice(1));
const table = probe.processTable();
const row = table.get(Number(Deno.args[0]));
const pid = row.key.pid;
console.log(JSON.stringify({
  ownPid: probe.ownPid,
  unreadable: table.unreadable,
  row,
  memory: probe.memory(row, { exact: false }),
  exact: probe.memory(row, { exact: true }),
  commandLine: probe.commandLine(row),
  executable: probe.executable(pid),
  directory: probe.directory(pid),
  marks: probe.marks(row.key.pid),
  parts: probe.memoryParts(row),
  ports: probe.ports(pid),
}));
`;

/** Looks at a process as nobody, from a folder that nobody can read. */
function seenByNobody(folder: string, pid: number): Seen {
  Deno.chmodSync(folder, 0o755);
  for (const file of ["errors.ts", "types.ts", "ffi/"]) copy(`src/${file}`, folder);
  Deno.writeTextFileSync(`${folder}/look.ts`, SCRIPT);
  Deno.mkdirSync(`${folder}/cache`);
  Deno.chmodSync(`${folder}/cache`, 0o777);
  const deno = `${folder}/deno`;
  Deno.copyFileSync(Deno.execPath(), deno);
  const libc = LIBC_PATHS[Deno.build.arch]!;
  const options = ["--no-prompt", "--no-config", "--no-lock", `--allow-ffi=${libc}`];
  const user = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
  const { success, stdout, stderr } = new Deno.Command("setpriv", {
    args: [...user, deno, "run", ...options, `${folder}/look.ts`, `${pid}`, ...libc],
    cwd: folder,
    clearEnv: true,
    env: { DENO_DIR: `${folder}/cache`, HOME: `${folder}/cache`, NO_COLOR: "1" },
  }).outputSync();
  const text = new TextDecoder();
  assert(success, text.decode(stderr));
  return JSON.parse(text.decode(stdout));
}

/** Copies a file, or a folder whose path ends in "/", from the project to the same place in a folder. */
function copy(path: string, folder: string): void {
  const files = path.endsWith("/")
    ? [...Deno.readDirSync(ROOT + path)].map(({ name }) => path + name)
    : [path];
  for (const file of files) {
    const target = `${folder}/${file}`;
    Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    Deno.copyFileSync(ROOT + file, target);
  }
}

live("another user sees the memory, and neither environment nor paths", {
  Linux: isLinux,
  root: isRoot,
  setpriv: hasProgram("setpriv"),
  ...ACTORS,
}, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const env = { OPENCODE_PID: "4711", BUN_BE_BUN: "1" };
  const { pid } = await act(children, path, { args: ["serve", ""], env, reserve: 1 << 30 });
  const seen = seenByNobody(folder.path, pid);
  assert.deepEqual([seen.row.name, seen.row.ppid, seen.unreadable], ["opencode", Deno.pid, 0]);
  assert.notEqual(seen.ownPid, Deno.pid);
  assert(typeof seen.memory !== "string" && seen.memory.footprintBytes > 0);
  assert.equal(seen.memory.uid, 0);
  // smaps_rollup is refused: what status says stays.
  assert(typeof seen.exact !== "string");
  assert.deepEqual(seen.exact, seen.memory);
  assert.deepEqual(seen.commandLine, [path, "serve", ""]);
  assert.deepEqual([seen.executable, seen.directory, seen.marks], [null, null, null]);
  const parts = typeof seen.parts === "string" ? [] : seen.parts.filter((one) => one.inFootprint);
  const sum = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  // The kernel counts in batches.
  assert(Math.abs(sum - seen.memory.footprintBytes) < 1 << 18, `${sum}`);
  assert.equal(seen.ports, null, "of its files nobody else may know");
});
