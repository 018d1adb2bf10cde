/** What a process around a session is for, in words. */

import type { Purpose } from "../detail.ts";
import { cut } from "./table.ts";

const MOST_NAME = 40;

/** `MCP server "github"`, `LSP Go (gopls)`, `shell`: without an article, and without its command. */
export function sayPurpose({ kind, name, language }: Purpose): string {
  const short = name === null ? null : cut(name, MOST_NAME);
  switch (kind) {
    case "mcp":
      return short === null ? "MCP server" : `MCP server "${short}"`;
    case "lsp":
      return ["LSP", language, short && `(${short})`].filter((word) => word).join(" ");
    case "formatter":
      return short === null ? "formatter" : `formatter ${short}`;
    case "shell":
    case "git":
      return kind;
    case "runtime":
      return short === null ? "JavaScript runtime" : `runtime of ${short}`;
    case "other":
      return short ?? "unknown";
  }
}
