/**
 * What a release hands out, looked at without being run: for each platform an executable is made twice,
 * on another base than Deno's own (see bases.ts), and read to the last byte.
 */

import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { type Target, TARGETS } from "../../release/targets.ts";
import { hasProgram, live, ROOT, temporaryFolder } from "../support.ts";
import { baseOf, needsOf } from "./bases.ts";
import { readElf } from "./elf.ts";
import { checkElf } from "./elf_layout.ts";
import { assertWitnessed as readelfAgrees } from "./elf_witness.ts";
import { readMachO } from "./macho.ts";
import { checkLayout } from "./macho_layout.ts";
import { checkAdHocSignature } from "./macho_signature.ts";
import { assertWitnessed as llvmAgrees } from "./macho_witness.ts";
import {
  checkBase,
  checkFiles,
  checkMakersSignature,
  checkMetadata,
  checkVersion,
} from "./payload_checks.ts";
import { copyOfProject, madeIn } from "./payload_made.ts";
import { foldersHere, tracesIn } from "./payload_paths.ts";
import { type Payload, payloadIn, readPayload } from "./payload.ts";

/** On macOS, Deno has Apple's codesign sign what is for x86-64: there it ends with another signature. */
const PLACE: Readonly<Record<string, Record<string, boolean>>> = {
  "x86_64-apple-darwin": { Linux: Deno.build.os === "linux" },
};

const NEEDS = await Promise.all(TARGETS.map(needsOf));
for (const [index, target] of TARGETS.entries()) {
  const needs = { ...PLACE[target.triple], ...NEEDS[index] };
  live(`an executable for ${target.triple} holds what it should, and no more`, needs, async (t) => {
    using folder = temporaryFolder();
    const base = await baseOf(target, folder.path);
    const project = await copyOfProject(`${folder.path}/project`);
    const made = await madeIn(project, target.triple, { DENORT_BIN: base });
    const data = Deno.readFileSync(made);
    await t.step("it can be loaded", () => checkFormat(target, data));
    await witness(t, target, made);
    await t.step("all else is the base", () => {
      const before = Deno.readFileSync(base);
      if (target.triple === "aarch64-apple-darwin") checkMakersSignature(before);
      checkBase(data, before);
    });
    const payload = payloadIn(data);
    await t.step("it may do what is documented", () => checkMetadata(target, readPayload(payload)));
    await t.step(
      "it holds the bundle",
      () => checkFiles(readPayload(payload), `${project}/dist/bundle`),
    );
    await t.step("it tells nothing of this machine", () => {
      assert.deepEqual(tracesIn(payload, foldersHere(folder.path, ROOT)), []);
    });
    await t.step(
      "it knows its version",
      () => checkVersion(readPayload(payload), project, folder.path),
    );
    await t.step("made elsewhere by somebody else it is the same", async () => {
      const elsewhere = await copyOfProject(`${folder.path}/some/where/else`, project);
      const env = { ...OTHER_ENVIRONMENT, TMPDIR: `${folder.path}/some/where`, DENORT_BIN: base };
      const other = Deno.readFileSync(await madeIn(elsewhere, target.triple, env));
      const files = readPayload(payloadIn(other)).files.map(nameAndHash);
      assert.deepEqual(files, readPayload(payload).files.map(nameAndHash));
      assert.deepEqual(readPayload(payloadIn(other)).metadata, readPayload(payload).metadata);
      assert.equal(hash("sha256", other), hash("sha256", data));
    });
  });
}

/** Deno takes these from whoever compiles, and puts what they say into the executable. */
const OTHER_ENVIRONMENT = {
  OTEL_DENO: "true",
  DENO_COMPAT: "1",
  DENO_UNSTABLE_SLOPPY_IMPORTS: "1",
  TZ: "Pacific/Auckland",
  LC_ALL: "C",
};

function nameAndHash({ path, bytes, changedMs }: Payload["files"][number]) {
  return [path, bytes.length, hash("sha256", bytes), changedMs];
}

function checkFormat({ os, arch }: Target, data: Uint8Array): void {
  if (os === "linux") return checkElf(readElf(data), arch);
  const macho = readMachO(data);
  checkLayout(macho, arch);
  // On arm64 nothing runs that is not signed. Deno's own base for x86-64 is not, and is not signed then.
  if (arch === "aarch64") checkAdHocSignature(macho);
  else assert.equal(macho.signature, null);
}

/** Others read the same of it. */
async function witness(t: Deno.TestContext, { os, arch }: Target, path: string): Promise<void> {
  const program = os === "linux" ? "readelf" : "llvm-objdump";
  const isHere = hasProgram(program);
  if (!isHere && Deno.env.get("OCMEM_TEST_ALL") === "1") throw new Error(`${program} is missing`);
  await t.step({
    name: isHere ? `${program} agrees` : `${program} agrees [skipped: needs ${program}]`,
    ignore: !isHere,
    fn: () => os === "linux" ? readelfAgrees(path, arch) : llvmAgrees(path, arch),
  });
}
