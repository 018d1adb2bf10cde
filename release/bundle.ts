/**
 * `deno task bundle`: the program and its libraries as a few files of JavaScript,
 * which start fast: what a check needs, and beside it what only other commands need. V8 reads through
 * every line of a file that it loads, so one file of everything costs each start milliseconds.
 */

import { rollup } from "rollup";
import denoJson from "../deno.json" with { type: "json" };
import { main, makeFolder, ReleaseError, say, succeed } from "./attempt.ts";
import { commitOf, type Origin, ROOT } from "./origin.ts";

export const BUNDLE_FOLDER = `${ROOT}dist/bundle`;
/** What is run, or made an executable of. */
export const ENTRY = "ocmem.js";
/** What every check loads, before it knows its command line. */
const CORE = "core";
/** What only some commands load. */
const LATER = "later";
/** Modules that are loaded when they are used, which is nearly always: what a plain check prints. */
const CORE_TOO = ["json", "version"];
/** Files of what they import beyond the core, by the module that they begin with. */
const ALONE: Readonly<Record<string, string>> = {
  text: "text",
  // What a TAB asks for, among it the sentences of help.
  complete: "complete",
  docs: "complete",
  running: "complete",
  application: "arguments",
  options_file: "options",
  // What list shows besides, and how.
  around: "sessions",
  session_text: "sessions",
  outside: "sessions",
  // What to do about what is over a limit.
  advice: "advice",
  advice_text: "advice",
  // The package re2js.
  build: "patterns",
  narrow: "narrow",
  page: "page",
  schema: "schemas",
};

/** Makes the bundle anew in `folder`, which holds nothing else. Returns the names of its files. */
export async function bundle(folder: string): Promise<readonly string[]> {
  const temporary = Deno.makeTempDirSync({ prefix: "ocmem-bundle-" });
  try {
    const origin = await commitOf();
    await split(`${temporary}/source`, `${temporary}/pieces`, origin);
    const files = await join(`${temporary}/pieces`);
    removeIfThere(folder);
    makeFolder(folder);
    for (const [name, code] of files) {
      Deno.writeTextFileSync(`${folder}/${name}`, code);
      // An executable holds these times: of one commit they are always the same.
      Deno.utimeSync(`${folder}/${name}`, origin.atSeconds, origin.atSeconds);
    }
    return [...files.keys()].sort();
  } finally {
    Deno.removeSync(temporary, { recursive: true });
  }
}

/** Deno's bundler makes a hundred pieces, so that no module is in two of them. */
async function split(source: string, pieces: string, { commit }: Origin): Promise<void> {
  Deno.mkdirSync(source);
  await succeed("copy the sources", "cp", ["-R", `${ROOT}src`, `${ROOT}main.ts`, source]);
  // main.ts takes these from deno.json, whose other content is nobody's concern there.
  const build = { version: denoJson.version, ...commit !== null && { commit } };
  Deno.writeTextFileSync(`${source}/deno.json`, JSON.stringify(build));
  const settings = ["--config", `${ROOT}deno.json`, "--frozen", "--quiet"];
  const args = [...settings, "--minify", "--code-splitting", "--outdir", pieces, "main.ts"];
  await succeed("bundle", Deno.execPath(), ["bundle", ...args], source);
  rename(pieces);
}

/**
 * The bundler names pieces by a hash of what is in them and of where npm's packages are, seen from the
 * sources: that is another place on each machine. Numbers, in the order in which pieces are named by
 * others, are the same everywhere.
 */
function rename(pieces: string): void {
  const names = new Map([["main.js", "main.js"]]);
  // What is found on the way is looked at as well.
  for (const [name, stable] of names) {
    const code = Deno.readTextFileSync(`${pieces}/${name}`).replaceAll(
      /\b(\w+)-[A-Z0-9]{8}\.js\b/g,
      (piece, module) => {
        if (!names.has(piece)) names.set(piece, `${module}-${names.size}.js`);
        return names.get(piece)!;
      },
    );
    Deno.removeSync(`${pieces}/${name}`);
    Deno.writeTextFileSync(`${pieces}/${stable}`, code);
  }
}

/** Joins the pieces to a few files: opening a file costs more than reading some that is not needed. */
async function join(pieces: string): Promise<ReadonlyMap<string, string>> {
  const entry = `${pieces}/main.js`;
  const names = [...Deno.readDirSync(pieces)].map(({ name }) => name);
  const beginning = (module: string) => {
    const [name, ...others] = names.filter((name) => name.startsWith(`${module}-`));
    if (name !== undefined && others.length === 0) return `${pieces}/${name}`;
    throw new ReleaseError(`Cannot bundle: expected one piece that begins with ${module}`);
  };
  /** The file of each piece that is not in `LATER`. */
  const places = new Map<string, string>();
  const built = await rollup({
    input: entry,
    external: /^node:/,
    // What is not used is gone already.
    treeshake: false,
    onwarn: ({ message }) => {
      throw new ReleaseError(`Cannot bundle: ${message}`);
    },
  });
  const { output } = await built.generate({
    format: "es",
    compact: true,
    entryFileNames: ENTRY,
    chunkFileNames: "[name].js",
    manualChunks(id, { getModuleInfo }) {
      const place = (id: string, file: string) => {
        if (places.has(id) || id.startsWith("node:")) return;
        places.set(id, file);
        for (const imported of getModuleInfo(id)!.importedIds) place(imported, file);
      };
      if (places.size === 0) {
        for (const id of [entry, ...CORE_TOO.map(beginning)]) place(id, CORE);
        for (const [module, file] of Object.entries(ALONE)) place(beginning(module), file);
      }
      // The entry waits for the command to end. Whatever imported it would wait for that as well.
      return id === entry ? null : places.get(id) ?? LATER;
    },
  });
  await built.close();
  return new Map(output.map((file) => [file.fileName, file.type === "chunk" ? file.code : ""]));
}

function removeIfThere(folder: string): void {
  try {
    Deno.removeSync(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

if (import.meta.main) {
  await main(async () => {
    const files = await bundle(BUNDLE_FOLDER);
    say(`dist/bundle: ${files.join(", ")}`);
  });
}
