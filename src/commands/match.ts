/** The user's pattern over command lines. */

import type { ConfigError, UsageError } from "../errors.ts";
import type { Matcher } from "../select.ts";
import { quote } from "./flags.ts";

/**
 * Compiles a pattern in RE2 syntax. RE2 matches in time linear in the text: command lines come from
 * strangers, and no pattern runs for ever on any of them. Loaded only when a pattern is used. `name`
 * is what the user calls it, for the message of a `Refusal`.
 */
export async function compileMatch(
  source: string,
  name: string,
  Refusal: typeof UsageError | typeof ConfigError,
): Promise<Matcher> {
  const refuse = (reason: string) =>
    new Refusal(
      `Cannot use ${name} "${
        quote(source)
      }": ${reason}. Expected a regular expression in RE2 syntax, ` +
        `such as "opencode.*serve" (no look-around, no back-references)`,
    );
  const { RE2JS } = await import("re2js");
  try {
    const pattern = RE2JS.compile(source);
    return { source, test: (line) => pattern.test(line) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw refuse(quote(message.replace(/^error parsing regexp: /, "")));
  }
}
