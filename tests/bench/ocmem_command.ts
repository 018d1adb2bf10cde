/** How ocmem is run: as its documentation says, from its bundle. */

import { flagsOf } from "../../release/targets.ts";
import { ROOT } from "../support.ts";

/** The bundle's entry. A revision from before it was several files has it as one. */
function bundleOf(root: string): string {
  const [folder, file] = [`${root}dist/bundle/ocmem.js`, `${root}dist/ocmem.js`];
  return isFile(folder) ? folder : file;
}

/** What starts ocmem. The bundle needs nothing of the project: it is run as it would be anywhere else. */
export function ocmemCommand(entry = bundleOf(ROOT), flags = flagsOf(null)): string[] {
  return [Deno.execPath(), "run", "--no-config", ...flags, entry];
}

/** What starts a copy of the bundle, which is made in `folder`. */
export function copiedCommand(folder: string): string[] {
  const entry = bundleOf(ROOT);
  Deno.mkdirSync(folder);
  const source = entry.slice(0, entry.lastIndexOf("/"));
  for (const { name } of Deno.readDirSync(source)) {
    if (name.endsWith(".js")) Deno.copyFileSync(`${source}/${name}`, `${folder}/${name}`);
  }
  return ocmemCommand(`${folder}/ocmem.js`);
}

/** What starts the ocmem of another revision, bundled in `tree` and run as its own deno.json says. */
export function earlierCommand(revision: string, tree: string): string[] {
  Deno.mkdirSync(tree);
  const script = 'git archive "$0" | tar x -C "$1" && cd "$1" && "$2" task --quiet bundle';
  const { success, stderr } = new Deno.Command("/bin/sh", {
    args: ["-c", script, revision, tree, Deno.execPath()],
    cwd: ROOT,
  }).outputSync();
  if (!success) throw new Error(`Cannot bundle ${revision}: ${new TextDecoder().decode(stderr)}`);
  const { tasks } = JSON.parse(Deno.readTextFileSync(`${tree}/deno.json`));
  const flags = tasks.ocmem.command.split(" ").slice(2, -1);
  return ocmemCommand(bundleOf(`${tree}/`), flags);
}

export function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
