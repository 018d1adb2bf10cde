/** What goes wrong and ends nothing, on standard error. */

import { visible } from "../report/harmless.ts";
import { isoTime, jsonLine } from "../report/json.ts";
import type { World } from "../world.ts";

/** Says troubles as sentences, or for programs as JSON. */
export class Troubles {
  readonly #world: Pick<World, "stderr" | "nowMs">;
  readonly #isJson: boolean;

  constructor(world: Pick<World, "stderr" | "nowMs">, isJson: boolean) {
    this.#world = world;
    this.#isJson = isJson;
  }

  /** Says what there is to be said. */
  say(message: string | null): void {
    if (message === null) return;
    const plain = visible(message);
    const at = isoTime(this.#world.nowMs());
    const text = this.#isJson
      ? jsonLine({ type: "trouble", at, message: plain })
      : `ocmem: ${plain}\n`;
    this.#world.stderr.write(text);
  }
}
