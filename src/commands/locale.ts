/** What the terminal's locale can show. */

import type { World } from "../world.ts";

/** Whether text is UTF-8: what the first of these variables that is set says (XBD 8.2). */
export function isUtf8(world: Pick<World, "env">): boolean {
  const names = ["LC_ALL", "LC_CTYPE", "LANG"] as const;
  const locale = names.map((name) => world.env(name)).find((value) => value) ?? "";
  return /utf-?8/i.test(locale);
}
