/*
 * The same reads as ocmem's scan in plain C, as the yardstick for it: MemTotal, the clocks, the list
 * of /proc and the stat of every process; the executable of those large enough to be OpenCode;
 * arguments, environment and memory of those that are it by name; the environment of what init has
 * inherited. Launchers and children of an OpenCode are left out: nothing of them has to run here.
 *
 * For each line on standard input it scans a few times and prints the milliseconds of each scan. When
 * the input ends it prints how many files and links the last scan read.
 */

#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define SCANS_A_TURN 5
#define LARGE_ENOUGH (64LL * 1024 * 1024)

struct row {
  pid_t pid, ppid;
  char state;
  char name[64];
  long long start_ticks, started_ms, virtual_bytes;
};

static char buffer[1 << 20];
static char path[64];
static struct row *rows;
static size_t room;
static long reads, marked;

static const char *of(pid_t pid, const char *file) {
  snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
  return path;
}

/* Length of a file's content in `buffer`, or -1. Without `to_end` one read that ends a line is all. */
static ssize_t read_file(const char *name, int to_end) {
  reads++;
  int fd = open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  size_t length = 0;
  for (;;) {
    ssize_t count = read(fd, buffer + length, sizeof buffer - 1 - length);
    if (count < 0) {
      close(fd);
      return -1;
    }
    length += count;
    if (count == 0 || (!to_end && buffer[length - 1] == '\n')) break;
    if (length == sizeof buffer - 1) break;
  }
  close(fd);
  buffer[length] = 0;
  return length;
}

static ssize_t read_link(const char *name) {
  reads++;
  ssize_t length = readlink(name, buffer, 4096);
  buffer[length < 0 ? 0 : length] = 0;
  return length;
}

static long long clock_ms(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/* /proc/PID/stat: field 3 is the state, 4 ppid, 22 starttime, 23 vsize. */
static int parse_stat(struct row *row, ssize_t length, long long boot_ms) {
  char *open = strchr(buffer, '(');
  char *close = memrchr(buffer, ')', length);
  if (!open || !close || close < open) return 0;
  size_t size = close - open - 1;
  if (size >= sizeof row->name) size = sizeof row->name - 1;
  memcpy(row->name, open + 1, size);
  row->name[size] = 0;
  row->state = close[2];
  char *at = close + 4;
  row->ppid = atoi(at);
  for (int field = 4; field < 22; field++) {
    at = strchr(at, ' ');
    if (!at) return 0;
    at++;
  }
  row->start_ticks = strtoll(at, &at, 10);
  row->virtual_bytes = strtoll(at, NULL, 10);
  row->started_ms = boot_ms + row->start_ticks * 10;
  return 1;
}

static int has_name_of_opencode(const char *name) {
  if (*name == '.') name++;
  return strcmp(name, "bun") == 0 || strncasecmp(name, "opencode", 8) == 0;
}

static size_t read_table(void) {
  long long boot_ms = clock_ms(CLOCK_REALTIME) - clock_ms(CLOCK_BOOTTIME);
  DIR *proc = opendir("/proc");
  if (!proc) exit(1);
  size_t count = 0;
  for (struct dirent *entry; (entry = readdir(proc));) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    if (count == room) {
      room = room ? room * 2 : 1024;
      rows = realloc(rows, room * sizeof *rows);
      if (!rows) exit(1);
    }
    struct row *row = &rows[count];
    row->pid = atoi(entry->d_name);
    ssize_t length = read_file(of(row->pid, "stat"), 0);
    if (length > 0 && parse_stat(row, length, boot_ms)) count++;
  }
  closedir(proc);
  return count;
}

static int is_init(size_t count, pid_t pid) {
  if (pid == 1) return 1;
  for (size_t i = 0; i < count; i++) {
    if (rows[i].pid == pid) return strcmp(rows[i].name, "systemd") == 0;
  }
  return 0;
}

static void scan(void) {
  reads = marked = 0;
  read_link("/proc/self");
  pid_t self = atoi(buffer);
  read_file("/proc/meminfo", 0);
  size_t count = read_table();
  for (size_t i = 0; i < count; i++) {
    struct row *row = &rows[i];
    if (row->pid == self || row->state == 'Z') continue;
    int named = has_name_of_opencode(row->name);
    if (named || row->virtual_bytes >= LARGE_ENOUGH) read_link(of(row->pid, "exe"));
    if (named) {
      read_file(of(row->pid, "cmdline"), 1);
      read_file(of(row->pid, "environ"), 1);
      read_link(of(row->pid, "cwd"));
      read_file(of(row->pid, "status"), 0);
    } else if (row->virtual_bytes != 0 && is_init(count, row->ppid)) {
      ssize_t length = read_file(of(row->pid, "environ"), 1);
      if (length > 0 && memmem(buffer, length, "OPENCODE_PID=", 13)) marked++;
    }
  }
}

int main(void) {
  char line[16];
  while (fgets(line, sizeof line, stdin)) {
    for (int i = 0; i < SCANS_A_TURN; i++) {
      struct timespec begin, end;
      clock_gettime(CLOCK_MONOTONIC, &begin);
      scan();
      clock_gettime(CLOCK_MONOTONIC, &end);
      double ms = (end.tv_sec - begin.tv_sec) * 1e3 + (end.tv_nsec - begin.tv_nsec) / 1e6;
      printf("%.4f ", ms);
    }
    printf("\n");
    fflush(stdout);
  }
  printf("%ld\n", reads);
  return 0;
}
