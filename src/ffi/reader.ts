/** Whether anybody still reads what is written to a pipe: what `poll` of the C library tells. */

/** `struct pollfd` (poll.h of macOS, glibc and musl): fd 0, events 4, revents 6; 8 bytes. */
const POLLFD = { size: 8, revents: 6 } as const;
/** poll.h, the same on both systems: a pipe without a reader (Linux), a closed other end (macOS). */
const POLLERR = 0x08;
const POLLHUP = 0x10;

export const POLL_SYMBOLS = {
  // int poll(struct pollfd *fds, nfds_t nfds, int timeout): nfds_t is unsigned int on macOS, and
  // unsigned long on Linux; a small number is the same in the register of either.
  poll: { parameters: ["buffer", "usize", "i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

export type PollCalls = Deno.DynamicLibrary<typeof POLL_SYMBOLS>["symbols"];

/** False if the file descriptor is a pipe or socket whose other end is closed. Does not wait. */
export function hasReader(calls: PollCalls, fd: number): boolean {
  const pollfd = new DataView(new ArrayBuffer(POLLFD.size));
  pollfd.setInt32(0, fd, true);
  if (calls.poll(pollfd, 1n, 0) <= 0) return true;
  return (pollfd.getInt16(POLLFD.revents, true) & (POLLERR | POLLHUP)) === 0;
}
