#include "support/temp_folder.h"

#include <faceoff/base/text.h>
#include <faceoff/run/sandbox.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sys/stat.h>
#include <unistd.h>

namespace faceoff::run {
namespace {

using score::End;
using score::Ran;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kPath = "/usr/local/bin:/usr/bin:/bin";

// Every test runs its bomb for real where a sandbox works. Where none does, nothing may run at all:
// then the test asserts the refusal, and its output says so.
class SandboxBombs : public ::testing::Test {
 protected:
  static const Result<Sandbox>& sandbox() {
    static const Result<Sandbox> kSandbox = Sandbox::find(kPath);
    return kSandbox;
  }
  // False: there is no sandbox, which has been asserted to be refused.
  static bool works() {
    if (sandbox()) {
      return true;
    }
    std::cout << "only the refusal is tested here: " << sandbox().error().message << "\n";
    EXPECT_EQ(sandbox().error().kind, ErrorKind::usage);
    EXPECT_THAT(sandbox().error().message, HasSubstr("no sandbox: "));
    return false;
  }
  static Ran run(std::string_view language,
                 std::string source,
                 Duration time = std::chrono::seconds(60),
                 std::uint64_t memory_mib = 512) {
    const std::atomic<bool> never{false};
    const auto ran = sandbox()->run({.language = std::string(language),
                                     .source = std::move(source),
                                     .time = time,
                                     .memory_mib = memory_mib},
                                    never);
    EXPECT_TRUE(ran) << (ran ? "" : ran.error().message);
    return ran.value_or(Ran{.end = End::killed, .status = -1, .out = {}, .err = {}});
  }
  static Ran python(std::string source, Duration time = std::chrono::seconds(60)) {
    return run(score::kPython, std::move(source), time);
  }
};

TEST_F(SandboxBombs, RunsEveryLanguageThatIsThere) {
  if (!works()) {
    return;
  }
  EXPECT_EQ(python("print(6 * 7)").out, "42\n");
  EXPECT_EQ(run(score::kShell, "echo $((6 * 7))").out, "42\n");
  if (Sandbox::interpreter(score::kJavaScript)) {
    const Ran ran = run(score::kJavaScript, "console.log(6 * 7)");
    EXPECT_EQ(ran.out, "42\n") << ran.err;
  }
}

TEST_F(SandboxBombs, TellsHowAProgramEnded) {
  if (!works()) {
    return;
  }
  const Ran failed = python("import sys\nprint('why', file=sys.stderr)\nsys.exit(3)");
  EXPECT_EQ(failed.end, End::exited);
  EXPECT_EQ(failed.status, 3);
  EXPECT_EQ(failed.err, "why\n");
  const Ran killed = python("import os\nos.kill(os.getpid(), 9)");
  EXPECT_EQ(killed.end, End::killed);
  EXPECT_EQ(killed.status, SIGKILL);
}

TEST_F(SandboxBombs, Sbx01_ForkBombStopsAtTheLimit) {
  if (!works()) {
    return;
  }
  const Ran ran = python(R"(import os, time
children = 0
try:
    while children < 5000:
        if os.fork() == 0:
            time.sleep(600)
        children += 1
except OSError as error:
    print('refused after', children, flush=True)
)");
  if (ran.end == End::exited) {
    EXPECT_THAT(ran.out, HasSubstr("refused after "));
    EXPECT_LT(std::atoi(ran.out.c_str() + std::string("refused after ").size()), 70) << ran.out;
  } else {
    EXPECT_TRUE(ran.end == End::processes || ran.end == End::memory);
  }
}

TEST_F(SandboxBombs, Sbx01_MemoryBombFails) {
  if (!works()) {
    return;
  }
  const Ran one = python("x = bytearray(3 * 1024 ** 3)\nprint('got it')");
  EXPECT_NE(one.status, 0);
  EXPECT_THAT(one.err, HasSubstr("MemoryError"));
  // Each below the limit of one process, all together above.
  const Ran many = run(score::kPython,
                       R"(import os, time
for i in range(20):
    if os.fork() == 0:
        block = bytearray(b'x' * (60 * 1024 ** 2))
        time.sleep(600)
time.sleep(600)
)",
                       std::chrono::seconds(120),
                       256);
  EXPECT_EQ(many.end, End::memory);
}

TEST_F(SandboxBombs, Sbx01_DiskBombFails) {
  if (!works()) {
    return;
  }
  const Ran ran = python(R"(import errno, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for name in ('/tmp/a', '/answer/b', '/usr/c', '/etc/d', '/e', '/dev/shm/f', '/dev/g'):
    size = 0
    try:
        with open(name, 'wb', buffering=0) as file:
            for i in range(64):
                size += file.write(b'x' * 1024 ** 2)
    except OSError as error:
        print(name, errno.errorcode[error.errno], size // 1024 ** 2)
)");
  EXPECT_THAT(ran.out, HasSubstr("/usr/c EROFS 0"));
  EXPECT_THAT(ran.out, HasSubstr("/e EROFS 0"));
  for (const auto line : split(ran.out, '\n')) {
    const auto last = line.rfind(' ');
    if (last != std::string_view::npos) {
      EXPECT_LE(std::stoi(std::string(line.substr(last + 1))), 16) << line;
    }
  }
  EXPECT_EQ(split(ran.out, '\n').size(), 8U) << ran.out << ran.err;
  // Many files do not get around the size of one.
  const Ran many = run(score::kShell, R"(for folder in /tmp /dev/shm; do
  n=0
  while [ $n -lt 40 ] && head -c 1000000 /dev/zero > $folder/$n 2> /dev/null; do n=$((n + 1)); done
  echo $folder $n
done)");
  EXPECT_THAT(many.out, ::testing::MatchesRegex("/tmp 1[0-9]\n/dev/shm [01]\n"));
}

TEST_F(SandboxBombs, Sbx01_NetworkIsNotThere) {
  if (!works()) {
    return;
  }
  const Ran ran = python(R"(import socket
for address in (('127.0.0.1', 22), ('192.0.2.1', 80)):
    try:
        socket.create_connection(address, timeout=5)
        print('connected')
    except OSError as error:
        print('no')
print(sorted(name for _, name in socket.if_nameindex()))
)");
  EXPECT_EQ(ran.out, "no\nno\n['lo']\n") << ran.err;
}

TEST_F(SandboxBombs, Sbx01_Key02_EnvironmentHasOnlyPath) {
  if (!works()) {
    return;
  }
  ::setenv("OPENAI_API_KEY", "sentinel-value", 1);
  const Ran ran =
      run(score::kShell, "/usr/bin/env; cat /proc/*/environ 2> /dev/null | tr '\\0' '\\n'");
  ::unsetenv("OPENAI_API_KEY");
  EXPECT_THAT(ran.out, HasSubstr("PATH=" + kPath));
  EXPECT_THAT(ran.out, Not(HasSubstr("sentinel-value")));
  EXPECT_THAT(ran.out, Not(HasSubstr("HOME=")));
}

TEST_F(SandboxBombs, Sbx01_FilesOfTheMachineAreNotThere) {
  if (!works()) {
    return;
  }
  const Ran ran = python(R"(import os
for path in ('/etc/passwd', '/etc/shadow', '/home', '/root', '/sys', '/var', '/proc/1/root/home'):
    print(path, os.path.exists(path))
print(sorted(int(fd) for fd in os.listdir('/proc/self/fd'))[:3])
for fd in range(3, 100):
    try:
        os.write(fd, b'x')
        print('wrote to', fd)
    except OSError:
        pass
)");
  EXPECT_THAT(ran.out, Not(HasSubstr("True")));
  EXPECT_THAT(ran.out, Not(HasSubstr("wrote to"))) << ran.out;
}

std::string read_proc(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST_F(SandboxBombs, Sbx01_DaemonDiesWithTheProgram) {
  if (!works()) {
    return;
  }
  // It leaves its group and its session and closes what it was given; its name tells it apart.
  const std::string name = fmt::format("{}.5", 100000 + ::getpid());
  const Ran ran = python(fmt::format(R"(import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for fd in range(3):
            os.close(fd)
        os.execv('/usr/bin/sleep', ['sleep', '{}'])
    os._exit(0)
time.sleep(0.2)
print('left')
)",
                                     name));
  EXPECT_EQ(ran.out, "left\n") << ran.err;
  const auto alive = [&name] {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
      // A process may end while it is looked at.
      if (read_proc(entry.path() / "cmdline").find(name) != std::string::npos) {
        return true;
      }
    }
    return false;
  };
  bool gone = false;
  for (int i = 0; i < 600 && !gone; ++i) {
    gone = !alive();
    if (!gone) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  EXPECT_TRUE(gone);
}

TEST_F(SandboxBombs, Sbx01_PtraceAndForeignProcessesAreOutOfReach) {
  if (!works()) {
    return;
  }
  const Ran ran = python(fmt::format(R"(import ctypes, errno, os, signal
libc = ctypes.CDLL(None, use_errno=True)
for pid in (1, os.getppid()):
    print(libc.ptrace(16, pid, 0, 0), errno.errorcode[ctypes.get_errno()])
print(libc.ptrace(0, 0, 0, 0), errno.errorcode[ctypes.get_errno()])
print(libc.unshare(0x10000000), errno.errorcode[ctypes.get_errno()])
print(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None), errno.errorcode[ctypes.get_errno()])
print({} in [int(name) for name in os.listdir('/proc') if name.isdigit()])
)",
                                     ::getpid()));
  EXPECT_EQ(ran.out, "-1 EPERM\n-1 EPERM\n-1 EPERM\n-1 EPERM\n-1 EPERM\nFalse\n") << ran.err;
}

TEST_F(SandboxBombs, Sbx01_OutputFloodIsCut) {
  if (!works()) {
    return;
  }
  const Ran ran = run(score::kShell, "yes 'all work and no play'");
  EXPECT_EQ(ran.end, End::output);
  EXPECT_LT(ran.out.size(), 2UL * 1024 * 1024);
}

TEST_F(SandboxBombs, Sbx01_EndlessLoopIsKilled) {
  if (!works()) {
    return;
  }
  const Ran ran = python("while True:\n    pass", std::chrono::seconds(1));
  EXPECT_EQ(ran.end, End::time);
  const Ran asleep = python("import time\ntime.sleep(600)", std::chrono::seconds(1));
  EXPECT_EQ(asleep.end, End::time);
}

TEST_F(SandboxBombs, Crs06_EndsWhenTheRunIsCancelled) {
  if (!works()) {
    return;
  }
  const std::atomic<bool> cancelled{true};
  const auto ran = sandbox()->run({.language = std::string(score::kShell),
                                   .source = "sleep 600",
                                   .time = std::chrono::seconds(600),
                                   .memory_mib = 64},
                                  cancelled);
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->end, End::cancelled);
}

TEST(SandboxRefusal, Sbx02_NamesThePackageWhenBubblewrapIsMissing) {
  const test::TempFolder folder;
  const auto sandbox = Sandbox::find(folder.path().string());
  ASSERT_FALSE(sandbox);
  EXPECT_EQ(sandbox.error().kind, ErrorKind::usage);
  EXPECT_EQ(sandbox.error().message,
            "no sandbox: bubblewrap (bwrap) is not installed; install the package bubblewrap");
}

TEST(SandboxRefusal, Sbx02_SaysWhyWhenNamespacesAreForbidden) {
  const test::TempFolder folder;
  const auto bwrap = folder.write("bwrap",
                                  "#!/bin/sh\n"
                                  "echo 'bwrap: No permissions to create new namespace' >&2\n"
                                  "exit 1\n");
  ::chmod(bwrap.c_str(), 0755);
  ::chmod(folder.path().c_str(), 0755);
  const auto sandbox = Sandbox::find(folder.path().string());
  ASSERT_FALSE(sandbox);
  EXPECT_THAT(sandbox.error().message, HasSubstr("No permissions to create new namespace"));
  EXPECT_THAT(sandbox.error().message, HasSubstr("AppArmor profile"));
}

}  // namespace
}  // namespace faceoff::run
