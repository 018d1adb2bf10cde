/**
 * Text from other processes, made harmless for every output: what could steer a terminal, break a
 * line or reorder text is made visible, and values that look like secrets are replaced.
 */

/** Text that is harmless at a glance, as nearly all is: printable ASCII. */
const PLAIN = /^[\x20-\x7e]*$/;
/** Controls (C0, DEL, C1), format characters (bidirectional ones among them), line and paragraph separators. */
const UNSAFE = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]";
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** The text with every unsafe character as an escape: `\n`, `\x1b`, `\u202e`. */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(new RegExp(UNSAFE, "gu"), (character) => {
    const code = character.codePointAt(0)!;
    return SHORT_ESCAPES.get(character) ??
      (code <= 0xff
        ? `\\x${hex(code, 2)}`
        : code <= 0xffff
        ? `\\u${hex(code, 4)}`
        : `\\u{${hex(code, 1)}}`);
  });
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

/** Stands for a secret. */
export const HIDDEN = "***";
/** What a name says that holds a secret. `key` only where a word ends: `--api-key`, not `--keyboard`. */
const SECRET_NAME =
  "(?:[Kk]eys?(?![a-z])|KEYS?(?![A-Z])|[Tt]oken|TOKEN|[Ss]ecret|SECRET|[Pp]ass(?:wor)?d|PASS(?:WOR)?D|" +
  "[Pp]assphrase|PASSPHRASE|[Pp]wd|PWD|[Cc]redential|CREDENTIAL|[Aa]uthorization|AUTHORIZATION)";
// Every quantifier below is bounded: arguments come from strangers and may be a megabyte long.
const NAME_REST = "[\\w.-]{0,64}";
const VALUE = `(?:"[^"]{0,1024}"|'[^']{0,1024}'|[^\\s&;'",}]{1,8192})`;
/** `token=…`, `"apiKey": "…"`, `?key=…`, `--password=…`, with the name somewhere before the sign. */
const ASSIGNMENT = new RegExp(`(${SECRET_NAME}${NAME_REST}["']?\\s{0,4}[=:]\\s{0,4})${VALUE}`, "g");
/** `Authorization: Bearer …`: the scheme is no secret, what follows is. */
const SCHEME = /\b(Bearer|Basic)(\s{1,4})[\w.~+/=-]{4,8192}/gi;
/** `--token …` inside one text, as in a shell's -c or a process title. */
const FLAG_IN_TEXT = new RegExp(
  `(--?[\\w.-]{0,64}${SECRET_NAME}${NAME_REST}\\s{1,4})(?!-)${VALUE}`,
  "g",
);
/** A flag whose next argument is its value. */
const FLAG = new RegExp(`^--?[\\w.-]{0,64}${SECRET_NAME}[\\w.-]{0,64}$`);
/** `https://user:password@host` */
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{0,256}:)[^\s@/]{1,1024}(?=@)/gi;
/** Keys that are known by their shape: model providers, GitHub, GitLab, Slack, AWS, Google, npm, Hugging Face, JWT. */
const KEY_SHAPES = new RegExp(
  [
    "sk-[\\w-]{16,512}",
    "[sr]k_(?:live|test)_\\w{10,256}",
    "gh[opusr]_\\w{20,256}",
    "github_pat_\\w{20,256}",
    "gl[a-z]{2,5}-[\\w-]{20,256}",
    "xox[a-z]-[\\w-]{10,256}",
    "A(?:KIA|SIA)[0-9A-Z]{16}",
    "AIza[\\w-]{35}",
    "ya29\\.[\\w-]{20,1024}",
    "npm_\\w{36}",
    "hf_\\w{20,256}",
    "gsk_\\w{20,256}",
    "xai-\\w{20,256}",
    "pplx-\\w{20,256}",
    "eyJ[\\w-]{10,2048}\\.[\\w-]{4,4096}\\.[\\w-]{0,1024}",
  ].map((shape) => `\\b${shape}`).join("|"),
  "g",
);

/** The arguments with secrets replaced by `***`. */
export function redact(argv: readonly string[]): string[] {
  return argv.map((argument, i) => {
    const before = argv[i - 1];
    const isValue = before !== undefined && FLAG.test(before) && !argument.startsWith("-");
    return isValue && argument !== "" ? HIDDEN : redactText(argument);
  });
}

function redactText(text: string): string {
  if (text.includes("PRIVATE KEY-----")) return HIDDEN;
  return text
    .replace(SCHEME, `$1$2${HIDDEN}`)
    .replace(KEY_SHAPES, HIDDEN)
    .replace(URL_PASSWORD, `$1${HIDDEN}`)
    .replace(ASSIGNMENT, (whole, name: string) => whole.includes(HIDDEN) ? whole : name + HIDDEN)
    .replace(FLAG_IN_TEXT, `$1${HIDDEN}`);
}
