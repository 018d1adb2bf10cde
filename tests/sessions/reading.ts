/** What tests of the store share. */

import { readStore, type Store, type Wanted } from "../../src/sessions/store.ts";
import { outsideOf } from "./made.ts";

export const PATH = "/d/opencode.db";
export const never = (): boolean => false;

export function wanted(directories: readonly string[], ids: readonly string[] = []): Wanted {
  return { directories: new Set(directories), ids: new Set(ids) };
}

/** Reads a database of which there is no log. */
export function read(bytes: Uint8Array, what: Wanted, isLate = never): Promise<Store> {
  return readStore(outsideOf({ [PATH]: bytes }), PATH, what, isLate);
}

export function idsOf({ sessions }: Store): string[] {
  return sessions.map(({ id }) => id);
}
