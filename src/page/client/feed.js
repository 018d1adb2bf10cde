// @ts-check
/** Follows a server: looks as they come, and after every break the whole document anew. */

/** @import { HistoryDocument } from "./history.js" */
/** @import { Look } from "./merge.js" */

/** Silence after which something is wrong: the server sends something every 15 s. */
export const SILENCE_MS = 45_000;
const QUIET_MS = 20_000;
/** The first try after a break, and the longest wait between two tries. */
const RETRY_MS = 3000;
const MOST_RETRY_MS = 30_000;
/** The document is fetched anew this often: what is older than its window is in the statistics until then. */
const REFRESH_MS = 3_600_000;

/** @typedef {"connecting" | "live" | "quiet" | "lost"} State */

/**
 * What the feed needs of a browser.
 * @typedef {object} Outside
 * @property {(url: string) => Pick<EventSource, "addEventListener" | "close">} open
 * @property {(url: string) => Promise<HistoryDocument>} load
 * @property {() => number} now by the clock on the wall, which goes on while the machine sleeps
 * @property {(then: () => void, ms: number) => void} later
 */

/**
 * What is told of what comes.
 * @typedef {object} Heed
 * @property {(look: Look) => void} onLook
 * @property {(document: HistoryDocument) => void} onDocument
 * @property {(state: State, silentMs: number) => void} onState
 */

/**
 * Opens the stream. `check` is to be called now and then, and whenever time may have passed unnoticed.
 * @param {{ readonly events: string, readonly history: string }} at
 * @param {Heed} heed
 * @param {Outside} outside
 * @returns {{ check(): void }}
 */
export function follow(at, heed, outside) {
  /** @type {ReturnType<Outside["open"]> | null} */
  let stream = null;
  let heardAt = outside.now();
  let freshAt = heardAt;
  let retryMs = RETRY_MS;
  /** Counts what was begun, so that what comes late is known as such. */
  let round = 0;

  function listen() {
    const mine = ++round;
    const source = outside.open(at.events);
    stream = source;
    /** @param {string} type @param {(data: string) => void} [then] */
    function on(type, then) {
      source.addEventListener(type, (/** @type {any} */ event) => {
        if (mine !== round) return;
        heardAt = outside.now();
        retryMs = RETRY_MS;
        then?.(event.data);
        heed.onState("live", 0);
      });
    }
    on("open");
    on("ping");
    on("look", (data) => heed.onLook(JSON.parse(data)));
    source.addEventListener("error", () => {
      if (mine === round) lose();
    });
  }

  function stop() {
    round++;
    stream?.close();
    stream = null;
  }

  function lose() {
    stop();
    const mine = round;
    heed.onState("lost", outside.now() - heardAt);
    outside.later(() => {
      if (mine === round) renew();
    }, retryMs);
    retryMs = Math.min(retryMs * 2, MOST_RETRY_MS);
  }

  function renew() {
    stop();
    const mine = round;
    outside.load(at.history).then((document) => {
      if (mine !== round) return;
      heardAt = freshAt = outside.now();
      heed.onDocument(document);
      listen();
    }).catch(() => {
      if (mine === round) lose();
    });
  }

  heed.onState("connecting", 0);
  listen();
  return {
    check() {
      if (stream === null) return;
      const silentMs = outside.now() - heardAt;
      if (silentMs > SILENCE_MS) {
        heed.onState("lost", silentMs);
        renew();
      } else if (outside.now() - freshAt > REFRESH_MS) renew();
      else if (silentMs > QUIET_MS) heed.onState("quiet", silentMs);
    },
  };
}
