/** The real command line, with the permissions that deno.json documents. */

import denoJson from "../../deno.json" with { type: "json" };
import { ROOT } from "../support.ts";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What these tests read of `--json`. */
export interface Document {
  readonly level: string | null;
  readonly exit_code: number;
  readonly scan: { readonly processes: number };
  readonly instances: readonly {
    readonly id: string;
    readonly role: string;
    readonly level: string | null;
    readonly cwd: string | null;
    readonly footprint_bytes: number | null;
    readonly processes: readonly Row[];
  }[];
}

export interface Row {
  readonly pid: number;
  readonly ppid: number;
  readonly name: string;
  readonly executable: string | null;
  readonly command_line: readonly string[] | null;
  readonly role: string;
  readonly matched_by: string;
  readonly depth: number;
  readonly level: string | null;
  readonly memory: {
    readonly footprint_bytes: number;
    readonly resident_bytes: number;
    readonly pss_bytes: number | null;
    readonly uss_bytes: number | null;
  } | null;
  readonly missing: string | null;
}

/** The command of the task "ocmem", program first. */
export function documented(): [string, ...string[]] {
  const [program, ...words] = denoJson.tasks.ocmem.command.split(" ");
  if (program !== "deno" || words.some((word) => /["'$]/.test(word))) {
    throw new Error("The task ocmem is no longer a plain deno command");
  }
  return [Deno.execPath(), ...words];
}

/** Runs the command line to its end. */
export async function ocmem(...args: readonly string[]): Promise<Outcome> {
  const [program, ...words] = documented();
  return await finished(program, [...words, ...args]);
}

/** Runs the command line and reads its JSON. Throws if it says anything on standard error. */
export async function ocmemJson(...args: readonly string[]): Promise<Document> {
  const { stdout, stderr } = await ocmem(...args, "--json");
  if (stderr !== "") throw new Error(`ocmem ${args.join(" ")} --json says: ${stderr}`);
  return JSON.parse(stdout);
}

/** Runs any program in the project's folder to its end. */
export async function finished(program: string, args: readonly string[]): Promise<Outcome> {
  const command = new Deno.Command(program, { args: [...args], cwd: ROOT, stdin: "null" });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Every process in a document. */
export function rows(document: Document): Row[] {
  return document.instances.flatMap((instance) => instance.processes);
}

/** The one process of this pid. Throws if there is none, or more than one. */
export function rowOf(document: Document, pid: number): Row {
  const [row, ...more] = rows(document).filter((row) => row.pid === pid);
  if (row && more.length === 0) return row;
  throw new Error(`${pid} is counted ${row ? more.length + 1 : 0} times`);
}
