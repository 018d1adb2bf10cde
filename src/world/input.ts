/** Standard input: an answer to a question. */

import type { Input } from "../world.ts";

/** No answer is longer. */
const MOST_CHARACTERS = 4096;

export const stdin: Input = {
  isTerminal: () => Deno.stdin.isTerminal(),
  line: async (cut) => {
    const reader = Deno.stdin.readable.getReader();
    const leave = () => void reader.cancel().catch(() => {});
    cut.addEventListener("abort", leave);
    try {
      return await firstLine(reader, cut);
    } finally {
      cut.removeEventListener("abort", leave);
      // What else is read from a terminal is nobody's.
      leave();
    }
  },
};

async function firstLine(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  cut: AbortSignal,
): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = "";
  while (!cut.aborted && text.length < MOST_CHARACTERS) {
    // A terminal that went away may say so with an error.
    const { value } = await reader.read().catch(() => ({ value: undefined }));
    if (!value) return null;
    text += decoder.decode(value, { stream: true });
    const end = text.indexOf("\n");
    if (end >= 0) return text.slice(0, end);
  }
  return null;
}
