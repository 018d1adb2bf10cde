/** The options in effect, and where each comes from, as text and as JSON. */

import { HIDDEN, redact, visible } from "./harmless.ts";
import { SCHEMA_VERSION } from "./json.ts";
import type { Style } from "./report.ts";
import { renderTable } from "./table.ts";
import { shortDirectory } from "./words.ts";

/** Where a value comes from. `line` counts from 1. */
export type Origin =
  | { readonly kind: "default" }
  | { readonly kind: "file"; readonly line: number }
  | { readonly kind: "environment"; readonly variable: string };

/** An option of some commands. */
export interface OptionInEffect {
  /** The flag without its dashes, or the key of the file. */
  readonly option: string;
  readonly commands: readonly string[];
  /** As it is written on a command line, or null: not set. */
  readonly value: string | null;
  readonly origin: Origin;
}

export interface OptionsReport {
  readonly toolVersion: string;
  /** The options file: null if there is no home to look in. */
  readonly path: string | null;
  readonly isThere: boolean;
  readonly options: readonly OptionInEffect[];
}

/** Options whose values are secrets as such. */
const SECRETS: readonly string[] = ["token"];

/** Makes the values harmless; those of commands for the shell may hold secrets. */
export function harmlessOptions(report: OptionsReport, showSecrets: boolean): OptionsReport {
  const options = report.options.map((one) => {
    if (one.value === null) return one;
    const hidden = SECRETS.includes(one.option) ? HIDDEN : redact([one.value])[0]!;
    return { ...one, value: visible(showSecrets ? one.value : hidden) };
  });
  return { ...report, path: report.path === null ? null : visible(report.path), options };
}

/** A table, the file's path above it. */
export function optionsAsText({ path, isThere, options }: OptionsReport, style: Style): string {
  const place = path === null ? "none, for want of a home" : shortDirectory(path, style.home);
  const columns = [
    { title: "OPTION", cells: options.map((one) => one.option) },
    { title: "VALUE", cells: options.map((one) => one.value ?? "-"), flexible: true },
    { title: "FROM", cells: options.map((one) => sayOrigin(one.origin)) },
    { title: "OF", cells: options.map((one) => one.commands.join(", ")), flexible: true },
  ].map((column) => ({ ...column, align: "left" } as const));
  const file = `Options file: ${place}${path === null || isThere ? "" : " (not there)"}`;
  return [file, "", ...renderTable(columns, style.width)].join("\n") + "\n";
}

function sayOrigin(origin: Origin): string {
  if (origin.kind === "file") return `file, line ${origin.line}`;
  return origin.kind === "environment" ? origin.variable : "default";
}

/** One JSON document and a line break. */
export function optionsAsJson({ toolVersion, path, isThere, options }: OptionsReport): string {
  const document = {
    schema_version: SCHEMA_VERSION,
    type: "settings",
    tool: { name: "ocmem", version: toolVersion },
    file: { path, exists: isThere },
    options: options.map(({ option, commands, value, origin }) => ({
      option,
      commands,
      value,
      from: origin.kind,
      variable: origin.kind === "environment" ? origin.variable : null,
      line: origin.kind === "file" ? origin.line : null,
    })),
  };
  return JSON.stringify(document, null, 2) + "\n";
}
