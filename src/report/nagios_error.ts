/** A monitoring plugin that failed. Apart from the format: a failure needs no table and no units. */

import { visible } from "./harmless.ts";

/** The output of a plugin that failed: one line, whatever the message. */
export function nagiosError(message: string): string {
  const line = visible(message.trim().replace(/\s*[\r\n]\s*/g, " "));
  return `OCMEM UNKNOWN - ${line.replaceAll("|", escaped)}\n`;
}

/** As `visible` writes what it escapes. */
export function escaped(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16)}`;
}
