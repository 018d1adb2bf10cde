/** Who may import whom, held against the graph that `deno info` prints. CONTRIBUTING.md has it in words. */

import assert from "node:assert/strict";
import { live, ROOT } from "./support.ts";

/** Each room, and the rooms that it may import besides itself. Everybody may import types. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  types: [],
  errors: [],
  limits: [],
  opencode: [],
  classify: [],
  ffi: ["errors"],
  discover: ["errors", "opencode"],
  orphan: ["discover"],
  sample: ["errors", "opencode", "discover"],
  stats: [],
  follow: ["classify", "stats", "sample"],
  ending: ["sample", "follow"],
  selftest: ["errors", "classify", "stats", "discover", "sample"],
  report: ["limits", "classify", "stats", "sample", "follow", "ending", "selftest"],
  service: ["errors", "limits"],
  history: ["errors", "classify", "stats", "sample", "follow", "report"],
  sessions: [],
  children: [],
  page: [],
  serve: ["errors", "limits", "report"],
  telemetry: ["report"],
  schema: [],
  commands: [
    "errors",
    "limits",
    "classify",
    "discover",
    "orphan",
    "sample",
    "stats",
    "follow",
    "ending",
    "selftest",
    "report",
    "service",
    "history",
    "sessions",
    "children",
    "page",
    "serve",
    "telemetry",
    "schema",
  ],
  cli: ["errors", "limits", "discover", "sample", "report", "commands"],
  world: ["errors"],
  main: ["cli", "world", "ffi/open"],
};

/** Files whose name is not their room's. */
const ROOM_OF: Readonly<Record<string, string>> = {
  "main.ts": "main",
  "src/opencode_names.ts": "opencode",
  "src/durations.ts": "limits",
  "src/shell_word.ts": "limits",
  "src/moments.ts": "limits",
  "src/address.ts": "limits",
  "src/look.ts": "sample",
  "src/standing.ts": "orphan",
  "src/process_tree.ts": "discover",
  "src/remember.ts": "discover",
  "src/schedule.ts": "sample",
  "src/world.ts": "types",
  "src/ender.ts": "types",
  "src/detail.ts": "types",
  "src/select.ts": "discover",
};

/** Packages, and the rooms that may use them. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "@humanwhocodes/momoa": ["cli", "children"],
  "@stricli/core": ["cli"],
  "leven": ["cli"],
  "@opentelemetry/api": ["telemetry"],
  "csv-stringify/sync": ["report"],
  "fast-string-truncated-width": ["report"],
  "pretty-bytes": ["report"],
  "node:http": ["world"],
  "node:sqlite": ["world"],
  "pretty-ms": ["report"],
  "re2js": ["commands"],
  "uplot/LICENSE": ["page"],
  "uplot/dist/uPlot.iife.min.js": ["page"],
  "uplot/dist/uPlot.min.css": ["page"],
};

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly Dependency[];
}

interface Dependency {
  readonly specifier: string;
  /** Where it leads: for values, or for types only. */
  readonly code?: { readonly specifier: string };
  readonly type?: { readonly specifier: string };
}

function roomOf(file: string): string {
  const room = ROOM_OF[file] ?? /^src\/(\w+)(?:\/|\.ts$)/.exec(file)?.[1];
  assert.ok(room !== undefined && room in ROOMS, `${file} is in no room`);
  return room;
}

/** Deno's own settings, from which main takes the version. */
function isOfDeno(file: string): boolean {
  return file.endsWith("deno.json");
}

/** What each source file imports: the schemas, which are data, are files like others. */
async function graph(): Promise<Map<string, string[]>> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "main.ts"],
    cwd: ROOT,
    stderr: "null",
  }).output();
  const modules: Module[] = JSON.parse(new TextDecoder().decode(stdout)).modules;
  const root = new URL("..", import.meta.url).href;
  return new Map(
    modules.filter((m) => m.specifier.startsWith(root) && !isOfDeno(m.specifier)).map((m) => [
      m.specifier.slice(root.length),
      (m.dependencies ?? []).map(({ specifier, code, type }) => {
        const target = (code ?? type)?.specifier ?? specifier;
        return target.startsWith(root) ? target.slice(root.length) : specifier;
      }),
    ]),
  );
}

live("every import goes the one way that the rooms allow", {}, async () => {
  const files = await graph();
  assert.ok(files.size > 20, "the graph is there");
  const wrong: string[] = [];
  for (const [file, imports] of files) {
    const room = roomOf(file);
    for (const imported of imports) {
      if (!mayImport(room, imported)) wrong.push(`${file} (${room}) imports ${imported}`);
    }
  }
  assert.deepEqual(wrong, []);
});

function mayImport(room: string, imported: string): boolean {
  if (isOfDeno(imported)) return room === "main";
  if (!/^(?:main|src\/.*)\.(?:ts|json|js|css)$/.test(imported)) {
    return PACKAGES[imported]?.includes(room) ?? false;
  }
  const target = roomOf(imported);
  const allowed = ROOMS[room]!;
  if (target === room || target === "types" || allowed.includes(target)) return true;
  return target === "ffi" && allowed.includes("ffi/open") && imported === "src/ffi/open.ts";
}

live("every source file is reached from main.ts", {}, async () => {
  const files = await graph();
  const there = [...sourceFiles("src")];
  assert.deepEqual(there.filter((file) => !files.has(file)), []);
});

live("Deno, bigint and the platform stay in their rooms", {}, () => {
  for (const file of sourceFiles("src")) {
    const code = withoutComments(Deno.readTextFileSync(ROOT + file));
    const room = roomOf(file);
    if (room !== "ffi") {
      if (room !== "world") assert.doesNotMatch(code, /\bDeno\./, `${file} says Deno`);
      assert.doesNotMatch(code, /\bBigInt\b|\b\d+n\b/, `${file} says bigint`);
    }
    if (file !== "src/ffi/open.ts") {
      assert.doesNotMatch(code, /Deno\.build/, `${file} asks for the platform`);
    }
    // The thread of a deadline opens the library by itself.
    if (file !== "src/ffi/library.ts" && file !== "src/ffi/deadline.ts") {
      assert.doesNotMatch(code, /Deno\.dlopen/, `${file} opens a library`);
    }
  }
});

live("modules of node: are loaded when they are used, or for their types alone", {}, () => {
  for (const file of sourceFiles("src")) {
    const code = Deno.readTextFileSync(ROOT + file);
    assert.doesNotMatch(code, /^(?:import|export)(?! type)[^;]*?from "node:/m, file);
  }
});

live(
  "what is given back at the end of a block is not named in the next statement alone",
  {},
  () => {
    // There the bundle's minifier puts its value into the place of its name, as if it were a const, and it
    // is never given back. try and finally do what using would.
    for (const file of sourceFiles("src")) {
      const code = withoutComments(Deno.readTextFileSync(ROOT + file));
      for (const { 1: name, index } of code.matchAll(/\busing (\w+) =/g)) {
        const rest = restOfBlock(code, index + `using ${name}`.length);
        const named = new RegExp(`\\b${name}\\b`, "g");
        const isNext = named.test(rest.split(";")[1] ?? "");
        assert.ok(!isNext || rest.match(named)!.length > 1, `${file}: ${name}`);
      }
    }
  },
);

/** The code from there to the end of the block that it is in. */
function restOfBlock(code: string, from: number): string {
  let depth = 0;
  for (let i = from; i < code.length; i++) {
    if (code[i] === "{") depth++;
    else if (code[i] === "}" && depth-- === 0) return code.slice(from, i);
  }
  return code.slice(from);
}

live("files stay small", {}, () => {
  // The ceiling of the house rules, with a little room for the table of OpenCode's facts. A schema is
  // as large as what it describes: whoever uses it gets it alone, so it can't lean on others.
  for (const file of sourceFiles("src")) {
    if (roomOf(file) === "schema") continue;
    assert.ok(Deno.statSync(ROOT + file).size <= 11_000, `${file} has outgrown its room`);
  }
});

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(ROOT + folder)) {
    if (entry.isDirectory) yield* sourceFiles(`${folder}/${entry.name}`);
    else yield `${folder}/${entry.name}`;
  }
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[^]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}
