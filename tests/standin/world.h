/* The scripted machine behind the stand-in: processes, ports, and what is to go wrong when. */
#ifndef STANDIN_WORLD_H
#define STANDIN_WORLD_H

#include <stddef.h>
#include <stdint.h>

/* Exported; the rest is hidden, so that nothing of the host's libc is replaced by accident. */
#define EXPORT __attribute__((visibility("default")))

/* The calls that are counted, and at which a process can be made to die. Mirrored in standin.ts. */
enum point {
  TABLE_SIZE,
  TABLE_FILL,
  ARGUMENTS,
  VALUE,
  NAME_PORT,
  TASK_INFO,
  DEALLOCATE,
  RUSAGE,
  PIDPATH,
  PIDINFO,
  ONE_PROCESS,
  KILL,
  PIDFDINFO,
  POINTS
};

struct memory {
  uint64_t resident, footprint, compressed, peak;
};

/* What of task_vm_info is told by kind: no process has other than its own. */
struct parts {
  uint64_t internal, external, reusable;
  int64_t purgeable, purgeable_compressed;
};

/* An open file. Of one that is a socket: what its socket_info tells, as the kernel stores it. */
struct file {
  int32_t fd;
  uint32_t type;
  int32_t kind, state, port;
  uint8_t version, address[16];
};

struct process {
  int32_t pid, ppid;
  uint32_t uid, ruid;
  char name[17];
  int zombie;
  int64_t start_seconds;
  int32_t start_microseconds;
  /* What KERN_PROCARGS2 copies out behind argc; NULL: EINVAL. */
  unsigned char *area;
  size_t area_length;
  int32_t argc;
  char *executable, *directory;
  struct memory task, rusage;
  struct parts parts;
  uint32_t units;
  int refuses_port;
  struct file *files;
  size_t file_count;
  /* Files that are opened before each of the next `files_times` calls that list them. */
  uint32_t files_by, files_times;
  /* Its controlling terminal; -1 (NODEV): none. */
  int32_t terminal;
  /* Dies just before the call at `die_point` (-1: any) that brings `die_countdown` to 0. */
  int die_point, die_countdown, die_as_zombie;
  uint32_t serial;
};

struct world {
  int32_t caller_pid;
  uint32_t caller_uid, caller_ruid;
  uint32_t arg_max;
  uint64_t memory_size;
  struct process *processes;
  size_t count, room;
  /* Records that turn up between the call for the size and the call that fills. */
  uint32_t grow_by, grow_times, outgrow_times;
  size_t latecomers;
  uint32_t calls[POINTS];
};

extern struct world world;

/* A process that is not a zombie, or NULL. Counts as a touch, so the process may die of it. */
struct process *alive(int32_t pid, enum point point);
/* The same, zombies included. */
struct process *present(int32_t pid, enum point point);
/* True if the caller may look into the process: the same user, or root. */
int permitted(const struct process *process);
/* Ends a process, and takes it out of the table. */
void standin_remove(int32_t pid);
void violation(const char *what);
/* Sets errno; gives -1. */
int fail(int error);
/* Of the process: its open files. */
void add_file(struct process *process, struct file file);
int list_files(struct process *process, void *out, int size);

/* A name port of the process, or 0; the process that a port names, or NULL if it has died. */
uint32_t give_port(const struct process *process);
struct process *port_process(uint32_t port);
int take_port(uint32_t port);

#endif
