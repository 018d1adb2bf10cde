/** SHA256SUMS: a line for each executable, as sha256sum and shasum write and check them. */

import { fileOf, TARGETS } from "./targets.ts";

/** The lines for those executables that are in a folder. */
export async function sumsOf(folder: string): Promise<string> {
  const lines = TARGETS.map(fileOf).filter((name) => isThere(`${folder}/${name}`)).map(
    async (name) => {
      const digest = await crypto.subtle.digest("SHA-256", Deno.readFileSync(`${folder}/${name}`));
      return `${new Uint8Array(digest).toHex()}  ${name}\n`;
    },
  );
  return (await Promise.all(lines)).join("");
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

if (import.meta.main) {
  const [folder = "dist"] = Deno.args;
  Deno.stdout.writeSync(new TextEncoder().encode(await sumsOf(folder)));
}
