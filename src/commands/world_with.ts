/** A World in which some things are others. */

import type { World } from "../world.ts";

/** The World with these changes. */
export function worldWith(world: World, changes: Partial<World>): World {
  return new Proxy(world, {
    get: (_, name: keyof World) => {
      if (Object.hasOwn(changes, name)) return changes[name];
      const value = world[name];
      // Its methods know it by `this`.
      return typeof value === "function" ? value.bind(world) : value;
    },
  });
}
