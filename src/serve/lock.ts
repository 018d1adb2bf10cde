/** The token: what opens the server for those who have it. */

import type { ServerRequest } from "../world.ts";
import type { Asked } from "./guard.ts";

/** What is accepted as a token, for messages: what a header can hold, and no space. */
export const TOKEN_FORMS = "up to 256 letters, digits and signs of ASCII, and no space";

/** Whether a text can be a token. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]{1,256}$/.test(text);
}

/** Fewer characters than these can be guessed by trying: 16 of hexadecimal are 64 bits. */
export const LEAST_SAFE_TOKEN = 16;

/** Knows a token, and what a browser keeps in its place. */
export class Lock {
  readonly #token: Uint8Array;
  readonly #cookie: Uint8Array;
  readonly #cookieText: string;

  private constructor(token: Uint8Array, cookie: Uint8Array, cookieText: string) {
    this.#token = token;
    this.#cookie = cookie;
    this.#cookieText = cookieText;
  }

  static async of(token: string): Promise<Lock> {
    // From what a browser keeps, the token can't be told.
    const cookieText = hex(await hash(`ocmem cookie\0${token}`));
    return new Lock(await hash(token), await hash(cookieText), cookieText);
  }

  /** Whether a request brings the token in its header, or the cookie that was given for it. */
  async opens(request: ServerRequest, { called }: Pick<Asked, "called">): Promise<boolean> {
    const [, token] = /^bearer +(\S+)$/i.exec(request.header("authorization") ?? "") ?? [];
    if (token !== undefined && await this.isToken(token)) return true;
    const name = cookieName(called.port);
    const cookies = (request.header("cookie") ?? "").split(/; */);
    const cookie = cookies.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
    return cookie !== undefined && isSame(await hash(cookie), this.#cookie);
  }

  async isToken(text: string): Promise<boolean> {
    return isSame(await hash(text), this.#token);
  }

  /** The header that has a browser keep a cookie until it ends. */
  cookieFor({ called }: Pick<Asked, "called">): string {
    return `${cookieName(called.port)}=${this.#cookieText}; Path=/; HttpOnly; SameSite=Strict`;
  }
}

/** Cookies are of a host, whatever its port: another server on this machine has its own. */
function cookieName(port: number): string {
  return `ocmem-${port}`;
}

async function hash(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** In the same time, wherever they differ. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.reduce((difference, byte, i) => difference | (byte ^ b[i]!), a.length ^ b.length) === 0;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
