/** Compiles the stand-in libSystem, and holds its structures to the facts. */

import facts from "../ffi/darwin_facts.json" with { type: "json" };
import { temporaryFolder } from "../support.ts";

let library: string | null = null;

/** The library's path. Its folder is removed when the test process is done with this module. */
export function compiled(): string {
  if (library !== null) return library;
  const folder = temporaryFolder();
  addEventListener("unload", () => folder[Symbol.dispose]());
  const source = `${import.meta.dirname}/`;
  const target = `${folder.path}/libstandin.so`;
  Deno.writeTextFileSync(`${folder.path}/facts.h`, assertions());
  const warnings = ["-Wall", "-Wextra", "-Werror"];
  const kind = ["-std=gnu11", "-O1", "-shared", "-fPIC", "-fvisibility=hidden"];
  const files = [`${source}libsystem.c`, `${source}files.c`, `${source}world.c`];
  const { success, stderr } = new Deno.Command("cc", {
    args: [...kind, ...warnings, `-I${folder.path}`, ...files, "-o", target],
  }).outputSync();
  if (!success) throw new Error(`Cannot compile the stand-in: ${new TextDecoder().decode(stderr)}`);
  return library = target;
}

/** The facts as assertions of the C compiler on the layout it chose for the structures. */
function assertions(): string {
  const lines = ["/* Written by standin.ts from darwin_facts.json. */"];
  const assert = (condition: string) => lines.push(`_Static_assert(${condition}, "");`);
  for (const [name, { size, fields }] of Object.entries(facts.structs)) {
    const type = `struct ${name}`;
    assert(`sizeof(${type}) == ${size}`);
    for (const { member, offset, length } of Object.values<Fact>(fields)) {
      assert(`offsetof(${type}, ${member}) == ${offset}`);
      assert(`sizeof(((${type} *)0)->${member}) == ${length}`);
    }
  }
  for (const { units, upTo } of Object.values(facts.counts)) {
    const end = upTo === null
      ? "sizeof(struct task_vm_info)"
      : `offsetof(struct task_vm_info, ${upTo})`;
    assert(`${end} == 4 * ${units}`);
  }
  return lines.join("\n") + "\n";
}

interface Fact {
  readonly member: string;
  readonly offset: number;
  readonly length: number;
}
