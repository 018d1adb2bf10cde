/** The commands that run against each other, each tried once before it is measured. */

import denoJson from "../../deno.json" with { type: "json" };
import { programPath, ROOT } from "../support.ts";

export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
}

/** A command that can't run here, and why. */
export interface Skipped {
  readonly name: string;
  readonly skipped: string;
}

/** The rows that goals and ratios speak of. */
export const EMPTY = "empty Deno program";
export const CHECK_JSON = "ocmem check --json";
export const BEFORE = "ocmem check --json, before";
export const COMPLETE = "ocmem complete (a TAB)";
export const COMPLETE_PID = "ocmem complete --pid (a TAB)";
export const WITH_OPTIONS = "ocmem check --json, with an options file";
/** With a time-out of its own, and so with a thread that waits for it. */
export const NAGIOS = "ocmem check --format nagios";
export const PS = "ps axo pid,ppid,rss,args";
export const PS_LIST = "ps-list";

const PS_LIST_PACKAGE = "ps-list@9";
const PS_LIST_PROGRAM = (from: string) => `
import psList from "${from}";
const processes = await psList();
if (processes.length < 2) throw new Error("ps-list sees no processes");
`;

/** Everything to compare, made ready in `folder`. */
export function contenders(folder: string, before: string | null): (Contender | Skipped)[] {
  const empty = `${folder}/empty.js`;
  Deno.writeTextFileSync(empty, "");
  Deno.mkdirSync(`${folder}/ocmem`);
  Deno.writeTextFileSync(`${folder}/ocmem/config.jsonc`, '// limits\n{ "warning": "1GiB" }\n');
  const ocmem = ocmemCommand();
  // Programs that share a file share V8's stored code of it, which depends on what they ran.
  const copy = (name: string) => {
    Deno.copyFileSync(`${ROOT}dist/ocmem.js`, `${folder}/${name}.js`);
    return ocmemCommand(`${folder}/${name}.js`);
  };
  const complete = [...copy("complete"), "complete", "--"];
  return [
    tried({ name: EMPTY, command: [Deno.execPath(), "run", "--no-config", empty] }),
    tried({ name: CHECK_JSON, command: [...ocmem, "check", "--json"] }),
    ...before === null ? [] : [tried({ name: BEFORE, command: commandBefore(before, folder) })],
    tried({ name: "ocmem check", command: [...ocmem, "check"] }),
    tried({
      name: WITH_OPTIONS,
      command: ["env", `XDG_CONFIG_HOME=${folder}`, ...copy("options"), "check", "--json"],
    }),
    tried({ name: NAGIOS, command: [...copy("nagios"), "check", "--format", "nagios"] }),
    tried({ name: COMPLETE, command: [...complete, "check", "--for"] }),
    tried({ name: COMPLETE_PID, command: [...complete, "check", "--pid", ""] }),
    tried({ name: PS, command: PS.split(" ") }),
    psList(folder),
  ];
}

/** What starts ocmem. The bundle needs nothing of the project: it is run as it would be anywhere else. */
export function ocmemCommand(bundle = `${ROOT}dist/ocmem.js`): string[] {
  return [Deno.execPath(), "run", "--no-config", ...documentedFlags(denoJson), bundle];
}

/** `check --json` of another revision, bundled and run as its own deno.json says. */
function commandBefore(revision: string, folder: string): string[] {
  const [tree, bundle] = [`${folder}/before`, `${folder}/before.js`];
  Deno.mkdirSync(tree);
  const script = 'git archive "$0" | tar x -C "$1" && cd "$1" && ' +
    '"$2" bundle --quiet --minify --output "$3" main.ts';
  const { success, stderr } = new Deno.Command("/bin/sh", {
    args: ["-c", script, revision, tree, Deno.execPath(), bundle],
    cwd: ROOT,
  }).outputSync();
  if (!success) throw new Error(`Cannot bundle ${revision}: ${new TextDecoder().decode(stderr)}`);
  const flags = documentedFlags(JSON.parse(Deno.readTextFileSync(`${tree}/deno.json`)));
  return [Deno.execPath(), "run", "--no-config", ...flags, bundle, "check", "--json"];
}

/** The flags of the `ocmem` task: what is measured is what users are told to run. */
export function documentedFlags({ tasks }: Pick<typeof denoJson, "tasks"> = denoJson): string[] {
  const words = tasks.ocmem.command.split(" ");
  const flags = words.slice(2, -1);
  if (words[1] === "run" && flags.every((word) => word.startsWith("-"))) return flags;
  throw new Error("Cannot read the flags of deno.json's ocmem task: expected deno run FLAGS FILE");
}

/** True if a run did its work. Exit codes 1 to 3 of ocmem are verdicts on what runs here. */
export function isDone(name: string, { exitCode }: { readonly exitCode: number }): boolean {
  return exitCode === 0 || (name.startsWith("ocmem check") && exitCode >= 1 && exitCode <= 3);
}

/** The contender, or why it does not run here. */
function tried(contender: Contender): Contender | Skipped {
  const { name, command } = contender;
  const skipped = (why: string) => ({ name, skipped: why });
  const [program, ...args] = command;
  if (!program!.includes("/") && programPath(program!) === null) return skipped(`no ${program}`);
  const { code, stdout, stderr } = new Deno.Command(program!, { args }).outputSync();
  // ocmem's own failures exit with 3 as well, but then it says so on standard error alone.
  const silent = name.startsWith("ocmem check") && stdout.length === 0;
  if (isDone(name, { exitCode: code }) && !silent) return contender;
  return skipped(`exit code ${code}: ${new TextDecoder().decode(stderr).trim().split("\n")[0]}`);
}

/** ps-list from npm, run by node; by Deno where there is no node. */
function psList(folder: string): Contender | Skipped {
  const skipped = (why: string) => ({ name: PS_LIST, skipped: why });
  const program = `${folder}/ps_list.mjs`;
  if (programPath("node") === null || programPath("npm") === null) {
    Deno.writeTextFileSync(program, PS_LIST_PROGRAM(`npm:${PS_LIST_PACKAGE}`));
    const command = [Deno.execPath(), "run", "-A", "--no-config", "--no-lock", program];
    return tried({ name: PS_LIST, command });
  }
  Deno.writeTextFileSync(program, PS_LIST_PROGRAM("ps-list"));
  const patience = ["--fetch-retries=1", "--fetch-timeout=20000"];
  const { success } = new Deno.Command("npm", {
    args: ["install", "--prefix", folder, "--no-audit", "--no-fund", ...patience, PS_LIST_PACKAGE],
    cwd: folder,
    stdout: "null",
    stderr: "null",
  }).outputSync();
  if (!success) return skipped(`npm can't install ${PS_LIST_PACKAGE}`);
  return tried({ name: PS_LIST, command: ["node", program] });
}
