/** The kinds of flags, as data that stricli takes. */

import type { Reader } from "../commands/values.ts";
import { read } from "./read.ts";

/** A switch. */
export interface Toggle<B extends string> {
  readonly kind: "boolean";
  readonly optional: true;
  readonly withNegated: false;
  readonly brief: B;
}

/** A switch that the options file may set, so that the command line can turn it off. */
export interface Option<S extends "yes" | "no"> {
  readonly kind: "boolean";
  readonly optional: true;
  readonly standard: S;
  readonly brief: string;
}

/** One of some words. */
export interface Choice<V extends readonly string[]> {
  readonly kind: "enum";
  readonly values: V;
  readonly optional: true;
  /** The default, or "" if there is none. */
  readonly standard: V[number] | "";
  readonly brief: string;
}

/** A value that is read. */
export interface Value<T> {
  readonly kind: "parsed";
  readonly parse: (text: string) => T;
  readonly reader: Reader<T>;
  readonly optional: true;
  readonly placeholder: string;
  /** The default, or "" if there is none. */
  readonly standard: string;
  readonly brief: string;
}

/** Made when it is first asked for: a check every minute does without the flags of other commands. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => made ??= make();
}

export function toggle<const B extends string>(brief: B): Toggle<B> {
  return { kind: "boolean", optional: true, withNegated: false, brief };
}

export function option(brief: string): Option<"no"> {
  return { kind: "boolean", optional: true, standard: "no", brief };
}

/** A switch that is on unless it is turned off. */
export function onOption(brief: string): Option<"yes"> {
  return { kind: "boolean", optional: true, standard: "yes", brief };
}

export function choice<const V extends readonly string[]>(
  values: V,
  standard: V[number] | "",
  brief: string,
): Choice<V> {
  return { kind: "enum", values, optional: true, standard, brief: withDefault(brief, standard) };
}

export function value<T>(
  placeholder: string,
  reader: Reader<T>,
  standard: string,
  brief: string,
): Value<T> {
  return {
    kind: "parsed",
    parse: (text) => read(reader, text),
    ...{ reader, optional: true, placeholder, standard, brief: withDefault(brief, standard) },
  };
}

function withDefault(brief: string, standard: string): string {
  return standard === "" ? brief : `${brief} (${standard})`;
}
