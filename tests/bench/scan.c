/*
 * The same reads as ocmem's scan in plain C, as the yardstick for it: MemTotal, the clocks, the list
 * of /proc and the executable of every process; the stat of those whose executable can't be read and
 * that are no threads of the kernel; stat, arguments, environment, directory and memory of those that
 * are OpenCode; the environment of what init has inherited. Launchers and children of an OpenCode are
 * left out: nothing of them has to run here.
 *
 * For each line on standard input it scans a few times and prints the milliseconds of each scan. When
 * the input ends it prints how many files and links the last scan read. `scan once` scans once and
 * prints what it found, as the yardstick for a whole process.
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

struct row {
  pid_t pid, ppid;
  char state;
  char name[64];
  long long start_ticks, started_ms;
};

static char buffer[1 << 20];
static char path[64];
static struct row *rows;
static size_t room;
static long reads, marked;
static int printing;

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

/* /proc/PID/stat: field 3 is the state, 4 ppid, 22 starttime. */
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
  row->start_ticks = strtoll(at, NULL, 10);
  row->started_ms = boot_ms + row->start_ticks * 10;
  return 1;
}

static int has_name_of_opencode(const char *name) {
  if (*name == '.') name++;
  return strcmp(name, "bun") == 0 || strncasecmp(name, "opencode", 8) == 0;
}

static int is_executable_of_opencode(const char *path) {
  const char *name = strrchr(path, '/');
  name = name ? name + 1 : path;
  if (*name == '.') name++;
  return strcmp(name, "bun") == 0 || strncmp(name, "opencode", 8) == 0;
}

static size_t list_processes(void) {
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
    rows[count++].pid = atoi(entry->d_name);
  }
  closedir(proc);
  return count;
}

/* The pids in the lists of children of every thread of a process. */
static size_t read_children(pid_t pid, pid_t *children, size_t most) {
  size_t count = 0;
  DIR *tasks = opendir(of(pid, "task"));
  reads++;
  if (!tasks) return 0;
  for (struct dirent *entry; (entry = readdir(tasks));) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, atoi(entry->d_name));
    if (read_file(path, 1) <= 0) continue;
    for (char *at = buffer; *at >= '0' && *at <= '9' && count < most; at++) {
      children[count++] = strtol(at, &at, 10);
    }
  }
  closedir(tasks);
  return count;
}

static int contains(const pid_t *pids, size_t count, pid_t pid) {
  for (size_t i = 0; i < count; i++) {
    if (pids[i] == pid) return 1;
  }
  return 0;
}

static void scan(void) {
  static pid_t kernel[8192], inherited[65536];
  reads = marked = 0;
  read_link("/proc/self");
  pid_t self = atoi(buffer);
  read_file("/proc/meminfo", 0);
  long long boot_ms = clock_ms(CLOCK_REALTIME) - clock_ms(CLOCK_BOOTTIME);
  size_t count = list_processes();
  ssize_t length;
  struct row daemon = { .name = "" };
  if ((length = read_file(of(2, "stat"), 0)) > 0) parse_stat(&daemon, length, boot_ms);
  size_t threads = 0;
  if (strcmp(daemon.name, "kthreadd") == 0) threads = read_children(2, kernel, 8192);
  for (size_t i = 0; i < count; i++) {
    struct row *row = &rows[i];
    if (row->pid == self) continue;
    int is_native = 0;
    if (read_link(of(row->pid, "exe")) > 0) is_native = is_executable_of_opencode(buffer);
    else if (!contains(kernel, threads, row->pid)) {
      length = read_file(of(row->pid, "stat"), 0);
      is_native = length > 0 && parse_stat(row, length, boot_ms) && has_name_of_opencode(row->name);
    }
    if (!is_native) continue;
    if ((length = read_file(of(row->pid, "stat"), 0)) <= 0) continue;
    parse_stat(row, length, boot_ms);
    read_file(of(row->pid, "cmdline"), 1);
    if (printing) printf("%d %d %lld %s", (int)row->pid, (int)row->ppid, row->started_ms, buffer);
    read_file(of(row->pid, "environ"), 1);
    read_link(of(row->pid, "cwd"));
    if (printing) printf(" in %s\n", buffer);
    if (read_file(of(row->pid, "status"), 0) > 0 && printing) printf("%s", buffer);
  }
  size_t orphans = read_children(1, inherited, 65536);
  for (size_t i = 0; i < orphans; i++) {
    read_link(of(inherited[i], "exe"));
    length = read_file(of(inherited[i], "environ"), 1);
    if (length > 0 && memmem(buffer, length, "OPENCODE_PID=", 13)) marked++;
  }
  if (printing) printf("%zu processes, %ld marked\n", count, marked);
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "once") == 0) {
    printing = 1;
    scan();
    return 0;
  }
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
