/** What every test file uses: registration with the sanitizers on, visible skips, a temporary folder. */

/** A body with its own report of what it can't show: `t.skip(reason)` marks a step as ignored. */
export type Body = (t: Deno.TestContext) => void | Promise<void>;

const SANITIZERS = { sanitizeOps: true, sanitizeResources: true, sanitizeExit: true } as const;

/** A test of a pure room: it gets no permission at all. */
export function pure(name: string, fn: Body): void {
  Deno.test({ name, fn, permissions: "none", ...SANITIZERS });
}

/**
 * A test that touches the machine. `needs` maps what it needs to whether that is here: if anything is
 * missing the test is reported as ignored, under a name that says why; with OCMEM_TEST_ALL=1, as CI
 * runs it, it fails instead.
 */
export function live(name: string, needs: Readonly<Record<string, boolean>>, fn: Body): void {
  const missing = Object.keys(needs).filter((need) => !needs[need]);
  if (missing.length === 0) return Deno.test({ name, fn, ...SANITIZERS });
  const why = `${name} [skipped: needs ${missing.join(", ")}]`;
  const mustRun = Deno.env.get("OCMEM_TEST_ALL") === "1" && !missing.some(isPlatform);
  if (!mustRun) return Deno.test({ name: why, ignore: true, fn });
  Deno.test(name, () => {
    throw new Error(`OCMEM_TEST_ALL=1, and ${missing.join(", ")} is missing here`);
  });
}

/** Needs that no installation can meet. */
function isPlatform(need: string): boolean {
  return ["macOS", "Linux", "root", "a mount of its own", "IPv6"].includes(need) ||
    Object.values<string>(PROGRAM_NEEDS).includes(need);
}

/** Needs that depend on which program the command-line tests run. */
export const PROGRAM_NEEDS = {
  changeable: "grants that can be changed",
  source: "the sources as the program",
} as const;

/** True if a program of this name is on the PATH. */
export function hasProgram(name: string): boolean {
  return programPath(name) !== null;
}

/** Where a program is on the PATH, or null. */
export function programPath(name: string): string | null {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      if (folder && Deno.statSync(`${folder}/${name}`).isFile) return `${folder}/${name}`;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** A temporary folder that is removed with everything in it when it goes out of scope. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "ocmem-test-" }));
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** The project's folder, with its last slash. */
export const ROOT = `${import.meta.dirname!.slice(0, -"/tests".length)}/`;
