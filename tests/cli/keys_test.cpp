#include "program.h"

#include <faceoff/base/base64.h>
#include <faceoff/base/files.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;

using test::Program;
using test::StandIn;
using testing::HasSubstr;
using testing::Not;

// Needs escaping in URLs, in JSON and in headers, and has no vendor's shape.
const std::string kSentinel = R"(Sentinel/Zq7+"K\9=x%41&yW-tail)";

// Every form that a careless server or encoder gives a key, made without the product's help.
std::vector<std::string> forms_of(const std::string& key) {
  std::vector<std::string> forms{key, std::string(key.rbegin(), key.rend())};
  std::string all_upper;
  std::string all_lower;
  std::string some_upper;
  std::string some_lower;
  std::string json;
  std::string slashed;
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || c == '-';
    all_upper += fmt::format("%{:02X}", byte);
    all_lower += fmt::format("%{:02x}", byte);
    some_upper += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    some_lower += plain ? std::string(1, c) : fmt::format("%{:02x}", byte);
    json += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
    slashed += (c == '"' || c == '\\' || c == '/' ? "\\" : "") + std::string(1, c);
  }
  for (auto& form : {all_upper, all_lower, some_upper, some_lower, json, slashed}) {
    forms.push_back(form);
  }
  for (std::size_t shift = 0; shift < 3; ++shift) {
    std::string text = to_base64(std::string(shift, 'x') + key);
    text.erase(0, shift == 0 ? 0 : shift + 1);
    forms.push_back(text);
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    forms.push_back(text);
  }
  return forms;
}

// The first form of which the first or the last 12 characters stand in the text, or "".
std::string trace_in(const std::string& text, const std::string& key) {
  constexpr std::size_t kPart = 12;
  for (const auto& form : forms_of(key)) {
    if (text.find(form.substr(0, kPart)) != std::string::npos ||
        text.find(form.substr(form.size() - kPart)) != std::string::npos) {
      return form;
    }
  }
  return {};
}

class Keys : public testing::Test {
 protected:
  Keys() { program_.write("s.yaml", test::kSuite); }

  void expect_no_trace(const faceoff::test::Finished& done) const {
    EXPECT_EQ(trace_in(done.out, kSentinel), "") << done.out;
    EXPECT_EQ(trace_in(done.err, kSentinel), "") << done.err;
    for (const auto& entry : fs::recursive_directory_iterator(program_.folder())) {
      if (entry.is_regular_file() && entry.path().filename() != "stand-in.yaml") {
        EXPECT_EQ(trace_in(read_file(entry.path()).value_or(""), kSentinel), "") << entry.path();
      }
    }
  }
  // Loud in every way that there is.
  [[nodiscard]] faceoff::test::Finished run_loudly(const std::string& folder) const {
    return program_.run({"run",
                         "s.yaml",
                         "-b",
                         "x=openai:m",
                         "-o",
                         folder,
                         "-vv",
                         "--log-file",
                         folder + ".log",
                         "--format",
                         "table",
                         "--format",
                         "md:" + folder + ".md",
                         "--format",
                         "json:" + folder + ".json",
                         "--max-error-rate",
                         "100%"});
  }

  void point_at(const StandIn& server) {
    program_.set("OPENAI_BASE_URL", server.url() + "/v1");
    program_.set("OPENAI_API_KEY", kSentinel);
  }

  Program program_;
};

TEST_F(Keys, TheTestItselfFindsEveryForm) {
  for (const auto& form : forms_of(kSentinel)) {
    EXPECT_NE(trace_in("before " + form.substr(0, 14) + " after", kSentinel), "") << form;
  }
  EXPECT_EQ(trace_in("nothing of the kind", kSentinel), "");
}

TEST_F(Keys, KEY_01_AServerThatEchoesTheKeyEverywhereLeavesNoTraceOfIt) {
  const StandIn server(
      program_,
      "answers: s.yaml\n"
      "rules:\n"
      "  - {match: \"15 + 9\", answer: 'your key is " +
          kSentinel +
          "'}\n"
          "faults:\n"
          "  - {kind: status, status: 429, body_type: echo_key, retry_after: 0, "
          "attempts: 1, match: \"1 + 1\"}\n"
          "  - {kind: status, status: 500, body_type: echo_key, attempts: 1, "
          "match: \"1 + 2\"}\n"
          "  - {kind: status, status: 400, body_type: echo_key, match: \"1 + 3\"}\n"
          "  - {kind: stream_error, body_type: echo_key, after_tokens: 0, "
          "attempts: 1, match: \"16 + 10\"}\n"
          "  - {kind: status, status: 503, body_type: echo_key, match: \"1 + 5\"}\n");
  point_at(server);
  const auto done = run_loudly("r");
  EXPECT_THAT(done.err, HasSubstr("[redacted]"));
  expect_no_trace(done);
  const std::string log = read_file(program_.folder() / "r.log").value_or("");
  EXPECT_THAT(log, HasSubstr("case a"));
  EXPECT_THAT(read_file(program_.folder() / "r/records.jsonl").value_or(""),
              HasSubstr("your key is [redacted]"));
  for (const char* command : {"report", "compare"}) {
    expect_no_trace(program_.run({command, "r", "--format", "json"}));
  }
}

TEST_F(Keys, KEY_01_ARefusedKeyIsNotRepeated) {
  const StandIn server(
      program_, "answers: s.yaml\nfaults:\n  - {kind: status, status: 401, body_type: echo_key}\n");
  point_at(server);
  const auto done = run_loudly("r");
  EXPECT_EQ(done.exit, 4);
  EXPECT_THAT(done.err, HasSubstr("[redacted]"));
  expect_no_trace(done);
  // The reader of a report sees the cause, too.
  expect_no_trace(program_.run({"report", "r", "--format", "md"}));
}

TEST_F(Keys, KEY_02_TheKeyStandsInNoCommandLineAndInNoChildsEnvironment) {
  // A program in the place of llama-server that writes down what it was given.
  program_.write("spy",
                 "#!/bin/sh\nenv > spied\necho \"$0 $*\" >> spied\ntr '\\0' ' ' < "
                 "/proc/$PPID/cmdline >> spied\n");
  ASSERT_EQ(::chmod((program_.folder() / "spy").c_str(), 0755), 0);
  program_.set("LLAMA_SERVER", (program_.folder() / "spy").string());
  program_.set("OPENAI_API_KEY", kSentinel);
  program_.set("LLAMA_API_KEY", kSentinel);
  program_.set("LLAMA_ARG_API_KEY", kSentinel);
  program_.set("MY_TOKEN", kSentinel);
  program_.write("key", kSentinel + "\n");
  ::chmod((program_.folder() / "key").c_str(), 0600);
  const std::string model = std::string(FACEOFF_SOURCE_DIR) + "/models/nano.gguf";
  const auto done = program_.run({"run",
                                  "s.yaml",
                                  "-b",
                                  "gpt=openai:m@http://127.0.0.1:9/v1",
                                  "-b",
                                  "here=llama-server:" + model,
                                  "--api-key-file",
                                  "gpt=key",
                                  "-o",
                                  "r"});
  EXPECT_EQ(done.exit, 4) << done.err;
  const std::string spied = read_file(program_.folder() / "spied").value_or("");
  EXPECT_THAT(spied, HasSubstr("--api-key-file gpt=key"));
  EXPECT_THAT(spied, HasSubstr("PATH="));
  EXPECT_EQ(trace_in(spied, kSentinel), "") << spied;
  EXPECT_THAT(spied, Not(HasSubstr("API_KEY=")));
  EXPECT_THAT(spied, Not(HasSubstr("MY_TOKEN")));
}

TEST_F(Keys, KEY_04_AProjectsHostGetsTheKeyOnlyWhenTheUserAllowsIt) {
  const StandIn server(program_, "answers: s.yaml\nkeys: ['" + kSentinel + "']\n");
  program_.set("OPENAI_API_KEY", kSentinel);
  program_.write(
      "faceoff.yaml",
      "backends:\n  x: {adapter: openai, model: m, base_url: '" + server.url() + "/v1'}\n");
  const auto refused = program_.run({"run", "s.yaml", "-b", "x", "-o", "r"});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, HasSubstr("--allow-host 127.0.0.1:"));
  EXPECT_THAT(refused.err, HasSubstr("user config"));
  EXPECT_EQ(trace_in(refused.err, kSentinel), "");
  EXPECT_FALSE(fs::exists(program_.folder() / "r"));
  const auto allowed =
      program_.run({"run", "s.yaml", "-b", "x", "-o", "r", "--allow-host", "127.0.0.1"});
  EXPECT_EQ(allowed.exit, 0) << allowed.err;
  fs::create_directories(program_.folder() / ".config/faceoff");
  program_.write(".config/faceoff/config.yaml", "allow_hosts: [127.0.0.1]\n");
  EXPECT_EQ(program_.run({"run", "s.yaml", "-b", "x", "-o", "r2"}).exit, 0);
}

TEST_F(Keys, KEY_05_PlainHttpToAnotherMachineIsRefused) {
  program_.set("OPENAI_API_KEY", kSentinel);
  program_.set("OPENAI_BASE_URL", "http://10.0.0.5");
  const auto done = program_.run({"run", "s.yaml", "-b", "x=openai:m", "-o", "r"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, HasSubstr("unencrypted"));
  EXPECT_THAT(done.err, HasSubstr("--allow-host 10.0.0.5:80"));
  // Allowed, it is only not reached.
  EXPECT_EQ(
      program_.run({"run", "s.yaml", "-n", "-b", "x=openai:m", "--allow-host", "10.0.0.5"}).exit,
      0);
}

TEST_F(Keys, KEY_06_FilesAreTrimmedAndWarnedOfWhenOthersMayReadThem) {
  const StandIn server(program_, "answers: s.yaml\nkeys: ['" + kSentinel + "']\n");
  program_.set("OPENAI_BASE_URL", server.url() + "/v1");
  int number = 0;
  for (const std::string& text :
       {kSentinel, kSentinel + "\n", kSentinel + "\r\n", "\xEF\xBB\xBF" + kSentinel + "\n"}) {
    const auto file = program_.write("key", text);
    const bool open = number % 2 == 0;
    ASSERT_EQ(::chmod(file.c_str(), open ? 0644 : 0600), 0);
    const auto done = program_.run({"run",
                                    "s.yaml",
                                    "-b",
                                    "x=openai:m",
                                    "--api-key-file",
                                    "key",
                                    "-o",
                                    "r" + std::to_string(number)});
    EXPECT_EQ(done.exit, 0) << done.err;
    EXPECT_EQ(done.err.find("chmod 600 key") != std::string::npos, open) << done.err;
    ++number;
  }
  EXPECT_EQ(trace_in(read_file(program_.folder() / "r0/run.json").value_or(""), kSentinel), "");
}

TEST_F(Keys, KEY_06_WhatCannotBeAKeyIsRefusedUnseen) {
  for (const std::string& text : {std::string("two words-of-a-key"),
                                  std::string("a-key\nand-another-line"),
                                  std::string("key-with-\x01-control"),
                                  std::string(" \r\n"),
                                  std::string(100'000, 'k')}) {
    const auto file = program_.write("key", text);
    ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
    const auto done =
        program_.run({"run", "s.yaml", "-b", "x=openai:m", "--api-key-file", "x=key", "-o", "r"});
    EXPECT_EQ(done.exit, 2) << done.err;
    EXPECT_THAT(done.err, HasSubstr("key"));
    for (const char* part : {"words-of", "another-line", "-control", "kkkk"}) {
      EXPECT_THAT(done.err, Not(HasSubstr(part)));
    }
  }
  const auto missing =
      program_.run({"run", "s.yaml", "-b", "x=openai:m", "--api-key-file", "nowhere"});
  EXPECT_EQ(missing.exit, 6);
  EXPECT_THAT(missing.err, HasSubstr("nowhere"));
}

TEST_F(Keys, KEY_06_AFileIsMeantForOneBackend) {
  program_.write("key", kSentinel);
  const auto run = [&](const std::string& file) {
    return program_.run({"run",
                         "s.yaml",
                         "-n",
                         "-b",
                         "x=openai:m",
                         "-b",
                         "y=openai:n",
                         "-b",
                         "z=simulate:missing.yaml",
                         "--api-key-file",
                         file});
  };
  EXPECT_THAT(run("key").err, HasSubstr("x and y take keys; write NAME=PATH"));
  EXPECT_THAT(run("w=key").err, HasSubstr("no backend of this run is called 'w'"));
}

TEST_F(Keys, KEY_06_AProgramOfTheUsersConfigurationGivesTheKey) {
  const StandIn server(program_, "answers: s.yaml\nkeys: ['" + kSentinel + "']\n");
  program_.write("key", kSentinel + "\n");
  fs::create_directories(program_.folder() / ".config/faceoff");
  const auto configure = [&](const std::string& command) {
    program_.write(".config/faceoff/config.yaml",
                   "backends:\n  x: {adapter: openai, model: m, base_url: '" + server.url() +
                       "/v1', api_key_command: " + command + "}\n");
  };
  configure("[cat, key]");
  const auto done = program_.run({"run", "s.yaml", "-b", "x", "-o", "r", "-vv"});
  EXPECT_EQ(done.exit, 0) << done.err;
  fs::remove(program_.folder() / "key");
  expect_no_trace({.exit = 0, .out = done.out, .err = done.err});
}

TEST_F(Keys, KEY_06_AProgramThatFailsIsNamedWithoutItsOutput) {
  program_.write("key", kSentinel);
  fs::create_directories(program_.folder() / ".config/faceoff");
  const auto run = [&](const std::string& command, const std::vector<std::string>& more = {}) {
    program_.write(
        ".config/faceoff/config.yaml",
        "backends:\n  x: {adapter: openai, model: m, api_key_command: " + command + "}\n");
    std::vector<std::string> words{"run", "s.yaml", "-b", "x", "-o", "r"};
    words.insert(words.end(), more.begin(), more.end());
    return program_.run(words);
  };
  const auto failed = run("[sh, -c, 'cat key; cat key >&2; exit 3']");
  EXPECT_EQ(failed.exit, 2);
  EXPECT_THAT(failed.err, HasSubstr("api_key_command 'sh' ended with status 3"));
  EXPECT_EQ(trace_in(failed.err + failed.out, kSentinel), "");
  EXPECT_THAT(run("[no-such-program]").err, HasSubstr("'no-such-program' cannot be started"));
  EXPECT_THAT(run("['true']").err, HasSubstr("holds no key"));
  // No shell: what looks like one is an argument.
  EXPECT_EQ(run("[echo, a; touch made]", {"-n"}).exit, 0);
  EXPECT_FALSE(fs::exists(program_.folder() / "made"));
  // A dry run starts nothing.
  EXPECT_EQ(run("[sh, -c, 'touch made; cat key']", {"-n"}).exit, 0);
  EXPECT_FALSE(fs::exists(program_.folder() / "made"));
}

TEST_F(Keys, KEY_08_ACrashLeavesNoCoreAndNoKey) {
  const StandIn server(program_, "answers: s.yaml\nfaults:\n  - {kind: stall, after_tokens: 0}\n");
  point_at(server);
  const auto run =
      program_.start({"run", "s.yaml", "-b", "x=openai:m", "-o", "r", "--progress", "plain"});
  ASSERT_TRUE(run->await_err("in flight"));
  const std::string limits =
      read_file("/proc/" + std::to_string(run->pid()) + "/limits").value_or("");
  const auto core = limits.find("Max core file size");
  ASSERT_NE(core, std::string::npos);
  EXPECT_EQ(limits.substr(core + 26, 1), "0") << limits;
  run->signal(SIGABRT);
  const auto done = run->wait();
  EXPECT_EQ(done.exit, 128 + SIGABRT);
  expect_no_trace(done);
  for (const auto& entry : fs::recursive_directory_iterator(program_.folder())) {
    EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr("core")));
  }
}

class UsersOnly : public Keys, public testing::WithParamInterface<std::string> {};

TEST_P(UsersOnly, SUI_06_IsRefusedInAProjectFileAndInASuite) {
  const std::string key = GetParam();
  const std::string value = "Sentinel-value-of-a-setting";
  const auto refused = [&](const std::string& config, const std::string& suite) {
    program_.write("faceoff.yaml", config);
    program_.write("t.yaml", suite);
    const auto done = program_.run({"run", "t.yaml", "-b", "a=simulate:missing.yaml", "-o", "r"});
    EXPECT_EQ(done.exit, 2) << done.err;
    EXPECT_THAT(done.err, HasSubstr("'" + key + "' is not accepted in"));
    EXPECT_THAT(done.err, HasSubstr("nothing was sent"));
    if (key == "api_key") {
      EXPECT_THAT(done.err, Not(HasSubstr(value)));
    }
  };
  refused(key + ": " + value + "\n", test::kSuite);
  refused("backends:\n  b: {adapter: openai, model: m, " + key + ": " + value + "}\n",
          test::kSuite);
  refused("{}\n", std::string(test::kSuite) + key + ": " + value + "\n");
}

INSTANTIATE_TEST_SUITE_P(Setting,
                         UsersOnly,
                         testing::Values("api_key",
                                         "api_key_file",
                                         "api_key_command",
                                         "key_env",
                                         "allow_hosts",
                                         "tls",
                                         "proxy",
                                         "sandbox",
                                         "hooks"),
                         [](const auto& setting) { return setting.param; });

}  // namespace
}  // namespace faceoff::cli
