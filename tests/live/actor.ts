/** A small program under any name: it waits, and uses memory, reports and starts others as it is told. */

import { hasProgram, temporaryFolder } from "../support.ts";
import type { Child, Children, Start } from "./processes.ts";

/** What tests with actors need: names for `live`. */
export const NEEDS: Readonly<Record<string, boolean>> = { "a C compiler": hasProgram("cc") };

/**
 * Its arguments are the test's choice and mean nothing to it; it obeys its environment, then lines on
 * its standard input, and ends with it. ACTOR_SPAWN is a list of children, each a path and its argv;
 * they have the same standard input, and only end with it: who of several read a line, nobody could tell.
 * ACTOR_GROW is a rate in bytes a second: what it has taken after a time is the rate times that time by
 * the monotonic clock, whatever the scheduler does; a late turn is made up for.
 */
const SOURCE = String.raw`
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <sys/mman.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

static void become(const char *name) {
#ifdef __linux__
  prctl(PR_SET_NAME, name);
#else
  (void)name;
#endif
}

/* Cuts its argument up: not to be done to the environment itself, which others read. */
static void spawn(char *list) {
  char *rest = list, *one;
  while ((one = strsep(&rest, "\x1e"))) {
    char *argv[32], *path = strsep(&one, "\x1f");
    int argc = 0;
    while (argc < 31 && (argv[argc] = strsep(&one, "\x1f"))) argc++;
    argv[argc] = NULL;
    if (fork() == 0) {
      setenv("ACTOR_DEAF", "1", 1);
      execv(path, argv);
      _exit(127);
    }
  }
}

static void *map(size_t size, int protection, int flags, int fd) {
  void *at = mmap(NULL, size, protection, flags, fd, 0);
  if (at == MAP_FAILED) exit(1);
  return at;
}

/* Contents that don't compress. */
static void touch(unsigned *at, size_t size) {
  unsigned value = 2463534242u;
  for (size_t i = 0; i < size / sizeof *at; i++) {
    value ^= value << 13, value ^= value >> 17, value ^= value << 5;
    at[i] = value;
  }
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

/* Takes what is due by now, page by page: no huge ones, which come all at once. */
static void grow(double rate) {
  static const size_t most = (size_t)2 << 30, page = 16384;
  static unsigned char *at;
  static double begin;
  static size_t taken;
  if (!at) {
    at = map(most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1);
#ifdef __linux__
    madvise(at, most, MADV_NOHUGEPAGE);
#endif
    begin = seconds();
  }
  size_t due = (seconds() - begin) * rate;
  if (due > most) due = most;
  due -= due % page;
  touch((unsigned *)(at + taken), due - taken);
  taken = due;
}

/* Waits until there is something to read, or for its next turn to grow. Deaf, it waits for the end. */
static int isAsked(double rate, int deaf) {
  struct pollfd input = {.fd = 0, .events = deaf ? 0 : POLLIN};
  if (rate > 0) grow(rate);
  return poll(&input, 1, rate > 0 ? 5 : -1) > 0;
}

static void obey(char *line) {
  static void *last;
  static size_t size;
  volatile unsigned sum = 0;
  if (line[0] == 'p' || line[0] == 's') {
    size = strtoull(line + 1, NULL, 10);
    int kind = line[0] == 'p' ? MAP_PRIVATE : MAP_SHARED;
    last = map(size, PROT_READ | PROT_WRITE, kind | MAP_ANON, -1);
    touch(last, size);
  } else if (line[0] == 'f') {
    int fd = open(line + 1, O_RDONLY);
    size = lseek(fd, 0, SEEK_END);
    last = map(size, PROT_READ, MAP_SHARED, fd);
    close(fd);
    for (size_t i = 0; i < size; i += 4096) sum += ((unsigned char *)last)[i];
  } else if (line[0] == 'u') {
    munmap(last, size);
  }
  printf("done\n");
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  /* What is in a buffer, poll does not know of. */
  setvbuf(stdin, NULL, _IONBF, 0);
  char *reserve = getenv("ACTOR_RESERVE"), *name = getenv("ACTOR_NAME");
  char *children = getenv("ACTOR_SPAWN"), *growth = getenv("ACTOR_GROW");
  double rate = growth ? atof(growth) : 0;
  if (getenv("ACTOR_LEAVE") && fork() != 0) return 0;
  if (reserve) map(strtoull(reserve, NULL, 10), PROT_NONE, MAP_PRIVATE | MAP_ANON, -1);
  if (name) become(name);
  unsetenv("ACTOR_SPAWN"), unsetenv("ACTOR_LEAVE"), unsetenv("ACTOR_RESERVE");
  int stubborn = getenv("ACTOR_STUBBORN") != NULL;
  unsetenv("ACTOR_GROW"), unsetenv("ACTOR_STUBBORN");
  if (children) spawn(strdup(children));
  int deaf = getenv("ACTOR_DEAF") != NULL;
  if (stubborn) signal(SIGTERM, SIG_IGN);
  printf("ready %d\n", (int)getpid());
  char line[4096];
  for (;;) {
    if (!isAsked(rate, deaf)) continue;
    if (deaf || !fgets(line, sizeof line, stdin)) break;
    line[strcspn(line, "\n")] = 0;
    obey(line);
  }
  return 0;
}
`;

let program: string | null = null;

/** The compiled program. Its folder is removed when the test process is done with this module. */
function compiled(): string {
  if (program !== null) return program;
  const folder = temporaryFolder();
  addEventListener("unload", () => folder[Symbol.dispose]());
  Deno.writeTextFileSync(`${folder.path}/actor.c`, SOURCE);
  const target = `${folder.path}/actor`;
  const args = ["-O1", "-Wall", "-Wextra", "-Werror", "-o", target, `${folder.path}/actor.c`];
  const { success, stderr } = new Deno.Command("cc", { args }).outputSync();
  if (!success) throw new Error(`Cannot compile the actor: ${new TextDecoder().decode(stderr)}`);
  return program = target;
}

/** Puts the program at a path, with the folders above it. */
export function castAs(path: string): string {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  Deno.linkSync(compiled(), path);
  return path;
}

/** A child of an actor: what is executed, and the whole argv it is given. */
export interface Spawned {
  readonly path: string;
  readonly argv: readonly string[];
}

export interface Acting extends Start {
  /** Children of the actor, all of them actors too. */
  readonly spawn?: readonly Spawned[];
  /** Address space to reserve, in bytes. */
  readonly reserve?: number;
  /** Bytes a second that it takes, on and on. */
  readonly growth?: number;
  /** What it and its children rename themselves to. */
  readonly name?: string;
  /** It goes on when it is asked to end (SIGTERM); its children don't. */
  readonly stubborn?: boolean;
  /** The process that was started ends at once, and leaves its child to init. */
  readonly leave?: boolean;
}

export interface Actor {
  readonly child: Child;
  /** The actor's pid: not the child's if it was told to leave. */
  readonly pid: number;
  /** Pids of all actors below it. */
  readonly below: readonly number[];
}

/** Starts an actor and waits until it and the actors below it run. */
export async function act(children: Children, path: string, acting: Acting = {}): Promise<Actor> {
  const { spawn = [], reserve, growth, name, leave, stubborn, env, ...start } = acting;
  const orders: Record<string, string> = { ...env };
  if (spawn.length > 0) {
    orders.ACTOR_SPAWN = spawn.map((s) => [s.path, ...s.argv].join("\x1f")).join("\x1e");
  }
  if (reserve !== undefined) orders.ACTOR_RESERVE = String(reserve);
  if (growth !== undefined) orders.ACTOR_GROW = String(growth);
  if (name !== undefined) orders.ACTOR_NAME = name;
  if (stubborn) orders.ACTOR_STUBBORN = "1";
  if (leave) orders.ACTOR_LEAVE = "1";
  const child = children.start(path, { ...start, env: orders });
  const ready: number[] = [];
  while (ready.length <= spawn.length) ready.push(Number((await child.line(/^ready (\d+)$/))[1]));
  for (const pid of ready) if (pid !== child.pid) children.expect(pid);
  const pid = leave ? ready[0]! : child.pid;
  return { child, pid, below: ready.filter((one) => one !== pid) };
}
