/** Formatters, by what they are called: those of OpenCode 1.18, and a few others. */

import type { Started } from "./started.ts";

/** Programs that do nothing else. */
const ALWAYS: ReadonlySet<string> = new Set([
  ...["gofmt", "goimports", "prettier", "oxfmt", "clang-format", "ktlint", "htmlbeautifier"],
  ...["ocamlformat", "latexindent", "shfmt", "nixfmt", "rustfmt", "pint", "ormolu", "dfmt"],
  ...["standardrb", "black", "isort", "stylua", "dprint", "swift-format", "cljfmt"],
]);
/** Programs that do other things too, and the argument that makes them format. */
const TOLD: ReadonlyMap<string, readonly string[]> = new Map([
  ["mix", ["format"]],
  ["biome", ["format"]],
  ["zig", ["fmt"]],
  ["ruff", ["format"]],
  ["air", ["format"]],
  ["uv", ["format"]],
  ["dart", ["format"]],
  ["gleam", ["format"]],
  ["terraform", ["fmt"]],
  ["deno", ["fmt"]],
  ["cargo", ["fmt"]],
  ["rubocop", ["--autocorrect", "-a", "-A"]],
]);

/** The formatter that was started, or null if it is none that is known. */
export function formatterOf({ names, args }: Started): string | null {
  return names.find((name) => ALWAYS.has(name) || TOLD.get(name)?.includes(args[0] ?? "")) ?? null;
}
