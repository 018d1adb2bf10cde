/** The Homebrew formula: its text, and what is refused. `formula_ruby_test.ts` has Ruby read it. */

import assert from "node:assert/strict";
import fc from "fast-check";
import denoJson from "../../deno.json" with { type: "json" };
import { ReleaseError } from "../../release/attempt.ts";
import { checksumsIn, formulaOf } from "../../release/formula_text.ts";
import { fileOf, TARGETS } from "../../release/targets.ts";
import { finished } from "../live/command_line.ts";
import { live, pure, ROOT, temporaryFolder } from "../support.ts";

const HASHES = ["a1", "b2", "c3", "d4"].map((pair) => pair.repeat(32));
const FILES = TARGETS.map(fileOf);
const SUMS = FILES.map((file, index) => `${HASHES[index]}  ${file}\n`).join("");
const RELEASE = { repository: "ann/ocmem", version: "1.2.3", sums: SUMS, sumsName: "SHA256SUMS" };

function problemOf(run: () => unknown): ReleaseError {
  try {
    run();
  } catch (error) {
    if (error instanceof ReleaseError) return error;
    throw error;
  }
  throw new Error("There is no problem");
}

pure("the formula names each platform's file, where a release of GitHub has it", () => {
  const lines = formulaOf(RELEASE).split("\n");
  assert.deepEqual(lines.slice(1, 16), [
    "class Ocmem < Formula",
    '  desc "Health check for OpenCode: the memory that its processes really hold"',
    '  homepage "https://github.com/ann/ocmem"',
    '  version "1.2.3"',
    '  license "MIT"',
    "",
    "  on_macos do",
    "    on_arm do",
    '      url "https://github.com/ann/ocmem/releases/download/v1.2.3/ocmem-aarch64-apple-darwin"',
    `      sha256 "${"a1".repeat(32)}"`,
    "    end",
    "    on_intel do",
    '      url "https://github.com/ann/ocmem/releases/download/v1.2.3/ocmem-x86_64-apple-darwin"',
    `      sha256 "${"b2".repeat(32)}"`,
    "    end",
  ]);
  // Homebrew's audit: a description is short, begins with no article, and ends without a full stop.
  const [, description = ""] = /desc "(.*)"/.exec(lines.join("\n"))!;
  assert.ok(description.length <= 80);
  assert.doesNotMatch(description, /^(?:An?|The) |\.$|ocmem/i);
  for (const line of lines) assert.ok(line.length <= 118, line);
});

const hash = fc.stringMatching(/^[\da-f]{64}$/);

pure("property: whatever the order and what else is there, each file has its own checksum", () => {
  const others = fc.uniqueArray(fc.stringMatching(/^other-[\w.-]{1,20}$/));
  const order = fc.shuffledSubarray([...FILES], { minLength: FILES.length });
  fc.assert(
    fc.property(order, others, fc.array(hash, { minLength: 60 }), (order, others, hashes) => {
      const names = [...others, ...order].slice(0, hashes.length);
      fc.pre(FILES.every((file) => names.includes(file)));
      const sums = names.map((name, index) => `${hashes[index]}  ${name}`).join("\n");
      const formula = formulaOf({ ...RELEASE, sums });
      const found = [...formula.matchAll(/\/([^/"]+)"\n +sha256 "([^"]+)"/g)];
      const wanted = FILES.map((file) => [file, hashes[names.indexOf(file)]]);
      assert.deepEqual(found.map(([, file, hash]) => [file, hash]).sort(), wanted.sort());
    }),
  );
});

pure("property: lines that sha256sum does not write are refused, with their number", () => {
  const valid = fc.constant(`${HASHES[0]}  ocmem-aarch64-apple-darwin`);
  const spoiled = fc.oneof(
    fc.string().filter((text) => !/^[\da-f]{64} {2}[^\s/]+$/.test(text) && !text.includes("\n")),
    hash.map((hash) => `${hash}0  ocmem`),
    hash.filter((hash) => /[a-f]/.test(hash)).map((hash) => `${hash.toUpperCase()}  ocmem`),
    hash.map((hash) => `${hash.slice(1)}  ocmem`),
    hash.map((hash) => `${hash} ocmem`),
    hash.map((hash) => `${hash} *ocmem`),
    hash.map((hash) => `${hash}  ../ocmem`),
    hash.map((hash) => `${hash}  ocmem\r`),
    hash.map((hash) => `${hash}  `),
  );
  fc.assert(fc.property(valid, spoiled, (first, second) => {
    const { message, exitCode } = problemOf(() => checksumsIn(`${first}\n${second}\n`, "SUMS"));
    assert.match(message, /^Cannot read line 2 of SUMS: expected 64 lowercase hex digits/);
    assert.equal(exitCode, 65);
  }));
});

pure("a file that is missing, or named twice, is said", () => {
  for (const [index, file] of FILES.entries()) {
    const sums = SUMS.split("\n").toSpliced(index, 1).join("\n");
    const { message, exitCode } = problemOf(() => formulaOf({ ...RELEASE, sums }));
    assert.ok(message.startsWith(`Cannot make a formula: SHA256SUMS has no checksum of ${file}.`));
    assert.equal(exitCode, 65);
  }
  const twice = problemOf(() => formulaOf({ ...RELEASE, sums: SUMS + SUMS }));
  assert.equal(twice.message, `Cannot read line 5 of SHA256SUMS: ${FILES[0]} stands there twice`);
  assert.equal(twice.exitCode, 65);
  const empty = problemOf(() => formulaOf({ ...RELEASE, sums: "" }));
  assert.match(empty.message, /^Cannot read line 1 of SHA256SUMS: expected/);
});

pure("nothing from outside gets between the quotes", () => {
  const repositories = ["", "ann", "ann/", "/x", "a/b/c", "-a/b", "a-/b", "a--b/c", "ann/x y"];
  for (
    const repository of [...repositories, 'ann/"', "ann/#{x}", "ann/x\n", "https://x/y", "ä/b"]
  ) {
    const { message, exitCode } = problemOf(() => formulaOf({ ...RELEASE, repository }));
    const given = JSON.stringify(repository);
    assert.equal(message, `Cannot make a formula: --repository is OWNER/NAME, not ${given}`);
    assert.equal(exitCode, 64);
  }
  for (const version of ["", "1", "1.2", "v1.2.3", "1.2.3-", '1.2.3-"', "1.2.3\n", "1.2.3-#{x}"]) {
    assert.equal(problemOf(() => formulaOf({ ...RELEASE, version })).exitCode, 64, version);
  }
  for (const version of ["0.1.0", "10.20.30", "1.0.0-rc.1"]) formulaOf({ ...RELEASE, version });
  for (const repository of ["a/b", "Ann-1/o.c_m-em"]) formulaOf({ ...RELEASE, repository });
});

live(
  "the command: a formula of deno.json's version, or a sentence and an exit code",
  {},
  async () => {
    using folder = temporaryFolder();
    const file = `${folder.path}/SHA256SUMS`;
    Deno.writeTextFileSync(file, SUMS);
    const run = (...args: readonly string[]) => {
      const words = ["run", "--no-prompt", "--allow-read", `${ROOT}release/formula.ts`];
      return finished(Deno.execPath(), [...words, ...args], { NO_COLOR: "1" });
    };
    const stdout = formulaOf({ ...RELEASE, version: denoJson.version });
    const made = await run("--repository", "ann/ocmem", file);
    assert.deepEqual(made, { code: 0, stdout, stderr: "" });
    const cases: [number, RegExp, readonly string[]][] = [
      [64, /nothing says where the release is\. .*--repository OWNER\/NAME\n$/, [file]],
      [64, /--repository is OWNER\/NAME, not "ocmem"\n$/, ["--repository", "ocmem", file]],
      [64, /Unknown option '--repo'\n$/, ["--repo", "ann/ocmem"]],
      [64, /one file at most, and b more\n$/, ["--repository", "ann/ocmem", file, "b"]],
      [66, /nowhere: it is not there\. /, ["--repository", "ann/ocmem", `${folder.path}/nowhere`]],
    ];
    for (const [code, said, args] of cases) {
      const failed = await run(...args);
      assert.match(failed.stderr, said);
      assert.match(failed.stderr, /^Cannot [^\n]+\n$/);
      assert.deepEqual([failed.code, failed.stdout], [code, ""], failed.stderr);
    }
  },
);
