import assert from "node:assert/strict";
import { CLIENT_MODULES } from "../../src/page/client.ts";
import { inlineModules } from "../../src/page/inline.ts";
import { pure } from "../support.ts";

const modules = (...texts: string[]) => texts.map((text, i) => ({ name: `m${i}.js`, text }));

/** What a script of these modules gives for an expression at its end. */
function run(expression: string, ...texts: string[]): unknown {
  return new Function(`${inlineModules(modules(...texts))}\nreturn ${expression};`)();
}

pure("modules are one script without imports and exports", () => {
  const one =
    `/** Doc.\n * export function no() {}\n */\nexport const ONE = 1;\nexport function add(a, b) {\n  return a + b;\n}\n`;
  const two =
    `import { add, ONE } from "./m0.js";\n// import { x } from "y";\nexport async function two() {\n  return add(ONE, ONE);\n}\n`;
  const three =
    `import {\n  add,\n  ONE,\n} from "./m0.js";\nconst three = add(add(ONE, ONE), ONE);\n`;
  assert.equal(run("three", one, two, three), 3);
  assert.doesNotMatch(inlineModules(modules(one, two, three)), /import|export|Doc/);
});

pure("a comment within a line stays, and so does what is behind it", () => {
  const text = `/** @type {number} */ const a = 1;\nconst b = 2;\n/** Doc. */\nconst c = 3;\n`;
  assert.deepEqual(run("[a, b, c]", text), [1, 2, 3]);
});

const REFUSED: readonly [string, RegExp, ...string[]][] = [
  ["a default import", /says "import a/, `import a from "./b.js";\n`],
  ["a namespace", /says "import \* as/, `import * as a from "./b.js";\n`],
  ["an import for its effect", /says "import "/, `import "./b.js";\n`],
  [
    "an import under another name",
    /has no a as b/,
    `export const a = 1;\n`,
    `import { a as b } from "./m0.js";\n`,
  ],
  ["an import from elsewhere", /says "import \{/, `import { a } from "elsewhere";\n`],
  ["a dynamic import", /says "import\(/, `const a = () => import("./b.js");\n`],
  ["import.meta", /says "import\.meta/, `const a = import.meta.url;\n`],
  ["a default export", /says "export default/, `export default 1;\n`],
  ["a list of exports", /says "export \{/, `const a = 1;\nexport { a };\n`],
  ["an export of all", /says "export \*/, `export * from "./b.js";\n`],
  ["what is not exported", /m0\.js has no a/, `const a = 1;\n`, `import { a } from "./m0.js";\n`],
  [
    "a module that comes later",
    /m1\.js is not before/,
    `import { a } from "./m1.js";\n`,
    `export const a = 1;\n`,
  ],
  ["a name twice", /m0\.js has a a, too/, `const a = 1;\n`, `function a() {}\n`],
  ["a name by destructuring", /no name/, `const { a } = globalThis;\n`],
  ["the end of a script", /says "<\/script/, `const a = "</script>";\n`],
  ["the start of a comment of HTML", /says "<!--/, `const a = "<!--";\n`],
];

for (const [what, message, ...texts] of REFUSED) {
  pure(`refused: ${what}`, () => {
    assert.throws(() => inlineModules(modules(...texts)), { message });
  });
}

pure("the page's own modules are one script that is nothing but valid", () => {
  const script = inlineModules(CLIENT_MODULES);
  assert.doesNotThrow(() => new Function(script));
});
