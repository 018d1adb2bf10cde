/** `deno task compile`: what it says where it can't make an executable. */

import assert from "node:assert/strict";
import { targetOf } from "../../release/base.ts";
import { finished } from "../live/command_line.ts";
import { live, ROOT, temporaryFolder } from "../support.ts";
import { Placed } from "./placed.ts";

/** A port where nobody listens: port 1, tcpmux, which needs root and is long gone. */
const NOWHERE = "http://127.0.0.1:1";

async function compile(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return await finished(Deno.execPath(), ["run", "-A", `${ROOT}release/compile.ts`, ...args], env);
}

live("a base that can't be downloaded is said, with the address and what helps", {}, async () => {
  using folder = temporaryFolder();
  // Deno downloads its bundler when it is used first.
  (await Placed.here())[Symbol.dispose]();
  // What a bundle needs is at hand there, and no base that was downloaded before.
  const { stdout } = await finished(Deno.execPath(), ["info", "--json"]);
  const { denoDir, npmCache } = JSON.parse(stdout);
  Deno.symlinkSync(npmCache, `${folder.path}/npm`);
  Deno.mkdirSync(`${folder.path}/dl`);
  for (const { name } of Deno.readDirSync(`${denoDir}/dl`)) {
    if (name.startsWith("esbuild")) {
      Deno.symlinkSync(`${denoDir}/dl/${name}`, `${folder.path}/dl/${name}`);
    }
  }
  const env = { DENO_DIR: folder.path, HTTPS_PROXY: NOWHERE, DENORT_BIN: "" };
  const target = ["--target", "aarch64-apple-darwin", "--output-dir", `${folder.path}/made`];
  const ran = await compile(env, ...target);
  assert.deepEqual([ran.code, ran.stdout], [69, ""], ran.stderr);
  const version = Deno.version.deno;
  assert.match(
    ran.stderr,
    new RegExp(
      "^Cannot compile for aarch64-apple-darwin: its base executable could not be downloaded from " +
        `https://dl\\.deno\\.land/release/v${version}/denort-aarch64-apple-darwin\\.zip \\(.+\\)\\. ` +
        "Try again .*DENORT_BIN=/path/to/denort\\n$",
    ),
  );
  assert.deepEqual([...Deno.readDirSync(`${folder.path}/made`)], [], "nothing is left behind");
});

live("arguments that make no sense are refused before anything is made", {}, async () => {
  const cases = [
    [
      {},
      ["--target", "bogus"],
      /^Cannot compile for bogus: expected one of aarch64-apple-darwin, /,
    ],
    [
      {},
      ["--tarket", "x"],
      /^Cannot read the arguments: Unknown option '--tarket'\. Expected \[--t/,
    ],
    [{}, ["extra"], /^Cannot read the arguments: Unexpected argument 'extra'/],
  ] as const;
  for (const [env, args, sentence] of cases) {
    const { code, stdout, stderr } = await compile(env, ...args);
    assert.deepEqual([code, stdout], [64, ""], stderr);
    assert.match(stderr, sentence);
    assert.equal(stderr.trim().split("\n").length, 1);
  }
});

live("a folder that can't be made is said", {}, async () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/file`;
  Deno.writeTextFileSync(file, "");
  for (const path of [file, `${file}/below`]) {
    const { code, stdout, stderr } = await compile({}, "--output-dir", path);
    assert.deepEqual([code, stdout], [73, ""]);
    assert.match(stderr, /^Cannot create the folder .*file.*: .+\n$/);
    assert.ok(stderr.startsWith(`Cannot create the folder ${path}: `));
  }
});

/** The start of an executable. */
const BASES: Readonly<Record<string, readonly number[]>> = {
  "aarch64-apple-darwin": [0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 1],
  "x86_64-apple-darwin": [0xcf, 0xfa, 0xed, 0xfe, 0x07, 0, 0, 1],
  "x86_64-unknown-linux-gnu": [
    0x7f,
    0x45,
    0x4c,
    0x46,
    2,
    1,
    1,
    0,
    ...Array(8).fill(0),
    3,
    0,
    62,
    0,
  ],
  "aarch64-unknown-linux-gnu": [
    0x7f,
    0x45,
    0x4c,
    0x46,
    2,
    1,
    1,
    0,
    ...Array(8).fill(0),
    3,
    0,
    183,
    0,
  ],
};

live("a base is for one platform, which its first bytes tell", {}, async () => {
  using folder = temporaryFolder();
  const base = `${folder.path}/base`;
  for (const [triple, bytes] of Object.entries(BASES)) {
    Deno.writeFileSync(base, new Uint8Array(bytes));
    assert.equal(targetOf(base).triple, triple);
  }
  const ran = await compile({ DENORT_BIN: base }, "--target", "x86_64-apple-darwin");
  assert.deepEqual([ran.code, ran.stdout], [64, ""]);
  assert.equal(
    ran.stderr,
    "Cannot compile for x86_64-apple-darwin: DENORT_BIN names a base for aarch64-unknown-linux-gnu\n",
  );
  // 32 bits, another processor, a text, nothing; and what is not there.
  for (const bytes of [[0xce, 0xfa, 0xed, 0xfe], [0x7f, 0x45, 0x4c, 0x46], [0x23, 0x21], []]) {
    Deno.writeFileSync(base, new Uint8Array(bytes));
    assert.throws(() => targetOf(base), /as a base: it is an executable for none of aarch64-apple/);
  }
  const missing = await compile({ DENORT_BIN: `${folder.path}/none` });
  assert.equal(missing.code, 69);
  assert.match(missing.stderr, /^Cannot read .*none, which DENORT_BIN names: No such file/);
});
