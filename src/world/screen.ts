/** The terminal as a screen: keys one by one, and news of its size. */

import type { ScreenListener } from "../types.ts";

/** Takes keys one by one and unechoed, until it is disposed. Without a keyboard there are none. */
export function openScreen(listener: ScreenListener): Disposable {
  const resize = () => listener.resize();
  Deno.addSignalListener("SIGWINCH", resize);
  const keyboard = Deno.stdin.isTerminal() ? Deno.stdin.readable.getReader() : null;
  if (keyboard) {
    Deno.stdin.setRaw(true);
    void pass(keyboard, listener);
  }
  return {
    [Symbol.dispose]: () => {
      Deno.removeSignalListener("SIGWINCH", resize);
      if (keyboard === null) return;
      Deno.stdin.setRaw(false);
      void keyboard.cancel().catch(() => {});
    },
  };
}

/** Hands keys on until there are no more: the terminal was closed, or the screen was. */
async function pass(
  keyboard: ReadableStreamDefaultReader<Uint8Array>,
  listener: ScreenListener,
): Promise<void> {
  const decoder = new TextDecoder();
  try {
    for (let next = await keyboard.read(); !next.done; next = await keyboard.read()) {
      listener.key(decoder.decode(next.value, { stream: true }));
    }
  } catch {
    // A terminal that went away says so with an error; what is written to it next fails too.
  }
}
