/** What an error looks like, and where it is said. */

import { isExpected, UsageError } from "../errors.ts";
import { visible } from "../report/harmless.ts";
import { nagiosError } from "../report/nagios_error.ts";

/** A text, and the stream that it is for. */
export interface Said {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/**
 * An error for who typed `args`: a line of a monitoring plugin, whose reader takes standard output only;
 * JSON; or a sentence, with where help is.
 */
export function sayFailure(
  args: readonly string[],
  command: string | null,
  error: unknown,
  code: number,
): Said {
  const message = messageOf(error);
  const format = formatIn(args);
  if (format === "nagios" && (command ?? "check") === "check") {
    return { stream: "stdout", text: nagiosError(message) };
  }
  if (format === "json" || format === "ndjson") {
    const text = JSON.stringify({ type: "error", message, exit_code: code }) + "\n";
    return { stream: "stderr", text };
  }
  const hint = error instanceof UsageError
    ? `Help: ocmem ${command ? `${command} ` : ""}--help\n`
    : "";
  return { stream: "stderr", text: `ocmem: ${message}\n${hint}` };
}

/** The format that a command line asks for, even one that is not understood otherwise. */
function formatIn(words: readonly string[]): string | null {
  // Behind -- stands what another command is to be.
  const args = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  if (args.includes("--json")) return "json";
  const at = args.findIndex((argument) =>
    argument === "--format" || argument.startsWith("--format=")
  );
  if (at < 0) return null;
  return args[at] === "--format" ? args[at + 1] ?? null : args[at]!.slice("--format=".length);
}

/** The message of an expected error; a bug shows where it is. */
function messageOf(error: unknown): string {
  if (isExpected(error)) return visible(error.message);
  const detail = error instanceof Error ? error.stack ?? error.message : String(error);
  const lines = detail.split("\n").map(visible).join("\n");
  return `This is a bug in ocmem, please report it: ${lines}`;
}
