/* The script's side: functions that tests call to set up the machine and to read its counters. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

enum { EXECUTABLE_KEY = 16 /* strlen("executable_path=") */ };
enum { MOST_VIOLATIONS = 16, MOST_PORTS = 256 };

struct world world;

static const char *violations[MOST_VIOLATIONS];
static uint32_t violation_count;

/* As in Mach, a task has one name in a port space, and every grant adds a reference to it. */
static struct {
  uint32_t name, serial, references;
} ports[MOST_PORTS];
static uint32_t last_name = 0x1003, last_serial, ports_given;

static struct process *find(int32_t pid) {
  for (size_t i = 0; i < world.count; i++) {
    if (world.processes[i].pid == pid) return &world.processes[i];
  }
  return NULL;
}

static void free_process(struct process *process) {
  free(process->area);
  free(process->executable);
  free(process->directory);
  free(process->files);
}

static void bury(struct process *process) {
  free_process(process);
  *process = world.processes[--world.count];
}

struct process *present(int32_t pid, enum point point) {
  struct process *process = find(pid);
  if (process == NULL || process->die_countdown == 0) return process;
  if (process->die_point != -1 && process->die_point != (int)point) return process;
  if (--process->die_countdown > 0) return process;
  if (process->die_as_zombie) {
    process->zombie = 1;
    return process;
  }
  bury(process);
  return NULL;
}

struct process *alive(int32_t pid, enum point point) {
  struct process *process = present(pid, point);
  return process != NULL && !process->zombie ? process : NULL;
}

int permitted(const struct process *process) {
  return world.caller_uid == 0 || process->uid == world.caller_uid;
}

void violation(const char *what) {
  if (violation_count < MOST_VIOLATIONS) violations[violation_count] = what;
  violation_count++;
}

uint32_t give_port(const struct process *process) {
  uint32_t i = 0;
  while (i < MOST_PORTS && !(ports[i].serial == process->serial && ports[i].references > 0)) i++;
  if (i == MOST_PORTS) {
    i = 0;
    while (i < MOST_PORTS && ports[i].references > 0) i++;
    if (i == MOST_PORTS) return 0;
    last_name += 0x100;
    ports[i].name = last_name;
    ports[i].serial = process->serial;
  }
  ports[i].references++;
  ports_given++;
  return ports[i].name;
}

struct process *port_process(uint32_t port) {
  for (uint32_t i = 0; i < MOST_PORTS; i++) {
    if (ports[i].name != port || ports[i].references == 0) continue;
    for (size_t j = 0; j < world.count; j++) {
      struct process *process = &world.processes[j];
      if (process->serial == ports[i].serial) return alive(process->pid, TASK_INFO);
    }
    return NULL;
  }
  violation("task_info was asked with a port that was never given, or was given back");
  return NULL;
}

int take_port(uint32_t port) {
  for (uint32_t i = 0; i < MOST_PORTS; i++) {
    if (ports[i].name != port || ports[i].references == 0) continue;
    ports[i].references--;
    return 0;
  }
  violation("a port was given back that was never given, or twice");
  return -1;
}

EXPORT void standin_reset(void) {
  for (size_t i = 0; i < world.count; i++) free_process(&world.processes[i]);
  free(world.processes);
  memset(&world, 0, sizeof world);
  world.arg_max = 1024 * 1024;
  memset(ports, 0, sizeof ports);
  violation_count = ports_given = 0;
}

EXPORT void standin_caller(int32_t pid, uint32_t uid, uint32_t ruid) {
  world.caller_pid = pid;
  world.caller_uid = uid;
  world.caller_ruid = ruid;
}

EXPORT void standin_machine(uint64_t memory_size, uint32_t arg_max) {
  world.memory_size = memory_size;
  world.arg_max = arg_max;
}

EXPORT void standin_add(int32_t pid, int32_t ppid, uint32_t uid, uint32_t ruid, const char *name,
                        int zombie, int64_t start_seconds, int32_t start_microseconds) {
  if (world.count == world.room) {
    world.room = world.room * 2 + 16;
    world.processes = realloc(world.processes, world.room * sizeof *world.processes);
  }
  struct process *process = &world.processes[world.count++];
  memset(process, 0, sizeof *process);
  process->pid = pid;
  process->ppid = ppid;
  process->uid = uid;
  process->ruid = ruid;
  strncpy(process->name, name, sizeof process->name - 1);
  process->zombie = zombie;
  process->start_seconds = start_seconds;
  process->start_microseconds = start_microseconds;
  process->serial = ++last_serial;
  process->terminal = -1;
}

EXPORT void standin_remove(int32_t pid) {
  struct process *process = find(pid);
  if (process != NULL) bury(process);
}

EXPORT void standin_paths(int32_t pid, const char *executable, const char *directory) {
  struct process *process = find(pid);
  process->executable = executable == NULL ? NULL : strdup(executable);
  process->directory = directory == NULL ? NULL : strdup(directory);
}

/* What KERN_PROCARGS2 is to copy out, byte for byte. */
EXPORT void standin_area(int32_t pid, int32_t argc, const void *bytes, uint64_t length) {
  struct process *process = find(pid);
  free(process->area);
  process->area = malloc(length + 1);
  memcpy(process->area, bytes, length);
  process->area_length = length;
  process->argc = argc;
}

/*
 * Lays out arguments as the kernel does when it starts a program (exec_extract_strings,
 * bsd/kern/kern_exec.c): the path, padded so that with its 16-byte key it fills whole pointers;
 * argv; the environment, padded likewise; strings for the dynamic linker; 16 unused bytes.
 */
EXPORT void standin_arguments(int32_t pid, const void *path, uint64_t path_length, int32_t argc,
                              const void *argv, uint64_t argv_length, const void *environment,
                              uint64_t environment_length) {
  static const char apple[] = "ptr_munge=\0main_stack=\0\0";
  size_t room = path_length + argv_length + environment_length + sizeof apple + 48;
  unsigned char *area = calloc(1, room);
  size_t length = 0;
  memcpy(area, path, path_length);
  length = path_length + 1;
  while ((EXECUTABLE_KEY + length) % 8 != 0) length++;
  memcpy(area + length, argv, argv_length);
  length += argv_length;
  memcpy(area + length, environment, environment_length);
  length += environment_length;
  while ((EXECUTABLE_KEY + length) % 8 != 0) length++;
  memcpy(area + length, apple, sizeof apple);
  length += sizeof apple + 16;
  standin_area(pid, argc, area, length);
  free(area);
}

/*
 * Cuts the area behind the arguments, as the kernel does for restricted processes (omit_env_vars in
 * sysctl_procargsx, bsd/kern/kern_sysctl.c). It takes empty first arguments for padding, and so
 * leaves as many strings of the environment in.
 */
EXPORT void standin_restrict(int32_t pid) {
  struct process *process = find(pid);
  size_t at = 0;
  for (int32_t string = 0; string <= process->argc && at < process->area_length; string++) {
    while (at < process->area_length && process->area[at] != 0) at++;
    if (at < process->area_length) at++;
    while (string == 0 && at < process->area_length && process->area[at] == 0) at++;
  }
  process->area_length = at;
}

EXPORT void standin_memory(int32_t pid, int of_rusage, uint64_t resident, uint64_t footprint,
                           uint64_t compressed, uint64_t peak) {
  struct process *process = find(pid);
  struct memory *memory = of_rusage ? &process->rusage : &process->task;
  *memory = (struct memory){resident, footprint, compressed, peak};
}

/* How many 4-byte units of task_vm_info this kernel fills, and whether it refuses the name port. */
EXPORT void standin_task(int32_t pid, uint32_t units, int refuses_port) {
  struct process *process = find(pid);
  process->units = units;
  process->refuses_port = refuses_port;
}

EXPORT void standin_parts(int32_t pid, uint64_t internal, uint64_t external, uint64_t reusable,
                          int64_t purgeable, int64_t purgeable_compressed) {
  struct parts parts = {internal, external, reusable, purgeable, purgeable_compressed};
  find(pid)->parts = parts;
}

void add_file(struct process *process, struct file file) {
  size_t size = (process->file_count + 1) * sizeof file;
  process->files = realloc(process->files, size);
  process->files[process->file_count++] = file;
}

/* `address`: 16 bytes. */
EXPORT void standin_file(int32_t pid, int32_t fd, uint32_t type, int32_t kind, int32_t state,
                         int32_t port, uint8_t version, const uint8_t *address) {
  struct file file = {fd, type, kind, state, port, version, {0}};
  memcpy(file.address, address, sizeof file.address);
  add_file(find(pid), file);
}

EXPORT void standin_grow_files(int32_t pid, uint32_t by, uint32_t times) {
  struct process *process = find(pid);
  process->files_by = by;
  process->files_times = times;
}

EXPORT void standin_terminal(int32_t pid, int32_t terminal) { find(pid)->terminal = terminal; }

EXPORT void standin_die(int32_t pid, int point, int countdown, int as_zombie) {
  struct process *process = find(pid);
  process->die_point = point;
  process->die_countdown = countdown;
  process->die_as_zombie = as_zombie;
}

/* The table gains `records` before each of the next `times` calls that fill it. */
EXPORT void standin_grow(uint32_t records, uint32_t times) {
  world.grow_by = records;
  world.grow_times = times;
}

/* Before each of the next `times` calls that fill it, the table gets one record too many. */
EXPORT void standin_outgrow(uint32_t times) { world.outgrow_times = times; }

EXPORT uint32_t standin_calls(int point) { return world.calls[point]; }
EXPORT uint32_t standin_ports_given(void) { return ports_given; }
EXPORT uint32_t standin_violations(void) { return violation_count; }
EXPORT const char *standin_violation(uint32_t i) {
  return i < violation_count && i < MOST_VIOLATIONS ? violations[i] : "";
}

EXPORT uint32_t standin_live_ports(void) {
  uint32_t references = 0;
  for (uint32_t i = 0; i < MOST_PORTS; i++) references += ports[i].references;
  return references;
}
