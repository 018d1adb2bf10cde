/** What processes around a session are for, from their command lines as systems show them. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { pure } from "../support.ts";
import { explained, instanceOf, purpose, type Sketch } from "./session.ts";
import { explain } from "../../src/children/explain.ts";

const BIN = "/h/.cache/opencode/packages";

/**
 * As OpenCode 1.18.33 starts them (its own text says how), seen through what `#!` and wrappers make of
 * them; and as people configure others.
 */
const SERVERS: readonly (readonly [argv: string, expected: string])[] = [
  ["deno lsp", "lsp deno TypeScript"],
  [
    `node ${BIN}/x/node_modules/.bin/typescript-language-server --stdio`,
    "lsp typescript-language-server TypeScript",
  ],
  [
    "node /p/node_modules/typescript-language-server/lib/cli.mjs --stdio",
    "lsp typescript-language-server TypeScript",
  ],
  [
    "/usr/bin/node --max-old-space-size=3072 /p/typescript/lib/tsserver.js",
    "lsp tsserver TypeScript",
  ],
  ["npx -y typescript-language-server@4.3.3 --stdio", "lsp typescript-language-server TypeScript"],
  ["npm exec @vtsls/language-server --stdio", "lsp vtsls TypeScript"],
  [`node ${BIN}/.bin/vue-language-server --stdio`, "lsp vue-language-server Vue"],
  [
    "node /h/.local/share/opencode/bin/vscode-eslint/server/out/eslintServer.js --stdio",
    "lsp eslint JavaScript",
  ],
  ["node_modules/.bin/oxlint --lsp", "lsp oxlint JavaScript"],
  ["/p/node_modules/.bin/biome lsp-proxy --stdio", "lsp biome JavaScript"],
  ["node /p/node_modules/@biomejs/biome/bin/biome lsp-proxy", "lsp biome JavaScript"],
  ["/go/bin/gopls", "lsp gopls Go"],
  ["/usr/bin/ruby /usr/local/bin/rubocop --lsp", "lsp rubocop Ruby"],
  ["ty server", "lsp ty Python"],
  ["uvx ty server", "lsp ty Python"],
  ["/usr/bin/uv tool uvx ty server", "lsp ty Python"],
  ["ruff server", "lsp ruff Python"],
  ["node /n/pyright/langserver.index.js --stdio", "other langserver.index"],
  ["node /n/node_modules/pyright/langserver.index.js --stdio", "lsp pyright Python"],
  ["/opt/venv/bin/python3.11 -m pylsp", "lsp pylsp Python"],
  ["/bin/sh /b/elixir-ls-master/release/language_server.sh", "lsp elixir-ls Elixir"],
  ["zls", "lsp zls Zig"],
  ["roslyn-language-server --stdio --autoLoadProjects", "lsp roslyn-language-server C#"],
  ["dotnet /x/Microsoft.CodeAnalysis.LanguageServer.dll --stdio", "lsp roslyn-language-server C#"],
  ["fsautocomplete", "lsp fsautocomplete F#"],
  ["/Xcode.app/usr/bin/sourcekit-lsp", "lsp sourcekit-lsp Swift"],
  ["rust-analyzer", "lsp rust-analyzer Rust"],
  ["/b/clangd_18/bin/clangd --background-index --clang-tidy", "lsp clangd C and C++"],
  ["node /b/.bin/svelteserver --stdio", "lsp svelteserver Svelte"],
  ["node /n/node_modules/@astrojs/language-server/bin/nodeServer.js --stdio", "lsp astro-ls Astro"],
  [
    "java -jar /b/jdtls/plugins/org.eclipse.equinox.launcher_1.6.jar -configuration /b/config_linux " +
    "-Declipse.application=org.eclipse.jdt.ls.core.id1",
    "lsp jdtls Java",
  ],
  ["/bin/sh /b/kotlin-ls/kotlin-lsp.sh --stdio", "lsp kotlin-lsp Kotlin"],
  ["/b/jre/bin/java -cp x com.jetbrains.ls.kotlinLsp.KotlinLspServerKt", "lsp kotlin-lsp Kotlin"],
  ["yaml-language-server --stdio", "lsp yaml-language-server YAML"],
  ["/b/lua-language-server-x64-linux/bin/lua-language-server", "lsp lua-language-server Lua"],
  ["node /b/.bin/intelephense --stdio", "lsp intelephense PHP"],
  ["prisma language-server", "lsp prisma Prisma"],
  ["dart language-server --lsp", "lsp dart Dart"],
  ["ocamllsp", "lsp ocamllsp OCaml"],
  ["node /b/.bin/bash-language-server start", "lsp bash-language-server Bash"],
  ["terraform-ls serve", "lsp terraform-ls Terraform"],
  ["texlab", "lsp texlab LaTeX"],
  ["docker-langserver --stdio", "lsp docker-langserver Dockerfile"],
  ["gleam lsp", "lsp gleam Gleam"],
  ["clojure-lsp listen", "lsp clojure-lsp Clojure"],
  ["nixd", "lsp nixd Nix"],
  ["tinymist", "lsp tinymist Typst"],
  ["haskell-language-server-wrapper --lsp", "lsp haskell-language-server Haskell"],
];

const OTHERS: readonly (readonly [argv: string, expected: string])[] = [
  // The same programs at other work are no language servers.
  ["deno task dev", "other deno"],
  ["deno run -A /p/main.ts", "other p"],
  ["biome check .", "other biome"],
  ["ruff check .", "other ruff"],
  ["dart run", "other dart"],
  ["pyright .", "other pyright"],
  ["python3 -c gopls", "other python3"],
  ["node -e typescript-language-server", "other node"],
  ["/usr/bin/gofmt -w /p/x.go", "formatter gofmt"],
  ["node /p/node_modules/.bin/prettier --write /p/x.ts", "formatter prettier"],
  ["node /p/node_modules/prettier/bin/prettier.cjs --write x", "formatter prettier"],
  ["ruff format /p/x.py", "formatter ruff"],
  ["uv format -- /p/x.py", "formatter uv"],
  ["zig fmt /p/x.zig", "formatter zig"],
  ["rubocop --autocorrect /p/x.rb", "formatter rubocop"],
  ["./vendor/bin/pint x.php", "formatter pint"],
  ["clang-format -i x.c", "formatter clang-format"],
  ["git -C /p status", "git git"],
  ["git-remote-https origin", "git git"],
  // Nobody configured them, and they say what they are. What they are called there is not known.
  ["node /n/node_modules/@modelcontextprotocol/server-github/dist/index.js", "mcp -"],
  ["npm exec @modelcontextprotocol/server-filesystem /w", "mcp -"],
  ["npx -y @playwright/mcp@latest", "mcp -"],
  ["node /h/github-mcp/dist/index.js", "mcp -"],
  ["/opt/venv/bin/python -m mcp_server_fetch", "mcp -"],
  ["docker run -i --rm -e GITHUB_TOKEN ghcr.io/github/github-mcp-server", "mcp -"],
  ["docker run -i --name mcp postgres:16", "other postgres"],
  ["/usr/bin/fastmcp run x", "mcp -"],
  // An argument is not what runs.
  ["node /p/server.js --mcp", "other p"],
  ["vim mcp.json", "other vim"],
  ["node /p/amcpx.js", "other amcpx"],
  ["sleep 100", "other sleep"],
  ["/bin/bash /p/build.sh", "other build"],
];

pure("language servers are told by their command lines, with their language", () => {
  for (const [argv, expected] of SERVERS) assert.equal(purpose(argv.split(" ")), expected, argv);
});

pure("formatters, git, MCP servers that nobody configured, and what is none of these", () => {
  for (const [argv, expected] of OTHERS) assert.equal(purpose(argv.split(" ")), expected, argv);
});

pure("OpenCode's executable as a runtime is what it runs", () => {
  const runtime = (argv: string) => purpose(argv.split(" "), { role: "helper" });
  const opencode = "/h/.opencode/bin/opencode";
  assert.equal(
    runtime(`${opencode} run /n/node_modules/pyright/langserver.index.js --stdio`),
    "lsp pyright Python",
  );
  assert.equal(
    runtime("opencode x typescript-language-server --stdio"),
    "lsp typescript-language-server TypeScript",
  );
  // With BUN_BE_BUN, without a word.
  assert.equal(
    runtime(`${opencode} /n/node_modules/prettier/bin/prettier.cjs x`),
    "formatter prettier",
  );
  assert.equal(runtime("opencode x something"), "runtime something");
  // A session below a session is not what it was asked to do.
  assert.equal(purpose(["opencode", "run", "prettier"], { role: "run" }), "other opencode");
});

/** As OpenCode 1.18.33 makes it of a command that the user types after `!`. */
const USERS_OWN = `
        shopt -s expand_aliases
        [[ -f ~/.bashrc ]] && source ~/.bashrc >/dev/null 2>&1 || true
        cd -- "$1"
        eval ${JSON.stringify('echo "a"\neval b')}
      `;
/** As 1.2 made it. */
const OLDER = `
            [[ -f ~/.zshenv ]] && source ~/.zshenv >/dev/null 2>&1 || true
            [[ -f "\${ZDOTDIR:-$HOME}/.zshrc" ]] && source "\${ZDOTDIR:-$HOME}/.zshrc" >/dev/null 2>&1 || true
            eval "make all"
          `;

pure(
  "the shell of a tool shows what it was told to run, without what OpenCode puts around it",
  () => {
    const cases: readonly (readonly [argv: readonly string[], expected: string])[] = [
      [["/bin/bash", "-c", "npm test && npm run lint"], "shell bash npm test && npm run lint"],
      [["/bin/zsh", "-lc", " make "], "shell zsh make"],
      [["bash", "-l", "-c", USERS_OWN, "opencode", "/p"], 'shell bash echo "a"\neval b'],
      [["zsh", "-c", "-l", OLDER], "shell zsh make all"],
      [["fish", "-c", "ls"], "shell fish ls"],
      [["pwsh", "-NoProfile", "-Command", "ls"], "shell pwsh ls"],
      // A terminal of the desktop app.
      [["-zsh"], "shell zsh"],
      [["bash", "-l"], "shell bash"],
      // Somebody's own script, however it begins.
      [
        ["bash", "-c", 'shopt -s expand_aliases\neval "$(x)"y'],
        'shell bash shopt -s expand_aliases\neval "$(x)"y',
      ],
      [
        ["bash", "-c", 'shopt -s expand_aliases\neval "\\q"'],
        'shell bash shopt -s expand_aliases\neval "\\q"',
      ],
    ];
    for (const [argv, expected] of cases) assert.equal(purpose(argv), expected);
  },
);

pure("what is below a child is for the same, and counts into its footprint", () => {
  const { children, groups } = explained([
    { argv: ["bash", "-c", "npm test"], memory: 2 },
    { argv: ["npm test"], depth: 2, memory: 30 },
    { argv: ["gopls"], depth: 3, memory: 400 },
    { argv: ["gopls"], memory: 5 },
    { argv: ["git", "status"], memory: null },
    { argv: null, role: "zombie", name: "git" },
    { argv: ["node", "/x/mcp.js"], gone: true },
  ]);
  assert.deepEqual(
    groups.map(({ child, count, footprintBytes }) => [child.kind, count, footprintBytes]),
    [["shell", 1, 432 * 2 ** 20], ["lsp", 1, 5 * 2 ** 20], ["git", 1, null]],
  );
  assert.deepEqual([...children].map(([pid, { kind }]) => [pid, kind]), [
    ...[[101, "shell"], [102, "shell"], [103, "shell"], [104, "lsp"], [105, "git"]],
  ]);
});

pure("copies are one group, also where ports and temporary files differ", () => {
  const copies = (make: (i: number) => string) =>
    explained(Array.from({ length: 66 }, (_, i) => ({ argv: make(i).split(" ") }))).groups
      .map(({ child, count }) => [child.kind, child.name, count]);
  assert.deepEqual(copies(() => "npx -y @x/mcp"), [["mcp", null, 66]]);
  assert.deepEqual(copies((i) => `node /x/my-mcp.js --port ${4000 + i}`), [["mcp", null, 66]]);
  assert.deepEqual(copies((i) => `node /x/${i % 2}/my-mcp.js`), [
    ...[["mcp", null, 33], ["mcp", null, 33]],
  ]);
  assert.deepEqual(copies(() => "gopls"), [["lsp", "gopls", 66]]);
  // Other commands are other work.
  assert.equal(
    explained([{ argv: ["sh", "-c", "a"] }, { argv: ["sh", "-c", "b"] }]).groups.length,
    2,
  );
});

pure("an orphan is explained itself; what is no session has no children", () => {
  const left = (role: "orphan" | "match" | "pid" | "zombie" | "launcher") => {
    const { instance, samples } = instanceOf([{ argv: ["gopls"] }], role);
    const main = { ...instance.main, commandLine: ["node", "/x/my-mcp.js"] };
    const members = [main, ...instance.members.slice(1)];
    return explain({ ...instance, main, members }, samples, []);
  };
  const { groups, children } = left("orphan");
  assert.deepEqual(groups.map(({ child, count }) => [child.kind, count]), [["mcp", 1]]);
  assert.equal(children.get(101)?.kind, "mcp");
  for (const role of ["match", "pid", "zombie", "launcher"] as const) {
    assert.deepEqual(left(role), { children: new Map(), groups: [] });
  }
});

pure("where the arguments can't be read, the executable or the name tells", () => {
  assert.equal(purpose(null, { executable: "/go/bin/gopls" }), "lsp gopls Go");
  assert.equal(purpose(null, { executable: "/go/bin/gopls (deleted)" }), "lsp gopls Go");
  assert.equal(purpose([], { name: "clangd" }), "lsp clangd C and C++");
  assert.equal(purpose(null, { name: "" }), "other -");
});

const WORDS = [
  ...[
    "",
    " ",
    "node",
    "npx",
    "-y",
    "npm exec",
    "npm",
    "exec",
    "uv",
    "tool",
    "uvx",
    "opencode",
    "run",
  ],
  ...[
    "bash",
    "-c",
    "-lc",
    "eval",
    "gopls",
    "@x/mcp@1",
    "/a/b.js",
    "env",
    "A=b",
    "--",
    "\n",
    "\ud800",
  ],
  ...["__proto__", "constructor", "docker", "-m", "python3", "{env:X}", "/", ".", "//", "@", "@/"],
];
const argvs = fc.option(
  fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string()), { maxLength: 9 }),
);
const sketches: fc.Arbitrary<Sketch[]> = fc.array(
  fc.record({
    argv: argvs,
    depth: fc.integer({ min: 0, max: 4 }),
    role: fc.constantFrom("child", "helper", "zombie", "run"),
    memory: fc.option(fc.nat(1000)),
    gone: fc.boolean(),
  }),
  { maxLength: 30 },
);
const servers = fc.array(
  fc.record({ name: fc.string(), command: fc.array(fc.constantFrom(...WORDS), { minLength: 1 }) }),
  { maxLength: 5 },
);

pure("whatever runs there: nothing throws, and every child is in one group", () => {
  fc.assert(fc.property(sketches, servers, (below, servers) => {
    const { children, groups } = explained(below, servers);
    // Those of the session: until something stands beside it.
    const end = below.findIndex(({ depth }) => depth === 0);
    const direct = below.slice(0, end < 0 ? below.length : end)
      .filter(({ depth, role, gone }) => depth === 1 && role !== "zombie" && !gone);
    assert.equal(groups.reduce((sum, { count }) => sum + count, 0), direct.length);
    for (const { child } of groups) assert.ok([...children.values()].includes(child));
  }));
});
