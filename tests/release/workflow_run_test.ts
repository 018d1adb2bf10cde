/** The scripts of a release, run here: with stand-ins for the programs of macOS and for GitHub's own. */

import assert from "node:assert/strict";
import denoJson from "../../deno.json" with { type: "json" };
import { fileOf, TARGETS } from "../../release/targets.ts";
import { ocmem } from "../live/command_line.ts";
import { documented } from "../live/program.ts";
import { hasProgram, live, ROOT } from "../support.ts";
import { Runner } from "./runner.ts";

const SHELL = { bash: hasProgram("bash"), jq: hasProgram("jq") };
const TOOLS = { ...SHELL, sha256sum: hasProgram("sha256sum"), ruby: hasProgram("ruby") };
const VERSION = denoJson.version;
const COMMIT = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
const CHANGELOG = `# Changelog\n\n## Unreleased\n\n- Soon.\n\n## ${VERSION}\n\n- Now.\n`;

live("the version: a tag that is deno.json's, or a rehearsal of any branch", SHELL, async () => {
  const name = "Version and its notes";
  using runner = new Runner(["release", "src", "deno.json"]);
  runner.write("CHANGELOG.md", CHANGELOG);
  const tag = { GITHUB_EVENT_NAME: "push", GITHUB_REF_NAME: `v${VERSION}` };
  const released = await runner.step("version", name, tag);
  assert.equal(released.code, 0, released.stderr);
  assert.equal(runner.read("output"), `version=${VERSION}\n`);
  assert.equal(runner.read("notes.md"), "- Now.\n");

  const other = await runner.step("version", name, { ...tag, GITHUB_REF_NAME: "v9.9.9" });
  assert.equal(other.code, 1);
  const said = `::error::Cannot release v9.9.9: deno.json has version ${VERSION}\n`;
  assert.equal(other.stdout, said);

  runner.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- Soon.\n");
  const branch = { GITHUB_EVENT_NAME: "workflow_dispatch", GITHUB_REF_NAME: "main" };
  assert.equal((await runner.step("version", name, branch)).code, 0);
  assert.equal(runner.read("notes.md"), "- Soon.\n");
  const early = await runner.step("version", name, tag);
  assert.equal(early.code, 65);
  assert.match(early.stderr, /no section "## [\d.]+"\. Before a release, "## Unreleased" becomes/);
});

live("everything that is attached, and how it is published", TOOLS, async () => {
  using runner = new Runner(["release", "src", "deno.json"]);
  const files = TARGETS.map(fileOf);
  // As artifacts come: not executable.
  for (const file of files) runner.write(`dist/${file}`, `#!/bin/sh\necho "$* by ${file}"\n`);
  const env = { GITHUB_REPOSITORY: "ann/ocmem" };
  for (const name of ["Checksums of what was signed", "Completions, manual page and formula"]) {
    const { code, stderr } = await runner.step("assemble", name, env);
    assert.equal(code, 0, stderr);
  }
  const texts = ["SHA256SUMS", "_ocmem", "ocmem.1", "ocmem.bash", "ocmem.fish", "ocmem.rb"];
  assert.deepEqual(runner.list("dist"), [...texts, ...files].sort());
  const linux = "ocmem-x86_64-unknown-linux-gnu";
  assert.equal(runner.read("dist/ocmem.fish"), `completions fish by ${linux}\n`);
  assert.equal(runner.read("dist/ocmem.1"), `man by ${linux}\n`);
  const formula = runner.read("dist/ocmem.rb");
  for (const line of runner.read("dist/SHA256SUMS").trimEnd().split("\n")) {
    const [hash, file] = line.split("  ");
    const url = `https://github.com/ann/ocmem/releases/download/v${VERSION}/${file}`;
    assert.ok(formula.includes(`url "${url}"\n      sha256 "${hash}"`), line);
  }

  runner.write("notes.md", "- Now.\n");
  runner.standIn("gh");
  const tag = { ...env, GITHUB_REF_NAME: "v1.2.3", GH_TOKEN: "secret" };
  assert.equal((await runner.step("publish", "Publish", tag)).code, 0);
  const [gh] = runner.calls();
  const attached = runner.list("dist").map((name) => `dist/${name}`);
  const options = ["--verify-tag", "--title", "ocmem 1.2.3", "--notes-file", "notes.md"];
  const where = ["--repo", "ann/ocmem"];
  assert.deepEqual(gh!.slice(0, 4), ["gh", "release", "create", "v1.2.3"]);
  assert.deepEqual(gh!.slice(4, -where.length - options.length).sort(), attached.sort());
  assert.deepEqual(gh!.slice(-where.length - options.length), [...where, ...options]);
  await runner.step("publish", "Publish", { ...tag, GITHUB_REF_NAME: "v1.2.3-rc.1" });
  assert.equal(runner.calls().at(-1)!.at(-1), "--prerelease");
});

live("what is incomplete is not assembled", TOOLS, async () => {
  using runner = new Runner(["release", "src", "deno.json"]);
  runner.write("dist/ocmem-x86_64-unknown-linux-gnu", "#!/bin/sh\n");
  assert.equal((await runner.step("assemble", "Checksums of what was signed")).code, 0);
  const env = { GITHUB_REPOSITORY: "ann/ocmem" };
  const { code, stderr } = await runner.step(
    "assemble",
    "Completions, manual page and formula",
    env,
  );
  assert.equal(code, 65);
  assert.match(stderr, /SHA256SUMS has no checksum of ocmem-aarch64-apple-darwin/);
});

const { os: OS, arch: ARCH } = Deno.build;
const OWN = TARGETS.find(({ os, arch }) => os === OS && arch === ARCH);
const NATIVE = { ...SHELL, "a platform of the release's": OWN !== undefined };
const SAID = `${VERSION} (${COMMIT.slice(0, 7)})`;

/** Tries a program that says so, and then does `body`, in the language of sh. */
async function tried(runner: Runner, said: string, body: string, triple = OWN!.triple) {
  const version = `[ "$1" = --version ] && { echo '${said}'; exit; }`;
  runner.write("program", `#!/bin/sh\n${version}\n${body}\n`, 0o755);
  const script = `${ROOT}release/try.sh`;
  return await runner.run("bash", [script, runner.path("program"), triple, VERSION, COMMIT]);
}

live("an executable of this machine is tried", NATIVE, async () => {
  using runner = new Runner([]);
  const command = documented().map((word) => `'${word}'`).join(" ");
  const { code, stdout, stderr } = await tried(runner, SAID, `exec ${command} "$@"`);
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /"type": "selftest"/);
});

live("what an executable must not say is refused", NATIVE, async () => {
  using runner = new Runner([]);
  const selftest = await ocmem("selftest", "--json", "--duration", "1s");
  const check = await ocmem("check", "--json", "--pid", `${Deno.pid}`);
  assert.deepEqual([selftest.code, check.code], [0, 0], selftest.stderr + check.stderr);
  const trial = async (of: string, spoil: string, triple = OWN!.triple) => {
    runner.write("selftest.json", selftest.stdout);
    runner.write("check.json", check.stdout);
    // A program whose command `of` says something else.
    const filter = `[ $1 = ${of} ] && filter='${spoil}' || filter=.`;
    const body = `${filter}; jq "$filter" "${runner.path("")}$1.json"`;
    return (await tried(runner, SAID, body, triple)).code;
  };
  assert.equal(await trial("selftest", "."), 0);
  for (const { triple } of TARGETS) {
    if (triple !== OWN!.triple) assert.equal(await trial("selftest", ".", triple), 1, triple);
  }
  const lists = [".platform.checks", ".discovery.checks", ".tracking.checks", ".thresholds"];
  const spoiled = [
    ...lists.flatMap((list) => [`${list} = []`, `${list}[-1].passed = false`]),
    "empty",
    "., .",
    ".passed = false",
    ".exit_code = 1",
    ".type = null",
    ".schema_version = 2",
    '.tool.version = "0.0.0"',
    ".tracking.samples -= 1",
    ".tracking.min_bytes = null",
    ".cost.processes = 0",
  ];
  for (const spoil of spoiled) assert.equal(await trial("selftest", spoil), 1, spoil);
  assert.equal(await trial("check", ".exit_code = 2"), 0, "a verdict");
  for (
    const spoil of [
      ".exit_code = 4",
      ".exit_code = null",
      ".scan.processes = 1",
      "del(.instances)",
      "empty",
    ]
  ) {
    assert.notEqual(await trial("check", spoil), 0, spoil);
  }
  const other = await tried(runner, `${VERSION} (0000000-dirty)`, "exit");
  assert.equal(other.code, 1);
  assert.match(other.stderr, /says that it is [\d.]+ \(0000000-dirty\), expected [\d.]+ \(1a2b/);
});
