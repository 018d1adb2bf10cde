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
  POINTS
};

struct memory {
  uint64_t resident, footprint, compressed, peak;
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
  uint32_t units;
  int refuses_port;
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

/* A name port of the process, or 0; the process that a port names, or NULL if it has died. */
uint32_t give_port(const struct process *process);
struct process *port_process(uint32_t port);
int take_port(uint32_t port);

#endif
