/** Folders of the command line. */

import type { World } from "../world.ts";

/** What it takes to find a folder. */
export type Finder = Pick<World, "directory" | "realPath">;

/**
 * A folder as the system may name it: from here, without dots and a last slash; and where links lead on
 * the way to it, as what runs in it tells where it is.
 */
export function absoluteFolders(path: string, world: Finder): readonly string[] {
  const named = absoluteFolder(path, world);
  // A link's own dots lead on from where it leads to.
  const real = world.realPath(path.startsWith("/") ? path : `${world.directory()}/${path}`);
  return [...new Set([named, real ?? named])];
}

function absoluteFolder(path: string, world: Finder): string {
  const whole = path.startsWith("/") ? path : `${world.directory()}/${path}`;
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
