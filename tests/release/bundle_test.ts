/** The bundle, as somebody runs it who has nothing else: what it says, and where it works. */

import assert from "node:assert/strict";
import denoJson from "../../deno.json" with { type: "json" };
import { act, castAs, NEEDS as ACTORS } from "../live/actor.ts";
import { finished, ocmem, type Outcome, started } from "../live/command_line.ts";
import { Children } from "../live/processes.ts";
import { bundled, FROM_SOURCE } from "../live/program.ts";
import { freeAddress } from "../live/prometheus.ts";
import { hasProgram, live, ROOT, temporaryFolder } from "../support.ts";
import { Placed } from "./placed.ts";

const OWN = ["--pid", `${Deno.pid}`];

live("the bundle says what the sources say", FROM_SOURCE, async () => {
  using placed = await Placed.here();
  const [program, ...words] = bundled(placed.entry);
  for (
    const args of [
      ["--help"],
      ["check", "--help"],
      ["--warning", "bogus"],
      ["--match", "("],
      ["track", "--pid", "2147483647"],
      ["watch", "--clear", "5"],
      ["selftest", "--help"],
      ["schema"],
      ["schema", "error"],
      ["completions", "zsh"],
      ["man"],
      ["config", "--json"],
      ["--format", "nagios", "--warning", "bogus"],
      ["service", "cron", "--interval", "7m"],
    ]
  ) {
    assert.deepEqual(await finished(program, [...words, ...args]), await ocmem(...args));
  }
});

live("the bundle knows its version and its commit", { git: hasProgram("git") }, async () => {
  using placed = await Placed.here();
  const [program, ...words] = bundled(placed.entry);
  const { stdout } = await finished(program, [...words, "--version", "--json"]);
  const { tool: { version }, commit } = JSON.parse(stdout);
  assert.equal(version, denoJson.version);
  const git = await finished("git", ["-C", ROOT, "rev-parse", "HEAD"]);
  // A copy of the sources without their history is known by its version alone.
  const head = git.code === 0 ? git.stdout.trim() : null;
  assert.equal(commit?.replace(/-dirty$/, "") ?? null, head);
  const short = commit === null ? "" : ` (${commit.replace(/^(.{7}).{33}/, "$1")})`;
  const plain = await finished(program, [...words, "--version"]);
  assert.equal(plain.stdout, `${denoJson.version}${short}\n`);
});

live("a bundle of the same sources is the same, byte for byte", {}, async () => {
  using one = await Placed.here();
  using other = await Placed.here();
  assert.deepEqual(one.files, other.files);
  for (const name of one.files) {
    const [mine, its] = [one, other].map(({ folder }) => `${folder}/${name}`);
    assert.deepEqual(Deno.readFileSync(mine!), Deno.readFileSync(its!), name);
    assert.deepEqual(Deno.statSync(mine!).mtime, Deno.statSync(its!).mtime);
  }
});

live("a check loads what it needs, and nothing asks where the bundle is", {}, async () => {
  using placed = await Placed.here();
  const code = new Map(placed.files.map((name) => [
    name,
    Deno.readTextFileSync(`${placed.folder}/${name}`),
  ]));
  for (const [name, text] of code) assert.doesNotMatch(text, /import\.meta/, name);
  // What is imported at once, from the entry on.
  const atOnce = new Set(["ocmem.js"]);
  for (const name of atOnce) {
    for (const [, next] of code.get(name)!.matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)) {
      atOnce.add(next!);
    }
  }
  assert.deepEqual([...atOnce], ["ocmem.js", "core.js"]);
  // uPlot is a part of pages alone, and all that is there is for something.
  const holdsUplot = [...code].filter(([, text]) => text.includes("uPlot")).map(([name]) => name);
  assert.deepEqual(holdsUplot, ["page.js"]);
  const all = [...code.values()].join("");
  for (const name of code.keys()) {
    assert.ok(name === "ocmem.js" || all.includes(`./${name}`), `${name} is never loaded`);
  }
});

live(
  "what runs every minute and what waits for a TAB do without what others load",
  { Linux: Deno.build.os === "linux", ...ACTORS },
  async () => {
    using folder = temporaryFolder();
    await using children = new Children();
    const { pid } = await act(children, castAs(`${folder.path}/opencode`));
    using placed = await Placed.here();
    const [program, ...words] = bundled(placed.entry);
    const needed = new Set(["ocmem.js", "core.js", "complete.js"]);
    for (const name of placed.files) {
      if (!needed.has(name)) Deno.removeSync(`${placed.folder}/${name}`);
    }
    const says = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await finished(program, [...words, ...args]);
      assert.equal(stderr, "", args.join(" "));
      return { code, stdout };
    };
    // Whatever runs on this machine: its code is the verdict.
    const { code, stdout } = await says("check", "--json");
    assert.equal(JSON.parse(stdout).exit_code, code);
    await says("--version");
    await says("complete", "--", "check", "--for");
    // Whatever goes wrong, a TAB says nothing but what there is.
    const pids = await says("complete", "--", "check", "--pid", "");
    assert.match(pids.stdout, new RegExp(`^${pid}\\b`, "m"));
    // What it takes to see that a file is missing.
    await assert.rejects(says("list", "--json"));
  },
);

/** Every command does its work, and says nothing on standard error. */
async function doesItAll(run: (...args: readonly string[]) => Promise<Outcome>): Promise<void> {
  const does = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await run(...args);
    assert.deepEqual([code, stderr], [0, ""], args.join(" "));
    return stdout;
  };
  const calm = [...OWN, "--warning", "1TiB", "--critical", "2TiB"];
  for (const format of ["text", "csv", "markdown", "prometheus", "swiftbar", "nagios"]) {
    assert.ok((await does("check", ...calm, "--format", format)).length > 0, format);
  }
  assert.equal(JSON.parse(await does("list", "--json", ...OWN)).instances.length, 1);
  assert.equal(JSON.parse(await does("track", ...OWN, "--duration", "20ms", "--json")).ended, null);
  await does("man");
  await does("completions", "bash");
  await does("schema", "report");
  await does("config");
  await does("selftest", "--duration", "50ms");
}

live("where the project is not, the bundle works", {
  "a mount of its own": Deno.build.os === "linux" && hasProgram("unshare") &&
    new Deno.Command("unshare", { args: ["-rm", "true"], stderr: "null" }).outputSync().success,
}, async () => {
  using placed = await Placed.here();
  const command = bundled(placed.entry);
  // The project's folder is empty there, and is not the working directory.
  const script = `mount -t tmpfs none '${ROOT}' && cd / && exec "$@"`;
  await doesItAll((...args) =>
    finished("unshare", ["-rm", "/bin/sh", "-c", script, "sh", ...command, ...args])
  );
});

live("without any environment the bundle works, but for what needs a home", {}, async () => {
  using placed = await Placed.here();
  const [program, ...words] = bundled(placed.entry);
  const run = (...args: readonly string[]) =>
    finished("env", ["-i", program, ...words, ...args, ...OWN]);
  const [checked, recorded] = [await run("check", "--json"), await run("watch", "--record")];
  assert.deepEqual([checked.code, checked.stderr], [0, ""]);
  assert.deepEqual([recorded.code, recorded.stdout], [64, ""]);
  assert.match(recorded.stderr, /neither XDG_STATE_HOME nor HOME names a folder/);
});

live("it records, shows that, makes a page of it, and serves it", {}, async () => {
  using placed = await Placed.here();
  const [program, ...words] = bundled(placed.entry);
  using folder = temporaryFolder();
  const env = { XDG_STATE_HOME: folder.path };
  const run = (...args: readonly string[]) => finished(program, [...words, ...args, ...OWN], env);
  const watched = await run("watch", "--record", "--count", "2", "--interval", "10ms");
  assert.deepEqual([watched.code, watched.stderr], [0, ""]);
  const page = `${folder.path}/page.html`;
  const shown = await run("history", "--json", "--html", page);
  assert.deepEqual([shown.code, shown.stderr, JSON.parse(shown.stdout).looks], [0, "", 2]);
  assert.match(Deno.readTextFileSync(page), /^<!doctype html>[^]*"looks":2[^]*uPlot/i);
  // On a port of one's own choice: there it is looked whether somebody listens before it does itself.
  const place = freeAddress();
  await using serving = started(program, [...words, "serve", "--listen", place, ...OWN], { env });
  const [, address] = await serving.line(/^Serving on (http:.*)$/);
  assert.equal(address, `http://${place}/`);
  for (const path of ["", "api/history", "metrics", "healthz"]) {
    const response: Response = await fetch(address! + path);
    assert.equal(response.status, 200, path);
    await response.body?.cancel();
  }
  serving.kill("SIGTERM");
  assert.equal((await serving.outcome()).code, 0);
});
