/** A value that can't be read, and what can. */

import type { Reader } from "../commands/values.ts";

/** Thrown by the parser of a value: whoever knows where the value stands makes a sentence of it. */
export class UnfitValue extends Error {
  override readonly name = "UnfitValue";

  constructor(readonly text: string, readonly expects: string) {
    super(`expected ${expects}`);
  }
}

/** The value that a text names. Throws an UnfitValue. */
export function read<T>(reader: Reader<T>, text: string): T {
  const value = reader.read(text);
  if (value === null) throw new UnfitValue(text, reader.expects);
  return value;
}
