/** Values of flags, variables and options: how they are read, and what is expected. */

import { DURATION_FORMS, parseDuration, writeDuration } from "../durations.ts";
import { type Address, ADDRESS_FORMS, parseAddress } from "../address.ts";
import { type Limit, LIMIT_FORMS, parseLimit } from "../limits.ts";
import { type Moment, MOMENT_FORMS, parseMoment } from "../moments.ts";
import { type Role, ROLES } from "../types.ts";

/** Reads one kind of value. */
export interface Reader<T> {
  /** The value that a text names, or null if it names none. */
  read(text: string): T | null;
  /** What is accepted, as the end of a sentence: `expected …`. */
  readonly expects: string;
  /** Whether a whole number in JSON means what it does as a text. */
  readonly takesNumbers?: true;
}

/** A limit of memory. */
export const LIMIT: Reader<Limit> = {
  read: parseLimit,
  expects: `more than 0, as ${LIMIT_FORMS}`,
  takesNumbers: true,
};

/** Largest pid_t. */
const LARGEST_PID = 2 ** 31 - 1;

export const PID: Reader<number> = {
  read: (text) => {
    const pid = /^[0-9]{1,10}$/.test(text) ? Number(text) : 0;
    return pid >= 1 && pid <= LARGEST_PID ? pid : null;
  },
  expects: `a process id, a whole number from 1 to ${LARGEST_PID}`,
};

/** Any text but none. */
export const TEXT: Reader<string> = {
  read: (text) => text.trim() === "" ? null : text,
  expects: "a text that is not empty",
};

/** The id of a session, as OpenCode makes them (`ses_` and base 62). */
export const SESSION: Reader<string> = {
  read: (text) => /^ses_[A-Za-z0-9]{1,64}$/.test(text) ? text : null,
  expects: "a session's id, ses_ and letters and digits, as ocmem list shows it",
};

export const MOMENT: Reader<Moment> = {
  read: parseMoment,
  get expects() {
    return MOMENT_FORMS;
  },
};

export const ADDRESS: Reader<Address> = { read: parseAddress, expects: ADDRESS_FORMS };

export const ROLE: Reader<Role> = {
  read: (text) => ROLES.find((role) => role === text) ?? null,
  get expects() {
    return `one of ${ROLES.join(", ")}`;
  },
};

/** A share from 0.01 to 1, written from 1% to 100%. */
export const SHARE: Reader<number> = {
  read: (text) => {
    const percent = /^(\d{1,3}(?:\.\d{1,3})?)%$/.exec(text)?.[1];
    const share = Number(percent ?? NaN) / 100;
    return share >= 0.01 && share <= 1 ? share : null;
  },
  expects: "a share of the limit from 1% to 100%",
};

/** A duration from `least` to `most` milliseconds. */
export function duration(least: number, most: number): Reader<number> {
  return {
    read: (text) => {
      const ms = parseDuration(text);
      return ms !== null && ms >= least && ms <= most ? ms : null;
    },
    // Said when something is wrong, and made then: the table of flags is built at every start.
    get expects() {
      return `a duration from ${writeDuration(least)} to ${writeDuration(most)}, ` +
        `such as ${DURATION_FORMS}`;
    },
  };
}

/** As many digits as a whole number has at most: what is counted here fits many times over. */
const MOST_DIGITS = 9;
const DIGITS = new RegExp(`^[0-9]{1,${MOST_DIGITS}}$`);

/** A whole number of at least `least`. */
export function wholeNumber(least: number): Reader<number> {
  return {
    read: (text) => {
      const number = DIGITS.test(text) ? Number(text) : NaN;
      return number >= least ? number : null;
    },
    expects: `a whole number from ${least} to ${10 ** MOST_DIGITS - 1}`,
    takesNumbers: true,
  };
}
