/**
 * The memory of a macOS process by kind, from the same task_vm_info that its footprint is read from.
 * Pure. The kernel's definition (osfmk/kern/task.c, "Task ledgers"):
 *
 *     phys_footprint = (internal - alternate_accounting)
 *                    + (internal_compressed - alternate_accounting_compressed)
 *                    + iokit_mapped + purgeable_nonvolatile + purgeable_nonvolatile_compressed + page_table
 *
 * The parts that count into it need not sum up to it: what IOKit has mapped and page tables are not told,
 * nor is the alternate accounting, by which purgeable pages that are mapped are not counted twice; and
 * each ledger is read a moment after the one before.
 */

import type { MemoryPart } from "../detail.ts";
import { decodeTaskVmInfo } from "./darwin_abi.ts";
import { type Field, readUint } from "./struct.ts";

/**
 * Members of `struct task_vm_info` (mach/task_info.h). A page that is mapped is internal, external or
 * reusable (pmap_enter, osfmk/arm/pmap). Its `purgeable_volatile_…` are filled for another flavor only.
 */
export const TASK_VM_PARTS = {
  internal: { offset: 48, length: 8 },
  external: { offset: 64, length: 8 },
  reusable: { offset: 80, length: 8 },
  compressed: { offset: 120, length: 8 },
  purgeable: { offset: 176, length: 8 },
  purgeableCompressed: { offset: 184, length: 8 },
} as const satisfies Record<string, Field>;

const PARTS = [
  { kind: "internal", fields: [TASK_VM_PARTS.internal], inFootprint: true },
  { kind: "compressed", fields: [TASK_VM_PARTS.compressed], inFootprint: true },
  {
    kind: "purgeable",
    fields: [TASK_VM_PARTS.purgeable, TASK_VM_PARTS.purgeableCompressed],
    inFootprint: true,
  },
  { kind: "external", fields: [TASK_VM_PARTS.external], inFootprint: false },
  { kind: "reusable", fields: [TASK_VM_PARTS.reusable], inFootprint: false },
] as const;

/**
 * The parts in a task_vm_info of which `count` 4-byte units were filled: as many as that covers; null if
 * it has no footprint that they could be parts of.
 */
export function decodeTaskVmParts(view: DataView, count: number): readonly MemoryPart[] | null {
  if (decodeTaskVmInfo(view, count) === null) return null;
  const filled = Math.min(count * 4, view.byteLength);
  return PARTS.flatMap(({ kind, fields, inFootprint }) => {
    if (fields.some(({ offset, length }) => offset + length > filled)) return [];
    const bytes = fields.map((field) => readUint(view, field)).reduce((sum, one) => sum + one, 0);
    // A ledger that is out of balance is negative: as an unsigned number it is larger than any memory.
    return Number.isSafeInteger(bytes) ? [{ kind, bytes, inFootprint }] : [];
  });
}
