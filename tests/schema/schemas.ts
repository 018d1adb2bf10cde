/** The published schemas, their validator, and variants of them that allow less. */

import { Ajv2020 } from "ajv/dist/2020.js";
import { ROOT } from "../support.ts";

/** A JSON Schema, or a part of one. */
export interface Schema {
  readonly $id?: string;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly propertyNames?: Schema;
  readonly unevaluatedProperties?: false;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const FOLDER = `${ROOT}src/schema`;

/** Every schema that is published, by its name. */
export const SCHEMAS: Readonly<Record<string, Schema>> = Object.fromEntries(
  [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".json"))
    .sort().map((name) => [
      name.slice(0, -".json".length),
      JSON.parse(Deno.readTextFileSync(`${FOLDER}/${name}`)),
    ]),
);

/** What a validator says: null if a value fits, or what does not. */
export type Validate = (value: unknown) => string | null;

/** A validator of a published schema: it refuses to compile a schema in which anything is doubtful. */
export function validator(schema: Schema): Validate {
  return validateWith(new Ajv2020({ strict: true }), schema);
}

/** A validator that refuses keys which the schema does not describe, in every object. */
export function closedValidator(schema: Schema): Validate {
  const copy = structuredClone(schema);
  for (const [path, part] of parts(copy)) {
    const isValue = path.length === 0 || path.at(-1) === "items" ||
      path.at(-1) === "additionalProperties" || path.at(-2) === "properties";
    // Beside a $ref it sees the keys that the other schema describes.
    if (isValue) Object.assign(part, { unevaluatedProperties: false });
  }
  // Hundreds of them are made, each for little work: what takes long to compile is left out.
  const options = { strict: false, validateSchema: false, code: { optimize: false } };
  return validateWith(new Ajv2020(options), copy);
}

function validateWith(ajv: Ajv2020, schema: Schema): Validate {
  const fits = ajv.compile(schema);
  return (value) => fits(value) ? null : ajv.errorsText(fits.errors);
}

/** Where a part of a schema is. */
export type Path = readonly (string | number)[];

/** Every part of a schema that is a schema, with where it is. */
export function* parts(schema: Schema, path: Path = []): Generator<[Path, Schema]> {
  yield [path, schema];
  for (const key of ["additionalProperties", "propertyNames", "items"] as const) {
    if (schema[key]) yield* parts(schema[key], [...path, key]);
  }
  for (const key of ["properties", "$defs", "anyOf", "oneOf"] as const) {
    for (const [name, part] of Object.entries(schema[key] ?? {})) {
      yield* parts(part, [...path, key, name]);
    }
  }
}

/**
 * The schema without one thing that it allows, for each such thing: a key, a type, an alternative, a
 * word. The words of a definition are those of a type of the program, whether all occur here or not.
 */
export function* narrowed(schema: Schema): Generator<[what: string, Schema]> {
  for (const [path, part] of parts(schema)) {
    const where = `/${path.join("/")}`;
    const change = (rest: Partial<Schema>) => replaced(schema, path, { ...part, ...rest });
    for (const key of Object.keys(part.properties ?? {})) {
      const { [key]: _, ...properties } = part.properties!;
      const required = part.required?.filter((name) => name !== key) ?? [];
      yield [`${where}: key ${key}`, change({ properties, required })];
    }
    for (const key of ["type", "enum", "anyOf", "oneOf"] as const) {
      const choices = part[key];
      const isDefinition = path.at(-2) === "$defs";
      if (!Array.isArray(choices) || (key === "enum" && isDefinition)) continue;
      for (const [i, choice] of choices.entries()) {
        const what = `${where}: ${key} ${JSON.stringify(choice)}`;
        yield [what, change({ [key]: choices.filter((_, j) => j !== i) })];
      }
    }
  }
}

function replaced(schema: Schema, path: Path, part: Schema): Schema {
  const copy = structuredClone(schema);
  const [last, ...above] = path.toReversed();
  if (last === undefined) return part;
  let at = copy as Record<string | number, unknown>;
  for (const key of above.toReversed()) at = at[key] as typeof at;
  at[last] = part;
  return copy;
}
