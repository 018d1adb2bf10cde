/*
 * Runs a command with its output thrown away, and prints on one line how long it took in
 * nanoseconds, the most memory that it or a child of it held in bytes, its exit code (-1: a signal
 * ended it), and the CPU time that it and its children used in microseconds, user and system.
 *
 * A program of its own because Linux lets a process inherit, through exec, the peak of the one that
 * started it: this one is small enough to add nothing.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __APPLE__
#define MAXRSS_UNIT 1LL
#else
#define MAXRSS_UNIT 1024LL
#endif

extern char **environ;

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long microseconds(struct timeval time) {
  return time.tv_sec * 1000000LL + time.tv_usec;
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);

  pid_t child;
  long long begin = now();
  int error = posix_spawnp(&child, argv[1], &actions, NULL, argv + 1, environ);
  if (error != 0) {
    fprintf(stderr, "%s: %s\n", argv[1], strerror(error));
    return 1;
  }
  int status;
  struct rusage usage;
  while (wait4(child, &status, 0, &usage) < 0) {
    if (errno != EINTR) return 1;
  }
  long long took = now() - begin;
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  long long cpu = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
  printf("%lld %lld %d %lld\n", took, usage.ru_maxrss * MAXRSS_UNIT, code, cpu);
  return 0;
}
