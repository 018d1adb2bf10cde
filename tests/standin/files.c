/* The open files of a process, and the sockets among them, as bsd/kern/proc_info.c tells them. */
#include "layout.h"
#include "world.h"

#include <string.h>

enum { PROC_PIDFDSOCKETINFO = 3, PROX_FDTYPE_VNODE = 1, PROX_FDTYPE_SOCKET = 2 };
enum { SOCKINFO_TCP = 2, DARWIN_ESRCH = 3, DARWIN_EBADF = 9, DARWIN_EPERM = 1, DARWIN_ENOMEM = 12 };
enum { UNSET = 0xa5, LATE_FD = 5000, SLACK = 20 };

/*
 * proc_pidfdlist: without a buffer the size that the table needs, and room for 20 more; with one that is
 * too small as many as fit.
 */
int list_files(struct process *process, void *out, int size) {
  if (out == NULL) return (int)((process->file_count + SLACK) * sizeof(struct proc_fdinfo));
  for (uint32_t i = 0; process->files_times > 0 && i < process->files_by; i++) {
    struct file late = {LATE_FD + (int32_t)process->file_count, PROX_FDTYPE_VNODE, 0, 0, 0, 0, {0}};
    /* Before all others: what is cut off is one that was there. */
    add_file(process, process->files[0]);
    process->files[0] = late;
  }
  if (process->files_times > 0) process->files_times--;
  const size_t room = (size_t)size / sizeof(struct proc_fdinfo);
  size_t count = 0;
  for (; count < process->file_count && count < room; count++) {
    struct proc_fdinfo info = {process->files[count].fd, process->files[count].type};
    memcpy((char *)out + count * sizeof info, &info, sizeof info);
  }
  return (int)(count * sizeof(struct proc_fdinfo));
}

/* proc_pidfdinfo and fill_socketinfo (bsd/kern/socket_info.c). libproc turns a failure into 0. */
EXPORT int proc_pidfdinfo(int pid, int fd, int flavor, void *out, int size) {
  world.calls[PIDFDINFO]++;
  if (flavor != PROC_PIDFDSOCKETINFO) violation("proc_pidfdinfo was asked for another flavor");
  struct socket_fdinfo info;
  if (size < (int)sizeof info) return fail(DARWIN_ENOMEM) + 1;
  const struct process *process = alive(pid, PIDFDINFO);
  if (process == NULL) return fail(DARWIN_ESRCH) + 1;
  if (!permitted(process)) return fail(DARWIN_EPERM) + 1;
  const struct file *file = NULL;
  for (size_t i = 0; i < process->file_count; i++) {
    if (process->files[i].fd == fd) file = &process->files[i];
  }
  if (file == NULL || file->type != PROX_FDTYPE_SOCKET) return fail(DARWIN_EBADF) + 1;
  memset(&info, UNSET, sizeof info);
  info.psi.soi_kind = file->kind;
  /* What is no TCP has other things in its place. */
  if (file->kind == SOCKINFO_TCP) info.psi.soi_proto.pri_tcp.tcpsi_state = file->state;
  struct in_sockinfo *in = &info.psi.soi_proto.pri_in;
  in->insi_lport = file->port;
  in->insi_vflag = file->version;
  memcpy(&in->insi_laddr, file->address, sizeof file->address);
  memcpy(out, &info, sizeof info);
  return (int)sizeof info;
}
