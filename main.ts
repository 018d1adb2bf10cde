/** ocmem's entry: builds the World, runs the command, sets the exit code. */

import denoJson from "./deno.json" with { type: "json" };
import { run } from "./src/cli.ts";
import { endAfter, isIgnored, isRead, openEnder, openProbe, runtime } from "./src/ffi/open.ts";
import type { Size, World } from "./src/world.ts";
import { makeFolder, openFile, readFile, realPath, removeFile } from "./src/world/files.ts";
import { renounce } from "./src/world/grants.ts";
import { stdin } from "./src/world/input.ts";
import { outputOf } from "./src/world/output.ts";
import { ownCommand } from "./src/world/own_command.ts";
import { onStop, sleep } from "./src/world/time.ts";

/** File descriptors of unistd.h. */
const STDOUT = 1;
const STDERR = 2;

function terminalSize(): Size | null {
  try {
    const { columns, rows } = Deno.consoleSize();
    return columns > 0 ? { columns, rows } : null;
  } catch {
    return null;
  }
}

function howToStart(): readonly string[] {
  const script = decodeURIComponent(new URL(Deno.mainModule).pathname);
  const probe = openProbe();
  try {
    return ownCommand({ isStandalone: world.runtime.isStandalone, script, args: Deno.args }, probe);
  } finally {
    probe[Symbol.dispose]();
  }
}

/** In an executable's bundle, a file of version and commit takes the place of deno.json. */
const build: { readonly version: string; readonly commit?: string } = denoJson;

const world: World = {
  version: build.version,
  commit: build.commit ?? null,
  get runtime() {
    return runtime();
  },
  args: Deno.args,
  startedAtMs: performance.timeOrigin,
  openProbe,
  openEnder,
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  sleep,
  onStop: (heed) => onStop(heed, isIgnored),
  execute: async (order, cut) => (await import("./src/world/shell.ts")).execute(order, cut),
  openScreen: async (listener) => (await import("./src/world/screen.ts")).openScreen(listener),
  endAfter,
  renounce,
  env: (name) => Deno.env.get(name),
  readFile,
  realPath,
  openFile,
  makeFolder,
  removeFile,
  openDatabase: async (place) => (await import("./src/world/database.ts")).openDatabase(place),
  outside: async () => (await import("./src/world/outside.ts")).outside,
  listen: async (listening) => (await import("./src/world/listen.ts")).listen(listening),
  directory: () => Deno.cwd(),
  ownCommand: howToStart,
  size: terminalSize,
  stdin,
  stdout: outputOf("standard output", Deno.stdout, () => isRead(STDOUT)),
  stderr: outputOf("standard error", Deno.stderr, () => isRead(STDERR)),
};

// Not Deno.exit(): that would end the process before the runtime has stored its compiled code, which
// makes every later start faster by milliseconds.
Deno.exitCode = await run(Deno.args, world);
