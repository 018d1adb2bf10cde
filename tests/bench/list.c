/*
 * Prints pid, parent, resident size in pages and arguments of every process, from its stat and cmdline:
 * the least that a program which lists all of them has to read, and nothing else. The yardstick for those.
 */

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Longer arguments are cut. */
static char buffer[1 << 16];

/* Length of a file's content in `buffer`, which a NUL ends, or -1. */
static ssize_t read_file(const char *pid, const char *file) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%.20s/%s", pid, file);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t length = read(fd, buffer, sizeof buffer - 1);
  close(fd);
  if (length >= 0) buffer[length] = 0;
  return length;
}

int main(void) {
  DIR *proc = opendir("/proc");
  if (!proc) return 1;
  for (struct dirent *entry; (entry = readdir(proc));) {
    const char *pid = entry->d_name;
    if (pid[0] < '1' || pid[0] > '9' || read_file(pid, "stat") <= 0) continue;
    /* Fields as in proc_pid_stat(5): 2 the name, which `)` ends, 4 ppid, 24 rss. */
    char *at = strrchr(buffer, ')');
    if (!at || strlen(at) < 5) continue;
    at += 4;
    int ppid = atoi(at);
    for (int field = 4; field < 24 && at; field++) at = strchr(at + 1, ' ');
    long pages = at ? atol(at) : 0;
    ssize_t length = read_file(pid, "cmdline");
    for (ssize_t i = 0; i + 1 < length; i++) {
      if (buffer[i] == 0) buffer[i] = ' ';
    }
    printf("%s %d %ld %s\n", pid, ppid, pages, length > 0 ? buffer : "");
  }
  closedir(proc);
  return 0;
}
