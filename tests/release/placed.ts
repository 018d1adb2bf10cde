/** The bundle where nobody may write, under a path with spaces and letters of other alphabets. */

import { bundle, ENTRY } from "../../release/bundle.ts";
import { temporaryFolder } from "../support.ts";

export class Placed implements Disposable {
  readonly #folder = temporaryFolder();
  readonly folder = `${this.#folder.path}/ocmem für 程序`;
  readonly entry = `${this.folder}/${ENTRY}`;
  /** Names of its files. */
  files: readonly string[] = [];

  /** Makes the bundle. */
  static async here(): Promise<Placed> {
    const placed = new Placed();
    placed.files = await bundle(placed.folder);
    for (const name of placed.files) Deno.chmodSync(`${placed.folder}/${name}`, 0o444);
    Deno.chmodSync(placed.folder, 0o555);
    // A folder for temporary files is its maker's alone; others are to run this as well.
    Deno.chmodSync(placed.#folder.path, 0o755);
    return placed;
  }

  [Symbol.dispose](): void {
    Deno.chmodSync(this.folder, 0o755);
    this.#folder[Symbol.dispose]();
  }
}
