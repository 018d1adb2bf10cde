/**
 * The C functions that end processes, and their constants. Bound only by who ends one. No variadic
 * function is bound (`syscall` is one): where libc has no pidfd functions, `kill` is left.
 */

export const LINUX_ENDING_SYMBOLS = {
  // int pidfd_open(pid_t pid, unsigned int flags): glibc 2.36 (sys/pidfd.h); musl has none
  pidfd_open: { parameters: ["i32", "u32"], result: "i32", optional: true },
  // int pidfd_send_signal(int pidfd, int sig, siginfo_t *info, unsigned int flags): as above
  pidfd_send_signal: {
    parameters: ["i32", "i32", "pointer", "u32"],
    result: "i32",
    optional: true,
  },
  // int close(int fd)
  close: { parameters: ["i32"], result: "i32" },
  // int kill(pid_t pid, int sig)
  kill: { parameters: ["i32", "i32"], result: "i32" },
  // void *memcpy(void *dest, const void *src, size_t n): reads what a pointer points to
  memcpy: { parameters: ["buffer", "pointer", "usize"], result: "pointer" },
  // int *__errno_location(void): where this thread's errno is
  __errno_location: { parameters: [], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

export const DARWIN_ENDING_SYMBOLS = {
  // int kill(pid_t pid, int sig)
  kill: { parameters: ["i32", "i32"], result: "i32" },
  // void *memcpy(void *dst, const void *src, size_t n): reads what a pointer points to
  memcpy: { parameters: ["buffer", "pointer", "usize"], result: "pointer" },
  // int *__error(void): where this thread's errno is
  __error: { parameters: [], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

export type LinuxEndingCalls = Deno.DynamicLibrary<typeof LINUX_ENDING_SYMBOLS>["symbols"];
export type DarwinEndingCalls = Deno.DynamicLibrary<typeof DARWIN_ENDING_SYMBOLS>["symbols"];

/** signal.h, the same on macOS and Linux. */
export const SIGNALS = { SIGTERM: 15, SIGKILL: 9 } as const;
/** errno.h: the first two are the same on both; ENOSYS is Linux's. */
export const ERRNO = { EPERM: 1, ESRCH: 3, ENOSYS: 38 } as const;
