/** The Homebrew formula, read by a real Ruby: what it says for each platform, and what installing does. */

import assert from "node:assert/strict";
import { formulaOf } from "../../release/formula_text.ts";
import { fileOf, type Target, TARGETS } from "../../release/targets.ts";
import { finished } from "../live/command_line.ts";
import { hasProgram, live, ROOT, temporaryFolder } from "../support.ts";

const RUBY = { ruby: hasProgram("ruby") };
/** A checksum of each, by its place in the list. */
const hashOf = (target: Target) => `${TARGETS.indexOf(target)}`.repeat(64);
const SUMS = TARGETS.map((target) => `${hashOf(target)}  ${fileOf(target)}\n`).join("");

function formula(version: string): string {
  return formulaOf({ repository: "ann/ocmem", version, sums: SUMS, sumsName: "SHA256SUMS" });
}

/** Installs it where a download is that says `says` is its version. */
async function install(target: Target, version: string, says: string) {
  const folder = temporaryFolder();
  const download = `${folder.path}/download`;
  Deno.mkdirSync(download);
  // Downloads are not executable.
  const program = `#!/bin/sh\n[ "$1" = --version ] && set -- '${says} (1a2b3c4)'\necho "$*"\n`;
  Deno.writeTextFileSync(`${download}/${fileOf(target)}`, program);
  Deno.chmodSync(`${download}/${fileOf(target)}`, 0o644);
  const file = `${folder.path}/ocmem.rb`;
  Deno.writeTextFileSync(file, formula(version));
  const os = target.os === "darwin" ? "macos" : "linux";
  const arch = target.arch === "aarch64" ? "arm" : "intel";
  const words = [`${ROOT}tests/release/homebrew.rb`, file, os, arch, `${folder.path}/prefix`];
  const ran = await finished("ruby", ["-C", download, "-w", ...words]);
  return { folder, ran };
}

for (const target of TARGETS) {
  live(
    `the formula on ${target.triple}: what is downloaded, and what installed`,
    RUBY,
    async () => {
      const { folder, ran } = await install(target, "1.2.3", "1.2.3");
      using _ = folder;
      assert.deepEqual({ code: ran.code, stderr: ran.stderr }, { code: 0, stderr: "" });
      const where = "https://github.com/ann/ocmem/releases/download/v1.2.3/ocmem-";
      assert.deepEqual(JSON.parse(ran.stdout), {
        desc: ["Health check for OpenCode: the memory that its processes really hold"],
        homepage: ["https://github.com/ann/ocmem"],
        version: ["1.2.3"],
        license: ["MIT"],
        url: [where + target.triple],
        sha256: [hashOf(target)],
        completions: ["bash", "zsh", "fish"].map((shell) => `completions ${shell}\n`),
      });
      const { mode } = Deno.statSync(`${folder.path}/prefix/bin/ocmem`);
      assert.equal(mode! & 0o777, 0o755);
      const manual = Deno.readTextFileSync(`${folder.path}/prefix/share/man/man1/ocmem.1`);
      assert.equal(manual, "man\n");
    },
  );
}

live("the formula's test fails if another version was installed", RUBY, async () => {
  const { folder, ran } = await install(TARGETS[0]!, "1.2.3", "1.2.2");
  using _ = folder;
  assert.equal(ran.code, 1);
  assert.match(ran.stderr, /1\.2\.2 \(1a2b3c4\) is not 1\.2\.3 /);
});

live("Ruby has nothing to warn of in the formula", RUBY, async () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/ocmem.rb`;
  Deno.writeTextFileSync(file, formula("1.2.3-rc.1"));
  const { stdout, stderr } = await finished("ruby", ["-wc", file]);
  assert.deepEqual({ stdout, stderr }, { stdout: "Syntax OK\n", stderr: "" });
});
