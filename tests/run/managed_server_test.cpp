#include "support/temp_folder.h"

#include <faceoff/base/files.h>
#include <faceoff/run/managed_server.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;

ManagedPlan shell(std::string script) {
  return {.name = "fake",
          .argv = {"/bin/sh", "-c", std::move(script), "fake"},
          .port_flag = "--port",
          .what = "the fake"};
}

bool is_alive(int pid) {
  return ::kill(pid, 0) == 0;
}

// Waits for a real process; the bound only keeps a broken test from hanging.
template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) {
      return true;
    }
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

TEST(ManagedServer, GetsAPortAndItsOutputIsKept) {
  const test::TempFolder folder;
  const auto log = folder.path() / "log";
  auto server = ManagedServer::start(shell("echo \"args: $*\"; sleep 60"), log);
  ASSERT_TRUE(server) << server.error().message;
  const std::string expected = "args: --port " + std::to_string((*server)->port()) + "\n";
  EXPECT_TRUE(eventually([&] { return read_file(log).value_or("") == expected; }));
  EXPECT_EQ((*server)->post_mortem(), std::nullopt);
}

TEST(ManagedServer, StopsOnRequestWithItsChildren) {
  const test::TempFolder folder;
  auto server = ManagedServer::start(shell("sleep 60 & echo $!; wait"), folder.path() / "log");
  ASSERT_TRUE(server);
  ASSERT_TRUE(eventually([&] { return !read_file(folder.path() / "log").value_or("").empty(); }));
  const int child = std::stoi(*read_file(folder.path() / "log"));
  const int pid = (*server)->pid();
  EXPECT_EQ((*server)->stop(), "signal 15");
  EXPECT_FALSE(is_alive(pid));
  EXPECT_TRUE(eventually([&] { return !is_alive(child); }));
}

TEST(ManagedServer, IsKilledWhenItIgnoresTheRequest) {
  const test::TempFolder folder;
  auto server = ManagedServer::start(shell("trap '' TERM; echo ready; while :; do sleep 1; done"),
                                     folder.path() / "log");
  ASSERT_TRUE(server);
  ASSERT_TRUE(eventually([&] { return !read_file(folder.path() / "log").value_or("").empty(); }));
  EXPECT_EQ((*server)->stop(), "signal 9");
}

TEST(ManagedServer, SaysHowItEndedAndWhatItSaidLast) {
  const test::TempFolder folder;
  auto server =
      ManagedServer::start(shell("echo cannot load the model; exit 3"), folder.path() / "log");
  ASSERT_TRUE(server);
  std::optional<std::string> why;
  ASSERT_TRUE(eventually([&] { return (why = (*server)->post_mortem()).has_value(); }));
  EXPECT_NE(why->find("(exit 3)"), std::string::npos) << *why;
  EXPECT_NE(why->find("cannot load the model"), std::string::npos) << *why;
}

TEST(ManagedServer, SaysWhenTheProgramCannotBeStarted) {
  const test::TempFolder folder;
  const ManagedPlan plan{
      .name = "x", .argv = {"/no/such/program"}, .port_flag = "--port", .what = "x"};
  const auto server = ManagedServer::start(plan, folder.path() / "log");
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().message, "cannot start '/no/such/program': No such file or directory");
}

TEST(ManagedServer, KEY_02_SeesNoKeys) {
  const test::TempFolder folder;
  ::setenv("OPENAI_API_KEY", "sentinel-value", 1);
  ::setenv("LLAMA_ARG_API_KEY", "sentinel-value", 1);
  ::setenv("LLAMA_ARG_THREADS", "2", 1);
  auto server = ManagedServer::start(shell("env; echo end; sleep 60"), folder.path() / "log");
  ASSERT_TRUE(server);
  ASSERT_TRUE(
      eventually([&] { return read_file(folder.path() / "log").value_or("").ends_with("end\n"); }));
  const std::string environment = *read_file(folder.path() / "log");
  EXPECT_EQ(environment.find("sentinel-value"), std::string::npos);
  EXPECT_NE(environment.find("LLAMA_ARG_THREADS=2"), std::string::npos);
  ::unsetenv("OPENAI_API_KEY");
  ::unsetenv("LLAMA_ARG_API_KEY");
  ::unsetenv("LLAMA_ARG_THREADS");
}

TEST(ManagedServer, DiesWithAKilledParent) {
  const test::TempFolder folder;
  const auto log = folder.path() / "log";
  const pid_t parent = ::fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    auto server = ManagedServer::start(shell("echo $$; exec sleep 60"), log);
    ::pause();
    ::_exit(0);
  }
  ASSERT_TRUE(eventually([&] { return read_file(log).value_or("").ends_with("\n"); }));
  const int child = std::stoi(*read_file(log));
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  // An orphan that was killed is reaped by init; until then it is a zombie, which no longer runs.
  EXPECT_TRUE(eventually([&] {
    const auto stat = read_file("/proc/" + std::to_string(child) + "/stat");
    return !is_alive(child) || (stat && stat->find(") Z") != std::string::npos);
  }));
}

}  // namespace
}  // namespace faceoff::run
