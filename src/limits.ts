/** Limits as people write them: amounts of memory with a unit, or a share of the machine's memory. */

/** Bytes, or a share of the machine's memory in percent. */
export type Limit = { readonly bytes: number } | { readonly percent: number };

/** What is accepted, for messages. */
export const LIMIT_FORMS =
  "2GiB, 2048MiB, 2GB, 2147483648 (bytes) or 75% (of the machine's memory)";

/** Units by their lower-case name: those of IEC 80000-13 (1024) and of SI (1000). */
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  tb: 1000 ** 4,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/**
 * The limit that a text names, or null if it names none. Strict: a unit that may mean two things
 * (`2G`), a sign, an exponent, 0, or more than 2^53 bytes is not accepted.
 */
export function parseLimit(text: string): Limit | null {
  const found = /^(\d{1,16}(?:\.\d{1,9})?) ?([a-z]{0,3}|%)$/i.exec(text);
  if (!found) return null;
  const amount = Number(found[1]);
  if (found[2] === "%") return amount > 0 ? { percent: amount } : null;
  const unit = UNITS[found[2]!.toLowerCase()];
  if (unit === undefined) return null;
  const bytes = Math.round(amount * unit);
  return bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER ? { bytes } : null;
}

/** The limit in bytes on a machine with so much memory. */
export function limitBytes(limit: Limit, memoryBytes: number): number {
  return "bytes" in limit ? limit.bytes : Math.round(memoryBytes * limit.percent / 100);
}

/** A number of bytes as this module reads it: in the largest unit that divides it. */
export function formatLimit(bytes: number): string {
  for (
    const [unit, size] of [["TiB", 1024 ** 4], ["GiB", 1024 ** 3], ["MiB", 1024 ** 2]] as const
  ) {
    if (bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(bytes);
}
