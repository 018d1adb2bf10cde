/** What a process around a session is for, in words. */

import type { Purpose } from "../detail.ts";
import { cut } from "./table.ts";

const MOST_NAME = 40;

/** `MCP server "github"`, `language server gopls`: without an article. */
export function sayPurpose({ kind, name, command }: Purpose): string {
  const quoted = name === null ? "" : ` "${cut(name, MOST_NAME)}"`;
  switch (kind) {
    case "mcp":
      return `MCP server${quoted}`;
    case "lsp":
      return `language server${quoted}`;
    case "formatter":
      return `formatter${quoted}`;
    case "shell":
      return command === null ? "shell of a tool" : `shell of a tool (${cut(command, MOST_NAME)})`;
    case "git":
      return "git";
    case "runtime":
      return `JavaScript runtime${quoted}`;
    case "other":
      return `helper${quoted}`;
  }
}
