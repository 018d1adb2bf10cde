/** What stricli finds wrong in a command line, as the sentences of this tool. */

import {
  AliasNotFoundError,
  type ApplicationText,
  ArgumentParseError,
  ArgumentScannerError,
  EnumValidationError,
  FlagNotFoundError,
  InvalidNegatedFlagSyntaxError,
  text_en,
  UnexpectedFlagError,
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
} from "@stricli/core";
import { quote } from "../commands/flags.ts";
import { UsageError } from "../errors.ts";
import { UnfitValue } from "./read.ts";

/** stricli's texts, with every failure handed to `fail` as an error instead of being printed. */
export function textsThatFail(fail: (error: unknown) => void): ApplicationText {
  const pass = (error: unknown) => {
    fail(error);
    return "";
  };
  return {
    ...text_en,
    exceptionWhileParsingArguments: (error) => pass(usageErrorOf(error)),
    exceptionWhileLoadingCommandFunction: pass,
    exceptionWhileLoadingCommandContext: pass,
    exceptionWhileRunningCommand: pass,
    commandErrorResult: pass,
    noCommandRegisteredForInput: ({ input, corrections }) =>
      pass(new UsageError(`Unknown command "${quote(input)}"${didYouMean(corrections)}`)),
  };
}

function usageErrorOf(error: unknown): unknown {
  return error instanceof ArgumentScannerError ? new UsageError(sentence(error)) : error;
}

function sentence(error: ArgumentScannerError): string {
  if (error instanceof FlagNotFoundError) {
    return `Unknown flag --${quote(error.input)}${
      didYouMean(error.corrections.map((c) => `--${c}`))
    }`;
  }
  if (error instanceof AliasNotFoundError) return `Unknown flag -${quote(error.input)}`;
  if (error instanceof EnumValidationError) {
    const accepted = error.values.join(", ");
    return `Cannot use --${error.externalFlagName} "${
      quote(error.input)
    }": expected one of ${accepted}`;
  }
  if (error instanceof UnsatisfiedFlagError) {
    const next = error.nextFlagName === undefined ? "" : `, but --${error.nextFlagName} follows`;
    return `Cannot use --${error.externalFlagName}: it needs a value${next}`;
  }
  if (error instanceof UnexpectedFlagError) {
    const { externalFlagName: flag, previousInput: one, input: other } = error;
    return one === other
      ? `Cannot use --${flag} twice`
      : `Cannot use --${flag} twice: expected one value, not both "${quote(one)}" and "${
        quote(other)
      }"`;
  }
  if (error instanceof InvalidNegatedFlagSyntaxError) {
    return `Cannot use --${error.externalFlagName} with a value: it takes none`;
  }
  if (error instanceof ArgumentParseError) {
    const { externalFlagNameOrPlaceholder: flag, input, exception } = error;
    if (exception instanceof UnfitValue) {
      // A word that is no flag's value is named by its place in capitals.
      const name = /^[A-Z]+$/.test(flag) ? flag : `--${flag}`;
      return `Cannot use ${name} "${quote(input)}": ${exception.message}`;
    }
    return `Cannot use --${flag} "${quote(input)}": expected no value, or true or false`;
  }
  if (error instanceof UnexpectedPositionalError && /^--[a-z-]+=$/.test(error.input)) {
    return `Cannot use ${error.input.slice(0, -1)}: its value is empty`;
  }
  if (error instanceof UnexpectedPositionalError) {
    return `Unexpected argument "${quote(error.input)}": expected flags only`;
  }
  return quote(error.message);
}

function didYouMean(corrections: readonly string[]): string {
  const plain = corrections.map((correction) => correction.replaceAll("`", ""));
  return plain.length === 0 ? "" : `: did you mean ${plain.join(" or ")}?`;
}
