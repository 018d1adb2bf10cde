/** Bytes and durations as people read them. */

import prettyBytes from "pretty-bytes";
import prettyMs from "pretty-ms";

const MS_PER_MINUTE = 60_000;

/** `2.41 GiB`, `751 MiB`: three digits, powers of 1024. */
export function formatBytes(bytes: number): string {
  return prettyBytes(bytes, { binary: true });
}

/** `+200 MiB`, `-1.5 KiB`, `0 B`: a change. */
export function formatChange(bytes: number): string {
  const whole = Math.round(bytes);
  return whole === 0 ? "0 B" : prettyBytes(whole, { binary: true, signed: true });
}

/** `+20.1 MiB/min`, of a change in bytes per millisecond. */
export function formatSlope(bytesPerMs: number): string {
  return `${formatChange(bytesPerMs * MS_PER_MINUTE)}/min`;
}

/** `3h 2m`, `45s`: the two largest units. A clock that was set back gives `0s`, never a minus. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? "0s" : prettyMs(ms, { unitCount: 2, secondsDecimalDigits: 0 });
}
