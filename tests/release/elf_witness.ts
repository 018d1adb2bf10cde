/** What binutils say of an ELF file, to hold our own reading to. */

import assert from "node:assert/strict";
import { interpreterOf, PT, readElf } from "./elf.ts";

const MACHINES = { x86_64: "Advanced Micro Devices X86-64", aarch64: "AArch64" } as const;

/** Throws unless readelf finds the same machine, interpreter and program headers, without a complaint. */
export async function assertWitnessed(path: string, arch: keyof typeof MACHINES): Promise<void> {
  const elf = readElf(Deno.readFileSync(path));
  const theirs = await witnessed(path);
  assert.equal(theirs.machine, MACHINES[arch]);
  assert.equal(theirs.interpreter, interpreterOf(elf));
  const ours = elf.segments.map(({ type, offset, address, size, memorySize, alignment }) => {
    const name = Object.entries(PT).find(([, value]) => value === type)?.[0] ?? "other";
    return [name, offset, address, size, memorySize, alignment];
  });
  assert.deepEqual(ours, theirs.segments);
}

async function witnessed(path: string) {
  const { success, stdout, stderr } = await new Deno.Command("readelf", {
    args: ["--wide", "--file-header", "--program-headers", path],
    env: { LC_ALL: "C" },
  }).output();
  const [said, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success || complaint !== "") throw new Error(`readelf: ${complaint}`);
  const number = "(0x[0-9a-f]+)";
  const line = RegExp(
    `^ +([A-Z_]+) +${Array(5).fill(number).join(" +")} +[RWE ]+ ${number}$`,
    "gm",
  );
  const segments = [...said!.matchAll(line)].map(
    ([, type, offset, address, , size, memory, align]) => {
      const name = Object.hasOwn(PT, type!) ? type : "other";
      return [name, ...[offset, address, size, memory, align].map(Number)];
    },
  );
  return {
    machine: /^ +Machine: +(.+)$/m.exec(said!)?.[1] ?? "",
    interpreter: /interpreter: (.+)\]/.exec(said!)?.[1] ?? null,
    segments,
  };
}
