/** Folders of the command line. */

import type { World } from "../world.ts";

/**
 * A folder as the system names it: from here, without dots and a last slash. Links on the way to it are
 * not followed, which takes a look at the disk.
 */
export function absoluteFolder(path: string, world: Pick<World, "directory">): string {
  const whole = path.startsWith("/") ? path : `${world.directory()}/${path}`;
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
