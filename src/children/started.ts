/** What a command line runs, without what runs it: interpreters, package runners, `env`. */

/** What was started. */
export interface Started {
  /** Path, package or module, as it stands there. */
  readonly what: string;
  /** What it may be called: its usual name first, then those of its file and of its package. */
  readonly names: readonly string[];
  readonly args: readonly string[];
}

/** A program that runs what its arguments name. */
interface Wrapper {
  /** Words that tell it to: one of these lists. Without any it always does. */
  readonly told?: readonly (readonly string[])[];
  /** Flags whose next argument is their value. */
  readonly values?: readonly string[];
  /** Flags that name what is run: a module, an archive. */
  readonly named?: readonly string[];
  /** Flags with which it runs a text. */
  readonly code?: readonly string[];
}

const MODULES = ["-r", "--require", "--import", "--loader", "-C", "--conditions", "--env-file"];
const NODE: Wrapper = { values: MODULES, code: ["-e", "--eval", "-p", "--print"] };
/** As a plain runtime, OpenCode's executable is one of these. */
const BUN: Wrapper = { ...NODE, told: [["run"], ["x"], []], values: [...MODULES, "--cwd"] };
const PYTHON: Wrapper = { values: ["-W", "-X"], named: ["-m"], code: ["-c"] };
const SCRIPT: Wrapper = { code: ["-c", "-e", "-r"] };
const NPX: Wrapper = { values: ["-p", "--package", "-w", "--workspace"], code: ["-c", "--call"] };
const UVX: Wrapper = { values: ["--from", "--with", "-p", "--python", "--index-url"] };
const CONTAINER: Wrapper = {
  told: [["run"]],
  values: [
    ...["-e", "--env", "--env-file", "-v", "--volume", "--mount", "--name", "-p", "--publish"],
    ...["--network", "--net", "-w", "--workdir", "-u", "--user", "--entrypoint", "--platform"],
    ...["--add-host", "-l", "--label", "--pull"],
  ],
};

const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ["node", NODE],
  ["nodejs", NODE],
  ["bun", BUN],
  ["deno", { told: [["run"], ["x"]], values: ["-c", "--config", "--import-map"] }],
  ["python", PYTHON],
  ...["ruby", "perl", "php"].map((name) => [name, SCRIPT] as const),
  ...["sh", "bash", "dash", "zsh", "ksh", "fish"].map((name) => [name, { code: ["-c"] }] as const),
  ["java", { values: ["-cp", "-classpath", "--class-path", "--module-path"], named: ["-jar"] }],
  ["dotnet", { told: [["exec"], []] }],
  ...["npx", "pnpx", "bunx"].map((name) => [name, NPX] as const),
  ["npm", { ...NPX, told: [["exec"], ["x"]] }],
  ["pnpm", { ...NPX, told: [["dlx"], ["exec"]] }],
  ["yarn", { ...NPX, told: [["dlx"], ["exec"]] }],
  ["uvx", UVX],
  ["uv", { ...UVX, told: [["tool", "run"], ["tool", "uvx"], ["run"]] }],
  ["pipx", { ...UVX, told: [["run"]] }],
  ["docker", CONTAINER],
  ["podman", CONTAINER],
  ["env", { values: ["-u", "-C"] }],
  ["xcrun", {}],
]);

/** Words that tell a wrapper to run something. */
const ORDERS: ReadonlySet<string> = new Set(
  [...WRAPPERS.values()].flatMap(({ told = [] }) => told.flat()),
);

/** Whether a word of a command line says nothing of what is run. */
export function isOfWrapper(word: string): boolean {
  return WRAPPERS.has(programName(word)) || ORDERS.has(word);
}

/** npm and its like show what they run as one text. */
const TITLED: ReadonlySet<string> = new Set(["npm", "npx", "pnpm", "yarn", "bunx"]);
const LONGEST_TITLE = 4096;
/** `npx …` run by node, run by env. */
const MOST_WRAPPERS = 5;

const SUFFIX = /\.(?:[cm]?[jt]s|py|rb|sh|jar|dll|exe|phar)$/;
/** Files, and folders, whose names say nothing of what they belong to. */
const PLAIN_FILE = /^(?:index|main|server|cli|start|run|app)$/;
const PLAIN_FOLDER = /^(?:\.?bin|build|dist|lib|out|src|js|)$/;
const PACKAGE = /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)/;
/** `npm:name`, `name@1.2`, `image:tag` */
const PROTOCOL = /^(?:npm|jsr):\/?/;
const VERSION = /(?<=.)[@:][^/]*$/;
const DELETED = " (deleted)";

/** What a command line runs. `asRuntime`: its program is OpenCode's executable as a plain runtime. */
export function startedBy(argv: readonly string[], asRuntime = false): Started {
  let words = wordsOf(argv);
  for (let i = 0; i < MOST_WRAPPERS; i++) {
    const wrapper = i === 0 && asRuntime ? BUN : WRAPPERS.get(programName(words[0] ?? ""));
    const inner = wrapper && unwrapped(wrapper, words);
    if (!inner) break;
    words = inner;
  }
  const [what = "", ...args] = words;
  return { what, names: namesOf(what), args };
}

/** The arguments; where a program shows them as one text, the words of that. */
export function wordsOf(argv: readonly string[]): readonly string[] {
  const [title = ""] = argv;
  // What is left of the room that the arguments had is empty ones.
  const isAlone = argv.every((argument, i) => i === 0 || argument === "");
  if (!isAlone || title.length > LONGEST_TITLE) return argv;
  const words = title.split(" ");
  return TITLED.has(words[0]!) ? words : argv;
}

/** The name of a program without its folder, its version and its suffix. */
export function programName(path: string): string {
  // A login shell has a dash before its name.
  const name = fileName(path).replace(/^-(?=\w)/, "");
  return /^python[\d.]*$/i.test(name) ? "python" : name;
}

/** What a wrapper was told to run with its arguments, or null if it runs something else. */
function unwrapped(wrapper: Wrapper, words: readonly string[]): readonly string[] | null {
  const { told = [[]], values = [], named = [], code = [] } = wrapper;
  const order = told.find((list) => list.every((word, i) => words[i + 1] === word));
  if (order === undefined) return null;
  for (let i = 1 + order.length; i < words.length; i++) {
    const word = words[i]!;
    if (named.includes(word) || word === "--") return rest(words, i + 1);
    if (code.includes(word) || (code.includes("-c") && /^-[a-z]+c$/.test(word))) return null;
    if (values.includes(word)) i++;
    else if (!word.startsWith("-") && !/^\w+=/.test(word)) return rest(words, i);
  }
  return null;
}

function rest(words: readonly string[], from: number): readonly string[] | null {
  return from < words.length ? words.slice(from) : null;
}

function namesOf(what: string): string[] {
  const isPath = what.startsWith("/") || what.startsWith(".");
  const plain = isPath ? what : what.replace(PROTOCOL, "").replace(VERSION, "");
  const inModules = PACKAGE.exec(what)?.[1];
  const whole = inModules !== undefined && inModules !== ".bin" ? inModules : plain;
  const file = fileName(plain);
  const isScoped = !isPath && plain.startsWith("@");
  const names = [...(isScoped ? [whole, file] : [file, whole]), fileName(whole)]
    .filter((name) => !PLAIN_FILE.test(name) && !/^[./]/.test(name));
  return names.length > 0 ? [...new Set(names)] : [folderName(what) ?? file];
}

/** The nearest folder whose name says something. */
function folderName(path: string): string | undefined {
  return path.split("/").slice(0, -1).findLast((name) => !PLAIN_FOLDER.test(name));
}

function fileName(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return (name.endsWith(DELETED) ? name.slice(0, -DELETED.length) : name).replace(SUFFIX, "");
}
