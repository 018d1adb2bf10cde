/** Bytes and durations as people read them. */

import prettyBytes from "pretty-bytes";
import prettyMs from "pretty-ms";

/** `2.41 GiB`, `751 MiB`: three digits, powers of 1024. */
export function formatBytes(bytes: number): string {
  return prettyBytes(bytes, { binary: true });
}

/** `3h 2m`, `45s`: the two largest units. A clock that was set back gives `0s`, never a minus. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? "0s" : prettyMs(ms, { unitCount: 2, secondsDecimalDigits: 0 });
}
