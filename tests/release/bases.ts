/**
 * Bases that stand in for Deno's own, `denort`, which comes from a site of its own: the whole Deno, from
 * its npm package for each platform. What is made with one is to be inspected, and never to be run or kept.
 */

import { hash } from "node:crypto";
import type { Target } from "../../release/targets.ts";
import { hasProgram } from "../support.ts";
import { withoutSignature } from "./macho_trailer.ts";

const PACKAGES: Readonly<Record<string, string>> = {
  "aarch64-apple-darwin": "@deno/darwin-arm64",
  "x86_64-apple-darwin": "@deno/darwin-x64",
  "x86_64-unknown-linux-gnu": "@deno/linux-x64-glibc",
  "aarch64-unknown-linux-gnu": "@deno/linux-arm64-glibc",
};

/** Whether this Deno is what stands in for a platform's base. */
function isOwn({ triple }: Target): boolean {
  return triple === Deno.build.target;
}

function packageOf({ triple }: Target): string {
  return `${PACKAGES[triple]}@${Deno.version.deno}`;
}

/** What getting the base needs: names for `live`. Asks the registry that npm is set up for. */
export async function needsOf(target: Target): Promise<Record<string, boolean>> {
  if (isOwn(target)) return {};
  if (!hasProgram("npm")) return { npm: false };
  return { "npm's registry": await integrityOf(target) !== null };
}

/** The registry's digest of the package, as in package-lock.json, or null. */
async function integrityOf(target: Target): Promise<string | null> {
  const { success, output } = await npm(".", "view", packageOf(target), "dist.integrity");
  return success && output.startsWith("sha512-") ? output : null;
}

/** Gets the base of a platform into a folder. Returns its path, and a note that tells where it is from. */
export async function baseOf(target: Target, folder: string): Promise<string> {
  const base = `${folder}/base-${target.triple}`;
  if (isOwn(target)) Deno.copyFileSync(Deno.execPath(), base);
  else Deno.renameSync(await unpacked(target, folder), base);
  if (target.triple === "x86_64-apple-darwin") {
    Deno.writeFileSync(base, withoutSignature(Deno.readFileSync(base)));
  }
  return base;
}

async function unpacked(target: Target, folder: string): Promise<string> {
  const { success, output } = await npm(folder, "pack", packageOf(target));
  if (!success) throw new Error(`Cannot get ${packageOf(target)}: ${output}`);
  const tarball = `${folder}/${output.split("\n").at(-1)}`;
  requireIntegrity(Deno.readFileSync(tarball), await integrityOf(target));
  const tar = new Deno.Command("tar", { args: ["-xzf", tarball, "-C", folder, "package/deno"] });
  const { code, stderr } = await tar.output();
  if (code !== 0) throw new Error(`Cannot unpack ${tarball}: ${new TextDecoder().decode(stderr)}`);
  Deno.removeSync(tarball);
  return `${folder}/package/deno`;
}

/** Throws unless these are the bytes that the registry tells the digest of. */
export function requireIntegrity(tarball: Uint8Array, integrity: string | null): void {
  const found = `sha512-${hash("sha512", tarball, "base64")}`;
  if (found === integrity) return;
  throw new Error(`Cannot take the package: its digest is ${found}, the registry's ${integrity}`);
}

/** No second tries: without a network they take minutes. What npm has already it takes from there. */
async function npm(cwd: string, ...args: readonly string[]) {
  const how = ["--fetch-retries=0", "--prefer-offline", "--no-update-notifier", "--loglevel=error"];
  const { success, stdout, stderr } = await new Deno.Command("npm", {
    args: [...args, ...how],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { success, output: text.decode(success ? stdout : stderr).trim() };
}
