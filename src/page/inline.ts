/** Modules of a page's script, put together into one that needs no others. Pure. */

export interface ClientModule {
  /** As others import it, without its folder: `bytes.js`. */
  readonly name: string;
  readonly text: string;
}

/** `import { a, b } from "./c.js";`, on one line or several; nothing else can be inlined. */
const IMPORT = /^import \{([\w$,\s]*)\} from "\.\/([\w.]+)";$/gm;
const EXPORT = /^export (?=(?:async )?(?:function|const|let) )/gm;
const DECLARATION = /^(export )?(?:async )?(?:function\*?|const|let|var|class) ([\w$]*)/gm;
/** What stays of imports and exports after that, or would end the script element. */
const FORBIDDEN = /^(?:import|export)\b.*|\bimport\s*[(.].*|<\/script.*|<!--.*/im;
/** A comment that has its lines for itself. */
const COMMENT = /^[ \t]*\/\*\*(?:(?!\*\/)[^])*\*\/\n|^[ \t]*\/\/.*\n/gm;

/**
 * One script of these modules, each of which imports only from modules before it. Comments are left out.
 * Throws if that is not so, if two of them give a name to something at the top, and at any form of import and
 * export but `import { a } from "./b.js"` and `export` before a declaration.
 */
export function inlineModules(modules: readonly ClientModule[]): string {
  const exported = new Map<string, ReadonlySet<string>>();
  const owners = new Map<string, string>();
  const parts = modules.map(({ name, text }) => {
    const code = text.replace(COMMENT, "");
    const names = [...code.matchAll(DECLARATION)];
    for (const [line, , declared = ""] of names) {
      if (declared === "") throw new Error(`Cannot inline ${name}: it has no name in "${line}"`);
      const other = owners.get(declared);
      if (other) throw new Error(`Cannot inline ${name}: ${other} has a ${declared}, too`);
      owners.set(declared, name);
    }
    const plain = withoutImports(name, code, exported).replace(EXPORT, "");
    const [rest] = FORBIDDEN.exec(plain) ?? [];
    if (rest !== undefined) throw new Error(`Cannot inline ${name}: it says "${rest}"`);
    exported.set(name, new Set(names.flatMap(([, isExported, of = ""]) => isExported ? [of] : [])));
    return plain.trim();
  });
  return `"use strict";\n${parts.join("\n")}\n`;
}

/** The code without its imports, all of which are there already. */
function withoutImports(
  name: string,
  code: string,
  exported: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  return code.replace(IMPORT, (_, list: string, from: string) => {
    const there = exported.get(from);
    if (!there) throw new Error(`Cannot inline ${name}: ${from} is not before it`);
    const names = list.split(",").map((one) => one.trim()).filter((one) => one !== "");
    for (const one of names) {
      if (!there.has(one)) throw new Error(`Cannot inline ${name}: ${from} has no ${one}`);
    }
    return "";
  });
}
