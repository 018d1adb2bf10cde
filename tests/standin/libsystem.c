/*
 * A stand-in for macOS's libSystem: the symbols that the tool binds, answering from a scripted
 * world as the XNU kernel answers (the source file is named at each). Whatever the kernel would not
 * write, this does not write either; what a caller may not ask is recorded as a violation.
 */
#include "layout.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

enum { CTL_KERN = 1, CTL_HW = 6, KERN_ARGMAX = 8, KERN_HOSTNAME = 10, KERN_PROC = 14, HW_MEMSIZE = 24 };
enum { KERN_PROC_ALL = 0, KERN_PROC_PID = 1, KERN_PROCARGS2 = 49, SRUN = 2, SZOMB = 5 };
enum { KERN_SUCCESS = 0, KERN_INVALID_ARGUMENT = 4, KERN_FAILURE = 5 };
enum { TASK_VM_INFO = 22, TASK_VM_INFO_COUNT = 93, TASK_VM_INFO_REV0_COUNT = 36 };
enum { RUSAGE_INFO_V4 = 4, PROC_PIDLISTFDS = 1, PROC_PIDVNODEPATHINFO = 9, PROC_PIDPATHINFO_MAXSIZE = 4096 };
enum { DARWIN_EPERM = 1, DARWIN_ENOENT, DARWIN_ESRCH, DARWIN_ENOMEM = 12, DARWIN_EINVAL = 22 };
enum { UNSET = 0xa5, PAGE = 16384, FIRST_LATECOMER = 1000000 };

EXPORT uint32_t mach_task_self_ = 0x203;

static __thread int darwin_errno;

/* sysctl_io_string, bsd/kern/kern_newsysctl.c: with its NUL. */
static const char host_name[] = "stand-in.local";

EXPORT int *__error(void) { return &darwin_errno; }

int fail(int error) {
  darwin_errno = error;
  return -1;
}

/* Members that the real kernel leaves at 0 hold UNSET here, so that a wrong offset shows. */
static struct kinfo_proc record(const struct process *process) {
  struct kinfo_proc kp;
  memset(&kp, UNSET, sizeof kp);
  kp.kp_proc.p_un.p_starttime.tv_sec = process->start_seconds;
  kp.kp_proc.p_un.p_starttime.tv_usec = process->start_microseconds;
  kp.kp_proc.p_flag = 0x4004;
  kp.kp_proc.p_stat = process->zombie ? SZOMB : SRUN;
  kp.kp_proc.p_pid = process->pid;
  strcpy(kp.kp_proc.p_comm, process->name);
  kp.kp_eproc.e_pcred.p_ruid = process->ruid;
  kp.kp_eproc.e_ucred.cr_uid = process->uid;
  kp.kp_eproc.e_ppid = process->ppid;
  kp.kp_eproc.e_tdev = process->terminal;
  return kp;
}

static struct kinfo_proc latecomer(size_t i) {
  struct process process = {.pid = FIRST_LATECOMER + (int32_t)i, .ppid = 1, .uid = 99, .ruid = 99};
  strcpy(process.name, "latecomer");
  return record(&process);
}

/*
 * sysdoproc_callback and sysctl_prochandle, bsd/kern/kern_sysctl.c: the size has room for 5 more.
 * With too small a buffer whole records are copied, and as the handler fails before it counts them,
 * the length that comes back with ENOMEM is 0.
 */
static int process_table(void *old, size_t *old_length) {
  const size_t size = sizeof(struct kinfo_proc);
  if (old == NULL) {
    world.calls[TABLE_SIZE]++;
    *old_length = (world.count + world.latecomers + 5) * size;
    return 0;
  }
  world.calls[TABLE_FILL]++;
  const size_t room = *old_length / size;
  if (world.grow_times > 0) {
    world.grow_times--;
    world.latecomers += world.grow_by;
  }
  if (world.outgrow_times > 0) {
    world.outgrow_times--;
    if (world.count + world.latecomers <= room) world.latecomers = room + 1 - world.count;
  }
  const size_t total = world.count + world.latecomers;
  for (size_t i = 0; i < total && i < room; i++) {
    struct kinfo_proc kp =
        i < world.count ? record(&world.processes[i]) : latecomer(i - world.count);
    memcpy((char *)old + i * size, &kp, size);
  }
  *old_length = total <= room ? total * size : 0;
  return total <= room ? 0 : fail(DARWIN_ENOMEM);
}

/* The same for one pid: without such a process it succeeds, with nothing in it. */
static int one_process(int32_t pid, void *old, size_t *old_length) {
  world.calls[ONE_PROCESS]++;
  if (old == NULL || *old_length < sizeof(struct kinfo_proc)) {
    violation("KERN_PROC_PID was asked without room for a record");
    return fail(DARWIN_ENOMEM);
  }
  const struct process *process = present(pid, ONE_PROCESS);
  *old_length = process == NULL ? 0 : sizeof(struct kinfo_proc);
  if (process == NULL) return 0;
  struct kinfo_proc kp = record(process);
  memcpy(old, &kp, sizeof kp);
  return 0;
}

/* sysctl_procargsx, bsd/kern/kern_sysctl.c */
static int arguments(int32_t pid, void *old, size_t *old_length) {
  world.calls[ARGUMENTS]++;
  if (old == NULL) {
    violation("KERN_PROCARGS2 was asked for a size");
    return fail(DARWIN_EINVAL);
  }
  const size_t room = *old_length - sizeof(int32_t);
  if (room == 0 || room > world.arg_max) return fail(DARWIN_EINVAL);
  const struct process *process = alive(pid, ARGUMENTS);
  if (process == NULL || process->area == NULL) return fail(DARWIN_EINVAL);
  if (!permitted(process)) return fail(DARWIN_EINVAL);
  memcpy(old, &process->argc, sizeof(int32_t));
  unsigned char *to = (unsigned char *)old + sizeof(int32_t);
  const size_t length = process->area_length;
  if (room >= length) {
    memcpy(to, process->area, length);
    *old_length = sizeof(int32_t) + length;
    return 0;
  }
  /* The end of the area, of which as much is cleared as the last page has bytes to spare. */
  const size_t cleared = (PAGE - room % PAGE) % PAGE;
  memcpy(to, process->area + length - room, room);
  memset(to + (cleared < room ? room - cleared : 0), 0, cleared < room ? cleared : room);
  *old_length = sizeof(int32_t) + room;
  return 0;
}

static int value(const void *from, size_t length, void *old, size_t *old_length) {
  world.calls[VALUE]++;
  if (old != NULL && *old_length < length) return fail(DARWIN_ENOMEM);
  if (old != NULL) memcpy(old, from, length);
  *old_length = length;
  return 0;
}

EXPORT int sysctl(const int *name, unsigned int count, void *old, size_t *old_length,
                  const void *new, size_t new_length) {
  if (new != NULL || new_length != 0) violation("sysctl was asked to set a value");
  if (count >= 3 && name[0] == CTL_KERN && name[1] == KERN_PROC && name[2] == KERN_PROC_ALL) {
    return process_table(old, old_length);
  }
  if (count == 4 && name[0] == CTL_KERN && name[1] == KERN_PROC && name[2] == KERN_PROC_PID) {
    return one_process(name[3], old, old_length);
  }
  if (count == 3 && name[0] == CTL_KERN && name[1] == KERN_PROCARGS2) {
    return arguments(name[2], old, old_length);
  }
  if (count == 2 && name[0] == CTL_KERN && name[1] == KERN_ARGMAX) {
    return value(&world.arg_max, sizeof world.arg_max, old, old_length);
  }
  if (count == 2 && name[0] == CTL_KERN && name[1] == KERN_HOSTNAME) {
    return value(host_name, sizeof host_name, old, old_length);
  }
  if (count == 2 && name[0] == CTL_HW && name[1] == HW_MEMSIZE) {
    return value(&world.memory_size, sizeof world.memory_size, old, old_length);
  }
  violation("sysctl was asked for a name that is not known");
  return fail(DARWIN_ENOENT);
}

/* bsd/kern/kern_proc.c: the same user in both senses, or root; no entitlement. */
EXPORT int task_name_for_pid(uint32_t target, int pid, uint32_t *port) {
  world.calls[NAME_PORT]++;
  if (target != mach_task_self_) violation("task_name_for_pid was not asked with the own task");
  const struct process *process = alive(pid, NAME_PORT);
  if (process == NULL || process->refuses_port) return KERN_FAILURE;
  const int same = process->uid == world.caller_uid && process->ruid == world.caller_ruid;
  if (!same && world.caller_uid != 0 && process->pid != world.caller_pid) return KERN_FAILURE;
  *port = give_port(process);
  return *port == 0 ? KERN_FAILURE : KERN_SUCCESS;
}

/* TASK_VM_INFO in task_info, osfmk/kern/task.c. Every member that is not scripted holds UNSET. */
EXPORT int task_info(uint32_t port, uint32_t flavor, void *out, uint32_t *count) {
  world.calls[TASK_INFO]++;
  if (flavor != TASK_VM_INFO) violation("task_info was asked for another flavor");
  if (*count > TASK_VM_INFO_COUNT) violation("task_info was told of more room than there can be");
  const struct process *process = port_process(port);
  if (process == NULL || *count < TASK_VM_INFO_REV0_COUNT) return KERN_INVALID_ARGUMENT;
  struct task_vm_info info;
  memset(&info, UNSET, sizeof info);
  info.resident_size = process->task.resident;
  info.compressed = process->task.compressed;
  info.internal = process->parts.internal;
  info.external = process->parts.external;
  info.reusable = process->parts.reusable;
  info.ledger_purgeable_nonvolatile = process->parts.purgeable;
  info.ledger_purgeable_novolatile_compressed = process->parts.purgeable_compressed;
  info.phys_footprint = process->task.footprint;
  info.ledger_phys_footprint_peak = (int64_t)process->task.peak;
  if (*count > process->units) *count = process->units;
  memcpy(out, &info, *count * sizeof(uint32_t));
  return KERN_SUCCESS;
}

EXPORT int mach_port_deallocate(uint32_t task, uint32_t port) {
  world.calls[DEALLOCATE]++;
  if (task != mach_task_self_) violation("a port of another task was given back");
  return take_port(port) == 0 ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

/* bsd/kern/proc_info.c: a zombie has an answer, and no memory in it. */
EXPORT int proc_pid_rusage(int pid, int flavor, void *out) {
  world.calls[RUSAGE]++;
  if (flavor != RUSAGE_INFO_V4) violation("proc_pid_rusage was asked for another flavor");
  const struct process *process = present(pid, RUSAGE);
  if (process == NULL) return fail(DARWIN_ESRCH);
  if (!permitted(process)) return fail(DARWIN_EPERM);
  struct rusage_info_v4 info;
  memset(&info, UNSET, sizeof info);
  const struct memory memory = process->zombie ? (struct memory){0} : process->rusage;
  info.ri_resident_size = memory.resident;
  info.ri_phys_footprint = memory.footprint;
  info.ri_lifetime_max_phys_footprint = memory.peak;
  memcpy(out, &info, sizeof info);
  return 0;
}

/* proc_pidpathinfo, bsd/kern/proc_info.c: for every user's processes. */
EXPORT int proc_pidpath(int pid, void *out, uint32_t size) {
  world.calls[PIDPATH]++;
  if (size > PROC_PIDPATHINFO_MAXSIZE) violation("proc_pidpath was told of too much room");
  const struct process *process = alive(pid, PIDPATH);
  if (process == NULL || process->executable == NULL) return fail(DARWIN_ESRCH) + 1;
  const size_t length = strlen(process->executable);
  if (length + 1 > size) return fail(DARWIN_ENOMEM) + 1;
  memcpy(out, process->executable, length + 1);
  return (int)length;
}

/* proc_pidvnodepathinfo, bsd/kern/proc_info.c. libproc turns a failure into 0. */
EXPORT int proc_pidinfo(int pid, int flavor, uint64_t arg, void *out, int size) {
  world.calls[PIDINFO]++;
  const int is_list = flavor == PROC_PIDLISTFDS;
  if (!is_list && flavor != PROC_PIDVNODEPATHINFO) violation("proc_pidinfo was asked for another flavor");
  if (arg != 0) violation("proc_pidinfo was given an argument");
  struct process *process = alive(pid, PIDINFO);
  if (process == NULL) return fail(DARWIN_ESRCH) + 1;
  if (!permitted(process)) return fail(DARWIN_EPERM) + 1;
  if (is_list) return list_files(process, out, size);
  struct proc_vnodepathinfo info;
  if (size < (int)sizeof info) return fail(DARWIN_ENOMEM) + 1;
  memset(&info, UNSET, sizeof info);
  strcpy(info.pvi_cdir.vip_path, process->directory == NULL ? "" : process->directory);
  strcpy(info.pvi_rdir.vip_path, "/another/root");
  memcpy(out, &info, sizeof info);
  return (int)sizeof info;
}

/* bsd/kern/kern_sig.c: a zombie takes every signal; groups of processes are not to be asked for. */
EXPORT int kill(int pid, int signal) {
  world.calls[KILL]++;
  if (pid <= 1) violation("kill was asked for a group, or for pid 1");
  if (signal != 9 && signal != 15) violation("kill was asked for another signal");
  const struct process *process = present(pid, KILL);
  if (process == NULL) return fail(DARWIN_ESRCH);
  if (process->zombie) return 0;
  if (!permitted(process)) return fail(DARWIN_EPERM);
  standin_remove(pid);
  return 0;
}
