/** Examples with one thing wrong in each: what a schema must refuse. */

type Container = Record<string | number, unknown>;

/** What may be below 0, and what may have a fraction. */
const SIGNED =
  /(?:stats|trend)\/(?:growth|slope)_|^(?:event\/event\/growth|(?:history|look)\/.*)\/slope_low_/;
const FRACTIONAL = /^selftest\/selftest\/cost\/(?:enumeration_ms|memory_reading_us)$/;
/** Any text, which may be empty: names of processes, their arguments, names of machines. */
const ANY_TEXT =
  /(?<!\b(?:tool|checks\/\*))\/name$|\/command_line\/\*$|^(?:history|look)\/.*\/host$/;
/** Texts of a closed form: a word of a few, or a time. */
const CLOSED =
  /\/(?:type|event|subject|(?:previous_)?level|expected|role|scope|matched_by|source|missing|ended|conclusion|kind|reason|at|\w+_at|tool\/name)$|^(?!version).*host\/os$/;
/** Lists that are never empty. */
const NEVER_EMPTY =
  /checks$|^orphans\/.*\/evidence$|^report\/instances\/\*\/processes$|^report-line\/instance\/pids$|^event.*\/command_line$/;
/** Objects whose keys are data: each may be there or not. */
const MAPS = /\/roles$/;
/** What any event may lack but a gap, whether one of its kind does here or not. */
const ANY_EVENT = /^event\/event\/(?!gap)\w+\/(cwd|footprint_bytes)$/;

/**
 * Each example with each key left out, and each value replaced by each kind that it never has. The same
 * object changed again and again: a copy of each would take seconds.
 */
export function* spoiled(
  schema: string,
  examples: readonly unknown[],
): Generator<[what: string, unknown]> {
  for (const wrong of [null, true, 1, "x", []]) yield [JSON.stringify(wrong), wrong];
  const all = examples.map((example) => [...places(example, `${schema}${kindOf(example)}`)]);
  const nullable = new Set(
    all.flat().filter(({ container, key }) => container[key] === null).map((one) =>
      anyEvent(one.path)
    ),
  );
  for (const [i, example] of examples.entries()) {
    for (const { container, key, path } of all[i]!) {
      const value = container[key];
      for (const wrong of wrongs(value, path, nullable.has(anyEvent(path)))) {
        container[key] = wrong;
        yield [`${path}: ${JSON.stringify(wrong)}`, example];
      }
      if (!Array.isArray(container) && !MAPS.test(path.slice(0, path.lastIndexOf("/")))) {
        delete container[key];
        yield [`${path}: left out`, example];
      }
      container[key] = value;
    }
  }
}

/** The example with a key more in each object: what a schema must accept. */
export function withMore(value: unknown, path = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => withMore(item, `${path}/*`));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map((
    [key, part],
  ) => [key, withMore(part, `${path}/${key}`)]);
  return Object.fromEntries(MAPS.test(path) ? entries : [...entries, ["later", { than: ["now"] }]]);
}

/** A place of a value. */
interface Place {
  readonly container: Container;
  readonly key: string;
  /** The schema, the kind of the example and the keys that lead there, with `*` for any place in a list. */
  readonly path: string;
}

/** Every place of a value within a value. */
function* places(value: unknown, path: string): Generator<Place> {
  if (value === null || typeof value !== "object") return;
  for (const key of Object.keys(value)) {
    const here = `${path}/${Array.isArray(value) ? "*" : key}`;
    yield { container: value as Container, key, path: here };
    yield* places((value as Container)[key], here);
  }
}

function anyEvent(path: string): string {
  return path.replace(ANY_EVENT, "event/event/$1");
}

/** Which kind of line an example is: each has its own keys. */
function kindOf(example: unknown): string {
  const { type, event } = example as { type?: string; event?: string };
  return [type, event].map((word) => word === undefined ? "" : `/${word}`).join("");
}

/** What can't stand in the place of a value. */
function wrongs(value: unknown, path: string, isNullable: boolean): unknown[] {
  if (value === null) return ["", {}];
  const others = isNullable ? [] : [null];
  if (Array.isArray(value)) return [...others, {}, "x", 1, ...NEVER_EMPTY.test(path) ? [[]] : []];
  switch (typeof value) {
    case "number":
      return [
        ...others,
        ...[`${value}`, true, [value], {}],
        ...FRACTIONAL.test(path) ? [] : [value + 0.5],
        ...SIGNED.test(path) ? [] : [-1],
        ...path.endsWith("/exit_code") ? [1000] : [],
      ];
    case "string":
      return [
        ...others,
        ...[1, true, [value], {}],
        ...ANY_TEXT.test(path) ? [] : [""],
        ...CLOSED.test(path) ? [`${value}x`, `x${value}`] : [],
      ];
    case "boolean":
      return [...others, "true", 1, [value]];
    default:
      return [
        ...others,
        [],
        "x",
        1,
        ...MAPS.test(path) ? [{ ...value, later: { warning_bytes: 1, critical_bytes: 1 } }] : [],
      ];
  }
}
