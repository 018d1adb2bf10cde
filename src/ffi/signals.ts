/** Whether a signal is ignored from birth, as nohup(1) has it: what `sigaction` of the C library tells. */

/** Numbers of signal.h, the same on macOS and Linux. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
/** signal.h: SIG_IGN is the address 1. */
const SIG_IGN = 1n;
/**
 * Room for `struct sigaction`: 16 bytes on macOS, 152 with glibc and musl. In all of them the handler
 * comes first.
 */
const SIGACTION_ROOM = 256;

export const SIGACTION_SYMBOLS = {
  // int sigaction(int sig, const struct sigaction *act, struct sigaction *oact)
  sigaction: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

export type SigactionCalls = Deno.DynamicLibrary<typeof SIGACTION_SYMBOLS>["symbols"];

/** True if this process ignores the signal. Changes nothing. */
export function ignores(calls: SigactionCalls, signal: keyof typeof SIGNALS): boolean {
  const action = new BigUint64Array(SIGACTION_ROOM / 8);
  return calls.sigaction(SIGNALS[signal], null, action) === 0 && action[0] === SIG_IGN;
}
