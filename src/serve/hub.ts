/** Everybody who is told of each look. */

import type { ServerStream } from "../world.ts";
import { BEGINNING, PING } from "./frames.ts";

/** A frame, and what names it in a stream. */
export interface Frame {
  readonly id: string;
  readonly text: string;
}

export class Hub {
  readonly #streams = new Set<ServerStream>();
  readonly #most: number;
  #last: Frame | null = null;

  /** At most so many streams at a time. */
  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.#streams.size >= this.#most;
  }

  get size(): number {
    return this.#streams.size;
  }

  /** Adds a reader. It gets the last frame at once, if that is not the one that it had last. */
  join(stream: ServerStream, lastId: string | undefined): void {
    const last = this.#last === null || this.#last.id === lastId ? "" : this.#last.text;
    if (!stream.write(BEGINNING + last)) return;
    this.#streams.add(stream);
    stream.onEnd(() => this.#streams.delete(stream));
  }

  /** Tells everybody. */
  send(frame: Frame): void {
    this.#last = frame;
    this.#write(frame.text);
  }

  /** Shows everybody that the stream lives. */
  ping(): void {
    this.#write(PING);
  }

  #write(text: string): void {
    for (const stream of this.#streams) {
      if (!stream.write(text)) this.#streams.delete(stream);
    }
  }
}
