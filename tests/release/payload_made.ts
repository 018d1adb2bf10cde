/** Executables made as a release makes them, but with a base that stands in, from copies of the project. */

import { ROOT } from "../support.ts";

/** All that a release is made of. `.git` is not there where the sources came as an archive. */
const SOURCES = ["main.ts", "src", "release", "deno.json", "deno.lock"];

/** A copy of the project, in a folder that is not there yet. */
export async function copyOfProject(folder: string, from: string = ROOT): Promise<string> {
  Deno.mkdirSync(folder, { recursive: true });
  const history = [...Deno.readDirSync(from)].some(({ name }) => name === ".git") ? [".git"] : [];
  const paths = [...SOURCES, ...history].map((name) => `${from}/${name}`);
  await succeed("cp", ["-R", ...paths, folder], {});
  return folder;
}

/** Runs `release/compile.ts` of a copy of the project. Returns the path of what it made. */
export async function madeIn(
  project: string,
  triple: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const output = `${project}/made`;
  const how = ["run", "-A", `${project}/release/compile.ts`];
  await succeed(Deno.execPath(), [...how, "--output-dir", output, "--target", triple], env);
  return `${output}/ocmem-${triple}`;
}

/** The commit of a copy, with "-dirty" if the program is not as it was there; null without a history. */
export async function commitIn(project: string): Promise<string | null> {
  const git = async (...args: string[]) => {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["-C", project, ...args],
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  };
  if (await git("rev-parse", "--show-prefix") !== "") return null;
  const changes = await git("status", "--porcelain", "--", ...SOURCES);
  return `${await git("rev-parse", "HEAD")}${changes === "" ? "" : "-dirty"}`;
}

/** What a program prints. Throws with its complaint if it fails. */
export async function succeed(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    env: { ...env, NO_COLOR: "1" },
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(`Cannot run ${program} ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}
