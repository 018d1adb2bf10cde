// @ts-check
/** Times and durations as people read them, in the reader's time zone. Times are milliseconds since 1970. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A span that is longer is told in days. */
const MOST_DAYS = 14;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** @type {readonly [string, number][]} */
const DURATIONS = [["d", DAY], ["h", HOUR], ["m", MINUTE], ["s", SECOND]];

/** @param {number} number */
function two(number) {
  return String(number).padStart(2, "0");
}

/**
 * `2026-11-25 19:05:12`
 * @param {number} ms
 * @returns {string}
 */
export function formatTime(ms) {
  return `${formatMinute(ms)}:${two(new Date(ms).getSeconds())}`;
}

/**
 * `2026-11-25 19:05`
 * @param {number} ms
 * @returns {string}
 */
export function formatMinute(ms) {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock(at)}`;
}

/** @param {Date} at */
function clock(at) {
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** @param {Date} at */
function day(at) {
  return `${at.getDate()} ${MONTHS[at.getMonth()]}`;
}

/**
 * From one time to another, without saying the same day twice: `25 Nov 19:05 – 20:10`; with years where they are
 * two, and only days where they are many.
 * @param {number} from
 * @param {number} to
 * @returns {string}
 */
export function formatSpan(from, to) {
  const ends = [new Date(from), new Date(to)];
  const isLong = to - from > MOST_DAYS * DAY;
  const isSameYear = ends[0]?.getFullYear() === ends[1]?.getFullYear();
  const days = ends.map((at) => isSameYear ? day(at) : `${day(at)} ${at.getFullYear()}`);
  const [first = "", last = ""] = ends.map((at, i) => isLong ? days[i] : `${days[i]} ${clock(at)}`);
  if (first === last) return first;
  return `${first} – ${!isLong && days[0] === days[1] ? last.slice(-5) : last}`;
}

/**
 * `3h 2m`, `45s`: the two largest units; `–` for no time at all.
 * @param {number} ms
 * @returns {string}
 */
export function formatDuration(ms) {
  let rest = Math.round(ms / SECOND) * SECOND;
  if (rest <= 0) return "–";
  const first = DURATIONS.findIndex(([, size]) => rest >= size);
  return DURATIONS.slice(first, first + 2).map(([unit, size]) => {
    const many = Math.floor(rest / size);
    rest -= many * size;
    return many > 0 ? `${many}${unit}` : "";
  }).join(" ").trim();
}

/**
 * The reader's time zone by its name and by its distance from UTC at a time: `Europe/Berlin, UTC+01:00`.
 * @param {number} ms
 * @returns {string}
 */
export function zoneAt(ms) {
  const minutes = -new Date(ms).getTimezoneOffset();
  const size = Math.abs(minutes);
  const off = `UTC${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  const name = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return name && name !== "UTC" ? `${name}, ${off}` : "UTC";
}

/**
 * What stands at the cuts of a time axis that are so far apart: the time or the day, and on a second line, where
 * it changes, what that is part of.
 * @param {readonly number[]} splits
 * @param {number} apartMs
 * @returns {string[]}
 */
export function timeLabels(splits, apartMs) {
  let before = "";
  return splits.map((ms) => {
    const at = new Date(ms);
    const isFine = apartMs < DAY;
    const whole = isFine ? day(at) : String(at.getFullYear());
    const second = whole === before ? "" : `\n${whole}`;
    before = whole;
    if (!isFine) return day(at) + second;
    return (apartMs < MINUTE ? `${clock(at)}:${two(at.getSeconds())}` : clock(at)) + second;
  });
}
