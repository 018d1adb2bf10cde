/*
 * Holds N processes that do nothing: `idle N`. Prints the pids of those that it could start on one
 * line, and ends with all of them when its standard input ends.
 *
 * That is how no process is ever left over: its input is a pipe held by the bench, the input of the
 * N is a pipe held by this process, and the kernel closes both however their holders end.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void wait_for_end(int fd) {
  char byte;
  while (read(fd, &byte, 1) > 0) {
  }
}

int main(int argc, char **argv) {
  int wanted = argc > 1 ? atoi(argv[1]) : 0;
  int ends[2];
  if (pipe(ends) != 0) return 1;
  int started = 0;
  for (; started < wanted; started++) {
    pid_t pid = fork();
    if (pid < 0) break;
    if (pid == 0) {
      close(ends[1]);
      close(0);
      close(1);
      wait_for_end(ends[0]);
      _exit(0);
    }
    printf(started > 0 ? " %d" : "%d", (int)pid);
  }
  close(ends[0]);
  printf("\n");
  fflush(stdout);
  wait_for_end(0);
  close(ends[1]);
  while (wait(NULL) > 0) {
  }
  return 0;
}
