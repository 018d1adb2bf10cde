/** Packages of npm that list processes: programs that call them, run by node; by Deno without it. */

import { programPath } from "../support.ts";
import { type Contender, type Skipped, tried } from "./contender.ts";

export const PS_LIST = "ps-list";

/** A package, and what has all processes listed with it. */
interface Package {
  readonly name: string;
  readonly version: number;
  /** The name that the program imports, and how it comes to `list`. */
  readonly imported: string;
  readonly body: string;
}

const PACKAGES: readonly Package[] = [
  { name: PS_LIST, version: 9, imported: "psList", body: "const list = await psList();" },
  {
    name: "pidusage",
    version: 4,
    imported: "pidusage",
    // It measures the processes that it is told of; it does not find them.
    body: `import { readdirSync } from "node:fs";
const pids = readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name));
const list = Object.keys(await pidusage(pids));`,
  },
  {
    name: "systeminformation",
    version: 5,
    imported: "si",
    body: "const { list } = await si.processes();",
  },
  // All of them: it filters what `ps` has listed.
  {
    name: "find-process",
    version: 2,
    imported: "find",
    body: 'const list = await find("name", /^/);',
  },
];

/** A contender for each package, installed into `folder`. */
export function npmPackages(folder: string): (Contender | Skipped)[] {
  const hasNode = programPath("node") !== null && programPath("npm") !== null;
  return PACKAGES.map((one) => {
    const wanted = `${one.name}@${one.version}`;
    const name = one.name;
    if (hasNode && !install(folder, wanted)) {
      return { name, skipped: `npm can't install ${wanted}` };
    }
    const program = `${folder}/${name}.mjs`;
    Deno.writeTextFileSync(program, programOf(one, hasNode ? name : `npm:${wanted}`));
    const how = hasNode ? ["node"] : [Deno.execPath(), "run", "-A", "--no-config", "--no-lock"];
    return tried({ name, command: [...how, program] });
  });
}

function programOf({ name, imported, body }: Package, from: string): string {
  return `import ${imported} from "${from}";
${body}
if (list.length < 2) throw new Error("${name} sees no processes");
`;
}

function install(folder: string, wanted: string): boolean {
  const patience = ["--fetch-retries=1", "--fetch-timeout=20000"];
  return new Deno.Command("npm", {
    args: ["install", "--prefix", folder, "--no-audit", "--no-fund", ...patience, wanted],
    cwd: folder,
    stdout: "null",
    stderr: "null",
  }).outputSync().success;
}
