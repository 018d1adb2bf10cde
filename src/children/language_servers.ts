/**
 * Language servers, by what they are called. Those that OpenCode 1.18 starts by itself, and others
 * that people configure.
 */

import type { Started } from "./started.ts";

export interface LanguageServer {
  readonly name: string;
  readonly language: string;
}

/** Name, language, and where it is also something else, an argument that makes it a language server. */
type Row = readonly [name: string, language: string, argument?: string, called?: string];

const ROWS: readonly Row[] = [
  ["typescript-language-server", "TypeScript"],
  ["tsserver", "TypeScript"],
  ["vtsls", "TypeScript"],
  ["@vtsls/language-server", "TypeScript", undefined, "vtsls"],
  ["tsgo", "TypeScript", "--lsp"],
  ["deno", "TypeScript", "lsp"],
  ["eslintServer", "JavaScript", undefined, "eslint"],
  ["vscode-eslint-language-server", "JavaScript", undefined, "eslint"],
  ["oxlint", "JavaScript", "--lsp"],
  ["oxc_language_server", "JavaScript", undefined, "oxlint"],
  ["biome", "JavaScript", "lsp-proxy"],
  ["biome", "JavaScript", "lsp"],
  ["vue-language-server", "Vue"],
  ["@vue/language-server", "Vue", undefined, "vue-language-server"],
  ["svelteserver", "Svelte"],
  ["svelte-language-server", "Svelte", undefined, "svelteserver"],
  ["astro-ls", "Astro"],
  ["@astrojs/language-server", "Astro", undefined, "astro-ls"],
  ["tailwindcss-language-server", "CSS"],
  ["vscode-css-language-server", "CSS"],
  ["vscode-html-language-server", "HTML"],
  ["vscode-json-language-server", "JSON"],
  ["graphql-lsp", "GraphQL"],
  ["pyright-langserver", "Python", undefined, "pyright"],
  ["pyright", "Python", "--stdio"],
  ["basedpyright-langserver", "Python", undefined, "basedpyright"],
  ["basedpyright", "Python", "--stdio"],
  ["pylsp", "Python"],
  ["jedi-language-server", "Python"],
  ["ruff", "Python", "server"],
  ["ty", "Python", "server"],
  ["gopls", "Go"],
  ["rust-analyzer", "Rust"],
  ["clangd", "C and C++"],
  ["ccls", "C and C++"],
  ["zls", "Zig"],
  ["sourcekit-lsp", "Swift"],
  ["jdtls", "Java"],
  ["kotlin-lsp", "Kotlin"],
  ["kotlin-language-server", "Kotlin"],
  ["metals", "Scala"],
  ["roslyn-language-server", "C#"],
  ["Microsoft.CodeAnalysis.LanguageServer", "C#", undefined, "roslyn-language-server"],
  ["csharp-ls", "C#"],
  ["OmniSharp", "C#"],
  ["fsautocomplete", "F#"],
  ["rubocop", "Ruby", "--lsp"],
  ["ruby-lsp", "Ruby"],
  ["solargraph", "Ruby", "stdio"],
  ["elixir-ls", "Elixir"],
  ["expert", "Elixir", "--stdio"],
  ["gleam", "Gleam", "lsp"],
  ["lua-language-server", "Lua"],
  ["intelephense", "PHP"],
  ["phpactor", "PHP", "language-server"],
  ["prisma", "Prisma", "language-server"],
  ["dart", "Dart", "language-server"],
  ["ocamllsp", "OCaml"],
  ["bash-language-server", "Bash"],
  ["yaml-language-server", "YAML"],
  ["terraform-ls", "Terraform"],
  ["texlab", "LaTeX"],
  ["docker-langserver", "Dockerfile"],
  ["dockerfile-language-server-nodejs", "Dockerfile", undefined, "docker-langserver"],
  ["clojure-lsp", "Clojure"],
  ["nixd", "Nix"],
  ["nil", "Nix"],
  ["tinymist", "Typst"],
  ["haskell-language-server-wrapper", "Haskell", undefined, "haskell-language-server"],
  ["haskell-language-server", "Haskell"],
  ["marksman", "Markdown", "server"],
];

/** Those that run as a script or a class of a virtual machine, by an argument of it. */
const ARGUMENTS: readonly (readonly [argument: RegExp, name: string, language: string])[] = [
  [/^-Declipse\.application=org\.eclipse\.jdt\.ls\./, "jdtls", "Java"],
  [/^com\.jetbrains\.ls\.kotlinLsp\./, "kotlin-lsp", "Kotlin"],
  [/\/elixir-ls[^/]*\//, "elixir-ls", "Elixir"],
  [/^using LanguageServer\b/, "LanguageServer.jl", "Julia"],
];
/** Further arguments are not looked at, nor longer ones. */
const MOST_ARGUMENTS = 64;
const LONGEST_ARGUMENT = 4096;

const BY_NAME: ReadonlyMap<string, readonly Row[]> = Map.groupBy(ROWS, ([name]) => name);

/** The language server that was started, or null if it is none that is known. */
export function languageServerOf(
  { names, args }: Started,
  argv: readonly string[],
): LanguageServer | null {
  for (const name of names) {
    const row = BY_NAME.get(name)?.find(([, , needed]) =>
      needed === undefined || args.includes(needed)
    );
    if (row) return { name: row[3] ?? row[0], language: row[1] };
  }
  for (const argument of argv.slice(0, MOST_ARGUMENTS)) {
    if (argument.length > LONGEST_ARGUMENT) continue;
    const row = ARGUMENTS.find(([pattern]) => pattern.test(argument));
    if (row) return { name: row[1], language: row[2] };
  }
  return null;
}
