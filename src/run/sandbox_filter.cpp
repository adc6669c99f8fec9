#include "sandbox_filter.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace faceoff::run {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_X86_64;
constexpr std::uint32_t kOtherTable = 0x40000000;  // x32: the same calls under other numbers
#elif defined(__aarch64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_AARCH64;
constexpr std::uint32_t kOtherTable = 0xFFFFFFFF;
#else
constexpr std::uint32_t kMachine = 0;
constexpr std::uint32_t kOtherTable = 0xFFFFFFFF;
#endif

constexpr std::array kDenied{SYS_ptrace,
                             SYS_process_vm_readv,
                             SYS_process_vm_writev,
                             SYS_kcmp,
                             SYS_keyctl,
                             SYS_add_key,
                             SYS_request_key,
                             SYS_bpf,
                             SYS_userfaultfd,
                             SYS_perf_event_open,
                             SYS_io_uring_setup,
                             SYS_io_uring_enter,
                             SYS_io_uring_register,
                             SYS_mount,
                             SYS_umount2,
                             SYS_pivot_root,
                             SYS_chroot,
                             SYS_unshare,
                             SYS_setns,
                             SYS_init_module,
                             SYS_finit_module,
                             SYS_delete_module,
                             SYS_kexec_load,
                             SYS_swapon,
                             SYS_swapoff,
                             SYS_reboot,
                             SYS_acct,
                             SYS_quotactl,
                             SYS_open_by_handle_at,
                             SYS_move_mount,
                             SYS_open_tree,
                             SYS_fsopen,
                             SYS_fsconfig,
                             SYS_fsmount,
                             SYS_fspick,
                             SYS_mount_setattr,
                             SYS_pidfd_getfd,
                             SYS_syslog};

constexpr std::uint32_t kNewSpaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
                                     CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

sock_filter load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}

sock_filter answer(std::uint32_t what) {
  return BPF_STMT(BPF_RET | BPF_K, what);
}

// Leaves out the next instruction unless the word loaded is `value`.
sock_filter only_if(std::uint32_t value) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
}

std::vector<sock_filter> instructions() {
  constexpr std::uint32_t kEperm = SECCOMP_RET_ERRNO | EPERM;
  std::vector<sock_filter> out{
      load(offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kMachine, 1, 0),
      answer(SECCOMP_RET_KILL_PROCESS),
      load(offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kOtherTable, 0, 1),
      answer(kEperm),
      only_if(SYS_clone3),
      answer(SECCOMP_RET_ERRNO | ENOSYS),
  };
  for (const long call : kDenied) {
    out.push_back(only_if(static_cast<std::uint32_t>(call)));
    out.push_back(answer(kEperm));
  }
  out.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3));
  out.push_back(load(offsetof(seccomp_data, args)));
  out.push_back(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kNewSpaces, 0, 1));
  out.push_back(answer(kEperm));
  out.push_back(answer(SECCOMP_RET_ALLOW));
  return out;
}

}  // namespace

Result<UniqueFd> sandbox_filter() {
  if (kMachine == 0) {
    return fail(ErrorKind::usage, "the filter of system calls is not known for this processor");
  }
  UniqueFd fd(::memfd_create("faceoff-filter", MFD_CLOEXEC));
  if (!fd.valid()) {
    return fail(ErrorKind::io, "no memory file: " + errno_text(errno));
  }
  const auto filter = instructions();
  const std::string_view bytes(reinterpret_cast<const char*>(filter.data()),
                               filter.size() * sizeof(sock_filter));
  FACEOFF_TRY(write_all(fd.get(), bytes, "the filter of system calls"));
  if (::lseek(fd.get(), 0, SEEK_SET) != 0) {
    return fail(ErrorKind::io, "no memory file: " + errno_text(errno));
  }
  return fd;
}

}  // namespace faceoff::run
