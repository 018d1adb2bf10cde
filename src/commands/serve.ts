/** `ocmem serve`: watches, and shows what it sees to browsers and programs. */

import { type Address, isLoopback, writeAddress } from "../address.ts";
import { UsageError } from "../errors.ts";
import { isToken, LEAST_SAFE_TOKEN, TOKEN_FORMS } from "../serve/lock.ts";
import type { World } from "../world.ts";
import type { ServeFlags } from "./flags.ts";
import { nameIn, refusal } from "./refusal.ts";
import { ServeView } from "./serve_view.ts";
import { watching } from "./watching.ts";

const DEFAULT_ADDRESS: Address = { host: "127.0.0.1", port: 4097 };
const DEFAULT_INTERVAL_MS = 10_000;

/** Runs the command and returns its exit code: 0, however it was asked to end. */
export async function serve(flags: ServeFlags, world: World): Promise<number> {
  const address = flags.listen ?? DEFAULT_ADDRESS;
  const token = tokenOf(flags, address);
  const serving = { address, token, showSecrets: flags["show-secrets"] ?? false };
  const intervalMs = flags.interval ?? DEFAULT_INTERVAL_MS;
  const views: ServeView[] = [];
  try {
    await watching(flags, world, {
      ...{ command: "serve", intervalMs },
      openView: async (plan, _watcher, wheel, past) => {
        const view = await ServeView.open(world, plan, wheel, past, serving);
        views.push(view);
        warnOfShort(token, address, world);
        return view;
      },
    });
  } finally {
    for (const view of views) await view.closed();
  }
  return 0;
}

/** The token, or null. Throws if one is missing, or is none. It is in no message. */
function tokenOf(flags: ServeFlags, address: Address): string | null {
  const { token = null } = flags;
  if (token === null && !isLoopback(address.host)) {
    throw new UsageError(
      `Cannot listen on ${
        writeAddress(address)
      } without a token: others could read what runs here. ` +
        "--token, or better OCMEM_TOKEN, which ps does not show, sets one; " +
        "--listen 127.0.0.1:4097 is for this machine alone",
    );
  }
  if (token === null || isToken(token)) return token;
  const name = nameIn(flags, "token");
  throw refusal(flags, "token", `Cannot use ${name} as it is: expected ${TOKEN_FORMS}`);
}

/** A hint for who lets others try tokens, and has chosen one that can be found so. */
function warnOfShort(token: string | null, { host }: Address, world: World): void {
  if (token === null || isLoopback(host) || token.length >= LEAST_SAFE_TOKEN) return;
  world.stderr.write(
    "ocmem: this token is short: who can reach the server may find it by trying. " +
      "openssl rand -hex 16 makes a better one\n",
  );
}
