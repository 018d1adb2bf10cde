/** Older versions of the real OpenCode as npm installs them: a script of node around the native program. */

import { hasProgram } from "../support.ts";
import { cachePath, fetchOnce, platformPackage, unpack } from "./fetched.ts";

export class Installed {
  readonly version: string;

  constructor(version: string) {
    this.version = version;
  }

  /** What a user's shell starts: a link to the script. */
  get wrapper(): string {
    return `${this.#folder}/node_modules/.bin/opencode`;
  }

  /** What the script starts. */
  get native(): string {
    return `${this.#folder}/node_modules/opencode-ai/bin/.opencode`;
  }

  /** What tests with it need: names for `live`. Fetches it, unless it was fetched before. */
  needs(): Readonly<Record<string, boolean>> {
    const tools = { node: hasProgram("node"), npm: hasProgram("npm"), tar: hasProgram("tar") };
    if (!Object.values(tools).every(Boolean)) return tools;
    return { [`opencode-ai ${this.version} from the npm registry`]: this.#fetch() };
  }

  get #name(): string {
    return `${platformPackage()}-${this.version}-npm`;
  }

  get #folder(): string {
    return cachePath(this.#name);
  }

  #fetch(): boolean {
    return fetchOnce(this.#name, (folder) => {
      const modules = `${folder}/node_modules`;
      for (const name of ["opencode-ai", platformPackage()]) {
        if (!unpack(`${name}@${this.version}`, `${modules}/${name}`)) return false;
      }
      Deno.mkdirSync(`${modules}/.bin`);
      Deno.symlinkSync("../opencode-ai/bin/opencode", `${modules}/.bin/opencode`);
      // As the package's script for after its installation does.
      const native = `${modules}/${platformPackage()}/bin/opencode`;
      Deno.chmodSync(native, 0o755);
      Deno.linkSync(native, `${modules}/opencode-ai/bin/.opencode`);
      return true;
    }) !== null;
  }
}
