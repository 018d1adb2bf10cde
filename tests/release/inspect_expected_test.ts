/** The checks of what an executable holds notice each thing that it should not. */

import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { flagsOf, type Target, TARGETS } from "../../release/targets.ts";
import { live, pure, temporaryFolder } from "../support.ts";
import { requireIntegrity } from "./bases.ts";
import { tinyElf } from "./elf_tiny.ts";
import { tinyMachO } from "./macho_tiny.ts";
import { compiled, flipped, type Program } from "./payload_build.ts";
import { checkBase, checkFiles, checkMetadata } from "./payload_checks.ts";
import { permissionsOf } from "./payload_expected.ts";
import { foldersHere, tracesIn } from "./payload_paths.ts";
import { type Payload, payloadIn, readPayload } from "./payload.ts";

const RIGHT: Program = { "ocmem.js": "1;" };

/** What an executable for a platform holds that is compiled with other flags than those of a release. */
async function holding(
  target: Target,
  flags: readonly string[],
  program = RIGHT,
): Promise<Payload> {
  const base = target.os === "linux" ? tinyElf(target.arch) : tinyMachO(target.arch);
  return readPayload(payloadIn(await compiled(base, target.triple, { program, flags })));
}

pure("permissions are expected as Deno writes them down", () => {
  const none = permissionsOf([]);
  assert.equal(none.prompt, true);
  assert.equal(Object.keys(none).length, 1 + 8 * 2 + 2);
  const some = permissionsOf(["--no-prompt", "--allow-read", "--allow-net=[::1],localhost"]);
  assert.deepEqual([some.prompt, some.allow_read], [false, []]);
  assert.deepEqual(some.allow_net, ["[::1]", "localhost"]);
  assert.throws(() => permissionsOf(["-A"]), /Cannot expect anything of -A/);
  assert.throws(() => permissionsOf(["--allow-all"]), /Cannot expect anything of --allow-all/);
});

live("more grants than are documented are seen, and fewer, and a prompt", {}, async () => {
  // Of macOS, the one that is not signed when it is compiled: see macho_trailer.ts.
  for (const target of TARGETS.filter(({ triple }) => triple !== "x86_64-apple-darwin")) {
    const flags = [...flagsOf(target), "--deny-import", "--no-code-cache"];
    checkMetadata(target, await holding(target, flags));
    const without = (begin: string) => flags.filter((flag) => !flag.startsWith(begin));
    const others = TARGETS.filter(({ os, arch }) => os !== target.os || arch !== target.arch);
    const faults = [
      without("--no-prompt"),
      without("--allow-ffi"),
      without("--allow-env"),
      without("--v8-flags"),
      without("--deny-import"),
      without("--no-code-cache"),
      [...flags, "--allow-sys"],
      [...without("--allow-run"), "--allow-run=/bin/bash"],
      [...without("--allow-ffi"), "--allow-ffi"],
      [...without("--allow-net"), "--allow-net"],
      [...flags, "--allow-import=example.com"],
      [...flags, "--location=https://example.com"],
      [...flags, "--seed=1"],
      [...flags, "--app-name=other"],
      // Another platform's libraries, unless those are the same.
      ...others.map(flagsOf).filter((its) => !its.every((flag) => flags.includes(flag))),
    ];
    for (const faulty of faults) {
      await assert.rejects(async () => checkMetadata(target, await holding(target, faulty)), {
        name: "AssertionError",
      }, `${target.triple} with ${faulty.join(" ")}`);
    }
  }
});

live("a file too many, too few or another one is seen", {}, () => {
  using folder = temporaryFolder();
  const bytes = (text: string) => new TextEncoder().encode(text);
  const file = (path: string, text: string) => ({ path, bytes: bytes(text), changedMs: 0 });
  const put = (name: string, text: string) =>
    Deno.writeTextFileSync(`${folder.path}/${name}`, text);
  put("ocmem.js", "1;");
  put("core.js", "2;");
  const [entry, core] = [file("ocmem.js", "1;"), file("core.js", "2;")];
  checkFiles({ files: [entry, core] }, folder.path);
  for (
    const files of [
      [entry],
      [entry, core, file("soak_test.js", "3;")],
      [entry, file("core.js", "2 ")],
      [file("x/ocmem.js", "1;"), core],
    ]
  ) {
    assert.throws(() => checkFiles({ files }, folder.path), { name: "AssertionError" });
  }
  for (
    const source of ['Deno.test("it", it);', 'import "node:assert";', "//# sourceMappingURL=a"]
  ) {
    put("core.js", source);
    const files = [entry, file("core.js", source)];
    assert.throws(() => checkFiles({ files }, folder.path), /core\.js has /);
  }
  put("test_it.js", "3;");
  const files = [entry, file("core.js", "//# sourceMappingURL=a"), file("test_it.js", "3;")];
  assert.throws(() => checkFiles({ files }, folder.path), { name: "AssertionError" });
});

live("a path of this machine is seen wherever it is", {}, async () => {
  const elf = TARGETS.find(({ os }) => os === "linux")!;
  const embedded = async (program: Program, flags: readonly string[] = []) => {
    return payloadIn(await compiled(tinyElf(elf.arch), elf.triple, { program, flags }));
  };
  const folders = foldersHere();
  assert.deepEqual(tracesIn(await embedded(RIGHT), folders), []);
  const source = await embedded({ "ocmem.js": `1; // ${Deno.cwd()}/src/look.ts` });
  assert.equal(tracesIn(source, folders).some((trace) => trace.includes("/src/look.ts")), true);
  const granted = await embedded(RIGHT, ["--allow-read=/home/somebody"]);
  assert.match(tracesIn(granted, folders).join(), /\/home\/: .*\/home\/somebody/);
});

live("another byte of the base is seen", {}, async () => {
  for (const target of TARGETS.filter(({ triple }) => triple !== "x86_64-apple-darwin")) {
    const isElf = target.os === "linux";
    const base = isElf ? tinyElf(target.arch) : tinyMachO(target.arch);
    const data = await compiled(base, target.triple);
    checkBase(data, base);
    // The first and last byte of their code.
    const code = isElf ? 0x300 : 0x3000;
    for (const at of [code, code + 63]) {
      assert.throws(() => checkBase(data, flipped(base, at)), /of the base, at/);
    }
  }
});

pure("a package of another digest than the registry's is not taken", () => {
  const tarball = new TextEncoder().encode("package");
  const integrity = `sha512-${hash("sha512", tarball, "base64")}`;
  requireIntegrity(tarball, integrity);
  assert.throws(
    () => requireIntegrity(tarball, integrity.replace("A", "B")),
    /Cannot take the pack/,
  );
  assert.throws(() => requireIntegrity(flipped(tarball, 0), integrity), /Cannot take the package/);
  assert.throws(() => requireIntegrity(tarball, null), /Cannot take the package/);
});
