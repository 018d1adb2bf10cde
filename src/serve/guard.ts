/** What is looked at before a request is: whether it comes from where it may come from. */

import type { ServerAnswer, ServerRequest } from "../world.ts";
import { refusalOf } from "./answer.ts";
import {
  type Authority,
  HTTP_PORT,
  HTTPS_PORT,
  isOwnName,
  type Naming,
  parseAuthority,
  parseOrigin,
} from "./names.ts";

/** A request that may be answered. */
export interface Asked {
  readonly isHead: boolean;
  readonly path: string;
  /** What stands behind the `?`, or "". */
  readonly query: string;
  /** By which name and port this server was called: behind a tunnel, the port is another one. */
  readonly called: Authority;
}

const MOST_TARGET = 2048;
/** What may be opened by a link that stands elsewhere. */
const FRONT_DOOR = "/";

/** What is asked, or why it may not be. */
export function admit(request: ServerRequest, naming: Naming): Asked | ServerAnswer {
  // Several headers come as one text with commas, which no name has.
  const called = parseAuthority(request.header("host") ?? "");
  if (called === null || !isOwnName(called.host, naming)) {
    return refusalOf(403, "The Host header names no address of this server: it may be a trick");
  }
  if (!isOwnOrigin(request, called)) {
    return refusalOf(
      403,
      "The Origin header names another site: only pages of this server may ask",
    );
  }
  const { method, target } = request;
  if (method !== "GET" && method !== "HEAD") {
    return refusalOf(405, "Only GET and HEAD are understood", { "Allow": "GET, HEAD" });
  }
  if (target.length > MOST_TARGET) {
    return refusalOf(414, `The address is longer than ${MOST_TARGET} characters`);
  }
  const place = placeIn(target, called);
  if (place === null) return refusalOf(403, "The address names another server");
  const asked = { isHead: method === "HEAD", ...place, called };
  if (!isFromHere(request, asked)) {
    return refusalOf(
      403,
      "This comes from a page of another site: only pages of this server may ask",
    );
  }
  return asked;
}

function isOwnOrigin(request: ServerRequest, called: Authority): boolean {
  const origin = request.header("origin");
  if (origin === undefined) return true;
  const from = parseOrigin(origin);
  if (from === null || from.host !== called.host) return false;
  // Where something in front of the server speaks https, both go without a port, and mean two.
  return from.port === called.port || (from.port === HTTPS_PORT && called.port === HTTP_PORT);
}

/**
 * What browsers tell of where a request comes from; other programs say nothing. A link may open the front
 * page, as a whole page and in no frame: it shows nothing to where the link stands.
 */
function isFromHere(request: ServerRequest, { path }: Pick<Asked, "path">): boolean {
  const site = request.header("sec-fetch-site");
  if (site === undefined || site === "same-origin" || site === "none") return true;
  return path === FRONT_DOOR && request.header("sec-fetch-mode") === "navigate" &&
    request.header("sec-fetch-dest") === "document";
}

/** Path and query of a target, or null if it leads elsewhere. */
function placeIn(target: string, called: Authority): { path: string; query: string } | null {
  const [, authority, rest = ""] = /^http:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  if (authority !== undefined) {
    const named = parseAuthority(authority);
    if (named?.host !== called.host || named.port !== called.port) return null;
  }
  const local = authority === undefined ? target : rest.startsWith("/") ? rest : `/${rest}`;
  const [path = "", ...query] = local.split("?");
  return { path, query: query.join("?") };
}
