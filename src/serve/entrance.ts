/** What somebody without the token gets: how to bring it; and who brings it in the address, a cookie. */

import type { ServerAnswer } from "../world.ts";
import { answerOf, HTML_TYPE, refusalOf } from "./answer.ts";
import type { Asked } from "./guard.ts";
import type { Lock } from "./lock.ts";

const HOW = "Send it as a header, Authorization: Bearer TOKEN, or open /?token=TOKEN in a browser";
const CHALLENGE = { "WWW-Authenticate": 'Bearer realm="ocmem"' } as const;

/** Back to the front page, so that the token does not stay in the address bar. */
export async function enter(asked: Asked, lock: Lock | null): Promise<ServerAnswer | null> {
  const given = asked.path === "/" ? new URLSearchParams(asked.query).get("token") : null;
  if (given === null) return null;
  // A + that is not written as %2B is read as a space, which no token has.
  const token = given.replaceAll(" ", "+");
  if (lock === null) return redirect({});
  return await lock.isToken(token) ? redirect({ "Set-Cookie": lock.cookieFor(asked) }) : null;
}

function redirect(more: Readonly<Record<string, string>>): ServerAnswer {
  return answerOf(303, "text/plain", "", { "Location": "/", ...more });
}

/** A link from another site brings no cookie; the link of this page does. */
const PAGE = `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>ocmem: a token is needed</title>
<h1>A token is needed</h1>
<p>Open <code>/?token=TOKEN</code> on this server once, with the token that it was started with.</p>
<p>You have done so? <a href="/">Then go on</a>.</p>
</html>
`;

/** The refusal for who has no token, or a wrong one. */
export function tokenNeeded({ path }: Asked): ServerAnswer {
  if (path === "/") return answerOf(401, HTML_TYPE, PAGE, CHALLENGE);
  return refusalOf(401, `This server needs its token. ${HOW}`, CHALLENGE);
}
