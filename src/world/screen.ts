/** The terminal as a screen: keys one by one, and news of its size. */

import type { ScreenListener } from "../world.ts";

const ESC = "\x1b";
/**
 * A key as terminals send it (ECMA-48): a control sequence (arrows, F5, …), a character after ESC
 * (with Alt), or a character. What is pressed or pasted at once may be read as one text.
 */
const KEY = new RegExp(`${ESC}+(?:\\[[0-?]*[ -/]*[@-~]|O?[^])?|[^]`, "gu");

/** Takes keys one by one and unechoed, until it is disposed. Without a keyboard there are none. */
export function openScreen(listener: ScreenListener): Disposable {
  const keyboard = Deno.stdin.isTerminal() ? Deno.stdin.readable.getReader() : null;
  if (keyboard) {
    Deno.stdin.setRaw(true);
    void pass(keyboard, listener);
  }
  const resize = () => listener.resize();
  Deno.addSignalListener("SIGWINCH", resize);
  return {
    [Symbol.dispose]: () => {
      Deno.removeSignalListener("SIGWINCH", resize);
      if (keyboard === null) return;
      try {
        Deno.stdin.setRaw(false);
      } catch {
        // A terminal that went away takes no mode back.
      }
      void keyboard.cancel().catch(() => {});
    },
  };
}

/** Hands keys on until there are no more: the screen was closed, or the terminal went away. */
async function pass(
  keyboard: ReadableStreamDefaultReader<Uint8Array>,
  listener: ScreenListener,
): Promise<void> {
  const decoder = new TextDecoder();
  for (;;) {
    // A terminal that went away may say so with an error; what is written to it next fails too.
    const { value } = await keyboard.read().catch(() => ({ value: undefined }));
    if (!value) return;
    for (const key of decoder.decode(value, { stream: true }).match(KEY) ?? []) listener.key(key);
  }
}
