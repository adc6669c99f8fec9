#include "sandbox_command.h"

#include "sandbox_filter.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faceoff::run {
namespace {

constexpr uid_t kNobody = 65534;
constexpr rlim_t kMaxOpenFiles = 128;
constexpr std::uint64_t kMib = 1024ULL * 1024;
// Numbers of the descriptors in bubblewrap.
constexpr std::string_view kFilterFd = "3";
constexpr std::string_view kSourceFd = "4";
constexpr std::string_view kStatusFd = "5";

void add(std::vector<std::string>& argv, std::initializer_list<std::string_view> words) {
  argv.insert(argv.end(), words.begin(), words.end());
}

// /lib and its like are links into /usr, or folders of their own on older systems.
void add_system(std::vector<std::string>& argv) {
  add(argv, {"--ro-bind", "/usr", "/usr"});
  for (const std::string folder : {"/bin", "/sbin", "/lib", "/lib32", "/lib64"}) {
    struct stat info {};
    if (::lstat(folder.c_str(), &info) != 0) {
      continue;
    }
    if (S_ISLNK(info.st_mode)) {
      add(argv, {"--symlink", "usr" + folder, folder});
    } else {
      add(argv, {"--ro-bind", folder, folder});
    }
  }
  for (const std::string path : {"/etc/alternatives", "/etc/ld.so.cache"}) {
    if (::access(path.c_str(), R_OK) == 0) {
      add(argv, {"--ro-bind", path, path});
    }
  }
}

std::string file_of(std::string_view language) {
  return language == score::kPython       ? "/answer/code.py"
         : language == score::kJavaScript ? "/answer/code.cjs"
                                          : "/answer/code.sh";
}

void add_interpreter(std::vector<std::string>& argv,
                     const score::Program& program,
                     const std::string& interpreter) {
  argv.push_back(interpreter);
  if (program.language == score::kPython) {
    add(argv, {"-I", "-B"});
  } else if (program.language == score::kJavaScript) {
    argv.push_back(
        fmt::format("--max-old-space-size={}", std::max<std::uint64_t>(program.memory_mib / 2, 8)));
  }
  argv.push_back(file_of(program.language));
}

std::vector<std::string> command(const SandboxSettings& settings,
                                 const score::Program& program,
                                 const std::string& interpreter) {
  const std::string space = std::to_string(kMaxFileBytes);
  std::vector<std::string> argv{settings.bwrap};
  add(argv, {"--unshare-all", "--die-with-parent", "--new-session", "--clearenv"});
  add(argv, {"--setenv", "PATH", kSystemPath, "--uid", "65534", "--gid", "65534"});
  add(argv, {"--cap-drop", "ALL", "--hostname", "sandbox"});
  add_system(argv);
  add(argv, {"--proc", "/proc", "--dev", "/dev"});
  add(argv, {"--size", "1048576", "--tmpfs", "/dev/shm", "--remount-ro", "/dev"});
  add(argv, {"--size", space, "--tmpfs", "/answer", "--symlink", "answer", "/tmp"});
  add(argv, {"--ro-bind-data", kSourceFd, file_of(program.language), "--chdir", "/answer"});
  add(argv, {"--remount-ro", "/", "--seccomp", kFilterFd, "--json-status-fd", kStatusFd, "--"});
  if (settings.limits_processes) {
    add(argv, {"/usr/bin/prlimit", fmt::format("--nproc={}", kMaxProcesses), "--"});
  }
  add_interpreter(argv, program, interpreter);
  return argv;
}

Result<UniqueFd> memory_file(std::string_view content) {
  UniqueFd fd(::memfd_create("faceoff-answer", MFD_CLOEXEC));
  if (!fd.valid()) {
    return fail(ErrorKind::io, "no memory file: " + errno_text(errno));
  }
  FACEOFF_TRY(write_all(fd.get(), content, "the code of an answer"));
  if (::lseek(fd.get(), 0, SEEK_SET) != 0) {
    return fail(ErrorKind::io, "no memory file: " + errno_text(errno));
  }
  return fd;
}

std::vector<Limit> limits(const score::Program& program) {
  const auto seconds = static_cast<rlim_t>(to_seconds(program.time)) + 2;
  return {{RLIMIT_CPU, seconds},
          {RLIMIT_DATA, program.memory_mib * kMib},
          {RLIMIT_FSIZE, kMaxFileBytes},
          {RLIMIT_NOFILE, kMaxOpenFiles},
          {RLIMIT_MEMLOCK, 0},
          {RLIMIT_MSGQUEUE, 0},
          {RLIMIT_CORE, 0}};
}

}  // namespace

Result<Prepared> prepare_sandbox(const SandboxSettings& settings,
                                 const score::Program& program,
                                 const std::string& interpreter) {
  Prepared prepared;
  FACEOFF_TRY_ASSIGN(Pipe out, make_pipe());
  FACEOFF_TRY_ASSIGN(Pipe err, make_pipe());
  FACEOFF_TRY_ASSIGN(Pipe status, make_pipe());
  FACEOFF_TRY_ASSIGN(UniqueFd filter, sandbox_filter());
  FACEOFF_TRY_ASSIGN(UniqueFd source, memory_file(program.source));
  UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  prepared.plan.argv = command(settings, program, interpreter);
  prepared.plan.folder = "/";
  prepared.plan.descriptors = {
      null.get(), out.write.get(), err.write.get(), filter.get(), source.get(), status.write.get()};
  prepared.plan.limits = limits(program);
  if (settings.as_nobody) {
    prepared.plan.become = kNobody;
  }
  prepared.out = std::move(out.read);
  prepared.err = std::move(err.read);
  prepared.status = std::move(status.read);
  for (UniqueFd* fd : {&null, &out.write, &err.write, &filter, &source, &status.write}) {
    prepared.given.push_back(std::move(*fd));
  }
  return prepared;
}

}  // namespace faceoff::run
