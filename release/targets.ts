/** The platforms that executables are made for, and what each of them may do. */

import denoJson from "../deno.json" with { type: "json" };
import { LIBSYSTEM_PATH } from "../src/ffi/darwin_abi.ts";
import { LIBC_PATHS } from "../src/ffi/linux_abi.ts";

/** A platform, by the name that Deno and LLVM give it. */
export interface Target {
  readonly triple: string;
  readonly os: "darwin" | "linux";
  readonly arch: "aarch64" | "x86_64";
  /** Where its C library may be. Deno's own executables for Linux need glibc, so musl's is not here. */
  readonly libraries: readonly string[];
}

export const TARGETS: readonly Target[] = [
  darwin("aarch64"),
  darwin("x86_64"),
  linux("x86_64"),
  linux("aarch64"),
];

/** Names of all platforms, as a sentence lists them. */
export const TRIPLES = TARGETS.map(({ triple }) => triple).join(", ");

function darwin(arch: Target["arch"]): Target {
  return { triple: `${arch}-apple-darwin`, os: "darwin", arch, libraries: [LIBSYSTEM_PATH] };
}

function linux(arch: Target["arch"]): Target {
  const libraries = LIBC_PATHS[arch]!.filter((path) => !path.includes("/ld-musl-"));
  return { triple: `${arch}-unknown-linux-gnu`, os: "linux", arch, libraries };
}

/** Name of a target's executable, in `dist` and among the files of a release. */
export function fileOf({ triple }: Target): string {
  return `ocmem-${triple}`;
}

/**
 * The flags of deno.json's `ocmem` task, which are the documented ones: V8's, no prompts, grants. For a
 * target, of the C libraries those that it can have.
 */
export function flagsOf(target: Target | null): string[] {
  const words = denoJson.tasks.ocmem.command.split(" ");
  const flags = words.slice(2, -1);
  if (words[1] !== "run" || !flags.every((word) => word.startsWith("-"))) {
    throw new Error(
      "Cannot read the flags of deno.json's ocmem task: expected deno run FLAGS FILE",
    );
  }
  if (target === null) return flags;
  return flags.map((flag) =>
    flag.startsWith("--allow-ffi=") ? `--allow-ffi=${target.libraries.join(",")}` : flag
  );
}
