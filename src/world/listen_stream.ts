/** An answer that goes on, and is cut off when its reader does not keep up. */

import type { ServerResponse } from "node:http";
import type { ServerStream } from "../world.ts";

/** Begins a body that goes on. The headers are written. `mostBytes`: what may wait for the reader. */
export function openStream(
  response: ServerResponse,
  mostBytes: number,
  begin: (stream: ServerStream) => void,
): void {
  const heeding: (() => void)[] = [];
  let isOver = false;
  let waitingBytes = 0;
  const end = () => {
    if (isOver) return;
    isOver = true;
    for (const heed of heeding) heed();
  };
  response.once("close", end);
  // It may say nothing for as long as it likes.
  response.socket?.setTimeout(0);
  response.flushHeaders();
  begin({
    write: (text) => {
      if (isOver) return false;
      const bytes = new TextEncoder().encode(text);
      waitingBytes += bytes.length;
      response.write(bytes, () => waitingBytes -= bytes.length);
      if (waitingBytes > mostBytes) {
        response.destroy();
        end();
      }
      return !isOver;
    },
    onEnd: (heed) => {
      if (isOver) heed();
      else heeding.push(heed);
    },
  });
}
