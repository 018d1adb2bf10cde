/**
 * `deno task demo`: ocmem at work for somebody without OpenCode. A stand-in is started in a temporary
 * folder, checked while it grows past limits that are scaled down, listed, and ended.
 */

import denoJson from "../../deno.json" with { type: "json" };

const HERE = `${import.meta.dirname}/`;
const ROOT = `${HERE}../../`;
/** What the stand-in holds at each step, besides what the runtime itself takes. */
const STEPS_MIB = [0, 300, 600];
/** What it grows by, ten times a second, while it is tracked. */
const GROWTH_MIB = 5;
const LIMITS = ["--warning", "250MiB", "--critical", "500MiB"];

const encoder = new TextEncoder();

function say(text: string): void {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
}

/** Runs ocmem as documented, on one process tree, and shows the command as a user would type it. */
async function ocmem(...args: readonly string[]): Promise<void> {
  say(`\n$ ocmem ${args.join(" ")}`);
  const words = denoJson.tasks.ocmem.command.split(" ").slice(1);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [...words, ...args],
    cwd: ROOT,
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  say(`(exit code ${code})`);
}

/** The runtime under the name `opencode`: a hard link where that works, else a copy. */
function disguise(folder: string): string {
  const program = `${folder}/opencode`;
  try {
    Deno.linkSync(Deno.execPath(), program);
  } catch {
    Deno.copyFileSync(Deno.execPath(), program);
  }
  return program;
}

/** Does something while the stand-in grows a little at every turn. */
async function growing(
  orders: WritableStreamDefaultWriter<Uint8Array>,
  body: () => Promise<void>,
): Promise<void> {
  let mebibytes = STEPS_MIB.at(-1)!;
  const turns = setInterval(() => {
    mebibytes += GROWTH_MIB;
    void orders.write(encoder.encode(`${mebibytes}\n`));
  }, 100);
  await body();
  clearInterval(turns);
}

async function demo(folder: string): Promise<void> {
  const standIn = new Deno.Command(disguise(folder), {
    args: ["--quiet", "-A", `${HERE}stand_in.ts`, `${HERE}helper.js`],
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  // Whatever else of OpenCode runs on this machine is no part of the show.
  const check = ["check", "--project", folder, ...LIMITS];
  const lines = standIn.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const orders = standIn.stdin.getWriter();
  try {
    for (const mebibytes of STEPS_MIB) {
      await orders.write(encoder.encode(`${mebibytes}\n`));
      await lines.read();
      await ocmem(...check);
    }
    await ocmem("list", "--project", folder);
    await growing(
      orders,
      () => ocmem("track", "--duration", "2s", "--interval", "100ms", ...LIMITS),
    );
  } finally {
    await orders.close();
    await lines.cancel();
    await standIn.status;
  }
  await ocmem("check", ...LIMITS);
}

say("A stand-in for OpenCode is started. It grows, and ocmem watches it with limits scaled down.");
const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "ocmem-demo-" }));
try {
  await demo(folder);
  say("\nThe stand-in has ended. On your own machine: ocmem check, and ocmem check --help.");
} finally {
  Deno.removeSync(folder, { recursive: true });
}
