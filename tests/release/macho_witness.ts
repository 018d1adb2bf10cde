/** What LLVM says of a Mach-O file, to hold our own reading to. */

import assert from "node:assert/strict";
import { readMachO } from "./macho.ts";

const CPU_TYPES = { aarch64: "ARM64", x86_64: "X86_64" } as const;

/** Throws unless LLVM's llvm-objdump finds the same CPU type, segments and sections, and nothing malformed. */
export async function assertWitnessed(path: string, arch: keyof typeof CPU_TYPES): Promise<void> {
  const { segments } = readMachO(Deno.readFileSync(path));
  const theirs = await witnessed(path);
  assert.equal(theirs.cpuType, CPU_TYPES[arch]);
  const ours = segments.map(({ what, offset, size, address, memorySize }) => {
    return [what, offset, size, address, memorySize];
  });
  assert.deepEqual(ours, theirs.segments);
  const sections = segments.flatMap(({ sections }) => sections);
  const oursToo = sections.map(({ what, address, size, offset }) => [what, address, size, offset]);
  assert.deepEqual(oursToo, theirs.sections);
}

async function witnessed(path: string) {
  const { success, stdout, stderr } = await new Deno.Command("llvm-objdump", {
    args: ["--macho", "--private-headers", path],
  }).output();
  const said = new TextDecoder().decode(success ? stdout : stderr);
  if (!success) throw new Error(`llvm-objdump: ${said}`);
  const [header, ...commands] = said.split(/^Load command \d+\n/m);
  const cpuType = /^ ?MH_MAGIC_64 +(\w+)/m.exec(header!)?.[1] ?? "";
  const segments = [];
  const sections = [];
  for (const command of commands) {
    const [segment, ...parts] = command.split(/^Section\n/m);
    if (!segment!.includes("LC_SEGMENT_64")) continue;
    const { segname, fileoff, filesize, vmaddr, vmsize } = fieldsOf(segment!);
    const numbers = [fileoff, filesize, vmaddr, vmsize].map(Number);
    segments.push([segname!, ...numbers]);
    for (const part of parts) {
      const { sectname, segname, addr, size, offset } = fieldsOf(part);
      sections.push([`${segname},${sectname}`, ...[addr, size, offset].map(Number)]);
    }
  }
  return { cpuType, segments, sections };
}

/** Lines such as `  vmaddr 0x0000000100000000`. */
function fieldsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^ *(\w+) (\S+)/gm)].map(([, key, value]) => [key, value]),
  );
}
