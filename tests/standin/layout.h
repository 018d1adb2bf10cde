/*
 * The structures of macOS that the stand-in serves, declared member by member in the order of the
 * public XNU headers, so that the C compiler lays them out and not this project. facts.h, which
 * standin.ts writes from tests/ffi/darwin_facts.json, asserts every size and offset of them.
 */
#ifndef STANDIN_LAYOUT_H
#define STANDIN_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

struct darwin_timeval {
  int64_t tv_sec;
  int32_t tv_usec;
};

struct darwin_itimerval {
  struct darwin_timeval it_interval, it_value;
};

/* sys/proc.h */
struct extern_proc {
  union {
    struct {
      void *p_forw, *p_back;
    } p_st1;
    struct darwin_timeval p_starttime;
  } p_un;
  void *p_vmspace, *p_sigacts;
  int p_flag;
  char p_stat;
  int32_t p_pid, p_oppid;
  int p_dupfd;
  char *user_stack;
  void *exit_thread;
  int p_debugger, sigwait;
  unsigned int p_estcpu;
  int p_cpticks;
  uint32_t p_pctcpu;
  void *p_wchan;
  char *p_wmesg;
  unsigned int p_swtime, p_slptime;
  struct darwin_itimerval p_realtimer;
  struct darwin_timeval p_rtime;
  uint64_t p_uticks, p_sticks, p_iticks;
  int p_traceflag;
  void *p_tracep;
  int p_siglist;
  void *p_textvp;
  int p_holdcnt;
  uint32_t p_sigmask, p_sigignore, p_sigcatch;
  unsigned char p_priority, p_usrpri;
  char p_nice;
  char p_comm[16 + 1];
  void *p_pgrp, *p_addr;
  unsigned short p_xstat, p_acflag;
  void *p_ru;
};

/* sys/sysctl.h, sys/vm.h */
struct darwin_pcred {
  char pc_lock[72];
  void *pc_ucred;
  uint32_t p_ruid, p_svuid, p_rgid, p_svgid;
  int p_refcnt;
};

struct darwin_ucred {
  int32_t cr_ref;
  uint32_t cr_uid;
  short cr_ngroups;
  uint32_t cr_groups[16];
};

struct darwin_vmspace {
  int32_t dummy;
  char *dummy2;
  int32_t dummy3[5];
  char *dummy4[3];
};

struct eproc {
  void *e_paddr, *e_sess;
  struct darwin_pcred e_pcred;
  struct darwin_ucred e_ucred;
  struct darwin_vmspace e_vm;
  int32_t e_ppid, e_pgid;
  short e_jobc;
  int32_t e_tdev, e_tpgid;
  void *e_tsess;
  char e_wmesg[7 + 1];
  int32_t e_xsize;
  short e_xrssize, e_xccount, e_xswrss;
  int32_t e_flag;
  char e_login[12];
  int32_t e_spare[4];
};

struct kinfo_proc {
  struct extern_proc kp_proc;
  struct eproc kp_eproc;
};

/* mach/task_info.h: the header packs all of its structures to 4 bytes. */
#pragma pack(push, 4)
struct task_vm_info {
  uint64_t virtual_size;
  int32_t region_count, page_size;
  uint64_t resident_size, resident_size_peak;
  uint64_t device, device_peak, internal, internal_peak, external, external_peak;
  uint64_t reusable, reusable_peak;
  uint64_t purgeable_volatile_pmap, purgeable_volatile_resident, purgeable_volatile_virtual;
  uint64_t compressed, compressed_peak, compressed_lifetime;
  /* REV0 ends here. */
  uint64_t phys_footprint;
  /* REV1 */
  uint64_t min_address, max_address;
  /* REV2 */
  int64_t ledger_phys_footprint_peak;
  int64_t ledger_purgeable_nonvolatile, ledger_purgeable_novolatile_compressed;
  int64_t ledger_purgeable_volatile, ledger_purgeable_volatile_compressed;
  int64_t ledger_tag_network[4];
  int64_t ledger_tag_media[4];
  int64_t ledger_tag_graphics[4];
  int64_t ledger_tag_neural[4];
  /* REV3 */
  uint64_t limit_bytes_remaining;
  /* REV4 */
  int32_t decompressions;
  /* REV5 */
  int64_t ledger_swapins;
  /* REV6 */
  int64_t ledger_tag_neural_nofootprint_total, ledger_tag_neural_nofootprint_peak;
};
#pragma pack(pop)

/* sys/resource.h */
struct rusage_info_v4 {
  uint8_t ri_uuid[16];
  uint64_t ri_user_time, ri_system_time, ri_pkg_idle_wkups, ri_interrupt_wkups, ri_pageins;
  uint64_t ri_wired_size, ri_resident_size, ri_phys_footprint;
  uint64_t ri_proc_start_abstime, ri_proc_exit_abstime;
  uint64_t ri_child_user_time, ri_child_system_time, ri_child_pkg_idle_wkups;
  uint64_t ri_child_interrupt_wkups, ri_child_pageins, ri_child_elapsed_abstime;
  uint64_t ri_diskio_bytesread, ri_diskio_byteswritten;
  uint64_t ri_cpu_time_qos[7];
  uint64_t ri_billed_system_time, ri_serviced_system_time, ri_logical_writes;
  uint64_t ri_lifetime_max_phys_footprint;
  uint64_t ri_instructions, ri_cycles, ri_billed_energy, ri_serviced_energy;
  uint64_t ri_interval_max_phys_footprint, ri_runnable_time;
};

/* sys/proc_info.h */
struct vinfo_stat {
  uint32_t vst_dev;
  uint16_t vst_mode, vst_nlink;
  uint64_t vst_ino;
  uint32_t vst_uid, vst_gid;
  int64_t vst_atime, vst_atimensec, vst_mtime, vst_mtimensec;
  int64_t vst_ctime, vst_ctimensec, vst_birthtime, vst_birthtimensec;
  int64_t vst_size, vst_blocks;
  int32_t vst_blksize;
  uint32_t vst_flags, vst_gen, vst_rdev;
  int64_t vst_qspare[2];
};

struct vnode_info {
  struct vinfo_stat vi_stat;
  int vi_type, vi_pad;
  int32_t vi_fsid[2];
};

struct vnode_info_path {
  struct vnode_info vip_vi;
  char vip_path[1024];
};

struct proc_vnodepathinfo {
  struct vnode_info_path pvi_cdir, pvi_rdir;
};

struct proc_fileinfo {
  uint32_t fi_openflags, fi_status;
  int64_t fi_offset;
  int32_t fi_type;
  uint32_t fi_guardflags;
};

struct proc_fdinfo {
  int32_t proc_fd;
  uint32_t proc_fdtype;
};

struct in4in6_addr {
  uint32_t i46a_pad32[3];
  uint32_t i46a_addr4;
};

union in_address {
  struct in4in6_addr ina_46;
  uint32_t ina_6[4];
};

struct in_sockinfo {
  int insi_fport, insi_lport;
  uint64_t insi_gencnt;
  uint32_t insi_flags, insi_flow;
  uint8_t insi_vflag, insi_ip_ttl;
  uint32_t rfu_1;
  union in_address insi_faddr, insi_laddr;
  struct {
    unsigned char in4_tos;
  } insi_v4;
  struct {
    uint8_t in6_hlim;
    int in6_cksum;
    unsigned short in6_ifindex;
    short in6_hops;
  } insi_v6;
};

struct tcp_sockinfo {
  struct in_sockinfo tcpsi_ini;
  int tcpsi_state, tcpsi_timer[4], tcpsi_mss;
  uint32_t tcpsi_flags, rfu_1;
  uint64_t tcpsi_tp;
};

/* The largest of the union: SOCK_MAXADDRLEN of sys/socket.h is 255. */
struct un_sockinfo {
  uint64_t unsi_conn_so, unsi_conn_pcb;
  char unsi_addr[255], unsi_caddr[255];
};

struct sockbuf_info {
  uint32_t sbi_cc, sbi_hiwat, sbi_mbcnt, sbi_mbmax, sbi_lowat;
  short sbi_flags, sbi_timeo;
};

struct socket_info {
  struct vinfo_stat soi_stat;
  uint64_t soi_so, soi_pcb;
  int soi_type, soi_protocol, soi_family;
  short soi_options, soi_linger, soi_state, soi_qlen, soi_incqlen, soi_qlimit, soi_timeo;
  unsigned short soi_error;
  uint32_t soi_oobmark;
  struct sockbuf_info soi_rcv, soi_snd;
  int soi_kind;
  uint32_t rfu_1;
  union {
    struct in_sockinfo pri_in;
    struct tcp_sockinfo pri_tcp;
    struct un_sockinfo pri_un;
  } soi_proto;
};

struct socket_fdinfo {
  struct proc_fileinfo pfi;
  struct socket_info psi;
};

#include "facts.h"

#endif
