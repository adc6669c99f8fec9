// What the shells offer behind a word: asked of the program, and in real shells where they are.
#include "program.h"

#include <faceoff/base/files.h>
#include <faceoff/base/text.h>
#include <faceoff/store/run_folder.h>

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::cli {
namespace {

using test::Program;
using testing::HasSubstr;
using testing::StartsWith;

// A line as somebody types it, and what the Tab key makes of it.
struct Typed {
  std::string line;
  std::string expected;
};

class CompletionsTest : public testing::Test {
 protected:
  CompletionsTest() {
    program_.write("s.yaml", test::kSuite);
    program_.write("good.yaml", "answers: s.yaml\n");
    program_.write("faceoff.yaml", "backends:\n  local: {adapter: ollama, model: m}\n");
  }
  void run(const std::string& script) const {
    const auto done = program_.run({"run", "s.yaml", "-b", "a=simulate:" + script, "-q"});
    ASSERT_EQ(done.exit, 0) << done.err;
  }
  // The random end of the run's id.
  [[nodiscard]] std::string id() const {
    const auto run = store::open_run(store::list_runs(program_.folder() / "results").front());
    return run ? store::short_id(run->manifest) : "";
  }
  // Every shell knows these.
  [[nodiscard]] std::vector<Typed> typed() const {
    return {{"faceoff tr", "trend"},
            {"faceoff trend su", "sums"},
            {"faceoff show lat", "latest"},
            {"faceoff show " + id().substr(0, 6), id()},
            {"faceoff run s.yaml -b loc", "local"},
            {"faceoff run s.yaml --filter tag:ha", "tag:hard"},
            {"faceoff run 's.yaml' --filter tag:ha", "tag:hard"},
            {"faceoff run --concurr", "--concurrency"},
            {"faceoff report --format html:goo", "html:good.yaml"}};
  }
  // Runs a shell, if there is one, on a script with the program in front of the path.
  [[nodiscard]] std::optional<std::string> shell(const std::string& name,
                                                 std::vector<std::string> words) const {
    std::string path;
    for (const char* folder : {"/bin/", "/usr/bin/", "/usr/local/bin/"}) {
      path = path.empty() && std::filesystem::exists(folder + name) ? folder + name : path;
    }
    if (path.empty()) {
      return std::nullopt;
    }
    words.insert(words.begin(), path);
    const std::string tools = std::filesystem::path(FACEOFF_PROGRAM).parent_path().string();
    const auto done = faceoff::test::Process(words,
                                             {.environment = {{"PATH", tools + ":/usr/bin:/bin"},
                                                              {"HOME", program_.folder().string()},
                                                              {"TERM", "xterm"},
                                                              {"LANG", "C.UTF-8"}},
                                              .folder = program_.folder()})
                          .wait();
    EXPECT_EQ(done.exit, 0) << done.err;
    return done.out;
  }

  Program program_;
};

TEST_F(CompletionsTest, CompletionsKnowCommandsFlagsRunsAndTags) {
  run("good.yaml");
  program_.write("faceoff.yaml", "backends:\n  local: {adapter: ollama, model: m}\n");
  const auto ask = [this](std::vector<std::string> words) {
    words.insert(words.begin(), {"__complete", "--"});
    return program_.run(words).out;
  };
  EXPECT_THAT(ask({"tr"}), StartsWith("trend\t"));
  EXPECT_THAT(ask({"run", "--conc"}), StartsWith("--concurrency\t"));
  EXPECT_THAT(ask({"run", "s.yaml", "-b", ""}), HasSubstr("local\tm\n"));
  EXPECT_THAT(ask({"run", "s.yaml", "--filter", "tag:h"}), HasSubstr("tag:hard\t5 cases\n"));
  EXPECT_THAT(ask({"report", "--format", "ju"}), StartsWith("junit\t"));
  EXPECT_THAT(ask({"show", "la"}), StartsWith("latest\t"));
  EXPECT_THAT(ask({"show", "latest", "c"}), StartsWith("c\teasy\n"));
  EXPECT_THAT(ask({"trend", ""}), HasSubstr("sums\t1 runs"));
  EXPECT_THAT(ask({"list", "sc"}), StartsWith("scorers"));
  EXPECT_THAT(ask({"report", "--format", "csv:"}), HasSubstr(":files"));
  EXPECT_THAT(ask({"trend", "--format", ""}), HasSubstr("html"));
  EXPECT_THAT(ask({"trend", "--format", "html:"}), HasSubstr(":files"));
  EXPECT_EQ(ask({"nonsense", ""}), "");
}

TEST_F(CompletionsTest, CompletionsOfferNothingThatAShellActsOn) {
  program_.write("evil.yaml",
                 "suite: e\ncases: [{id: \"$(touch x)\", prompt: hi, target: x, score: exact, "
                 "tags: [\"`x`\"]}]\n");
  EXPECT_EQ(program_.run({"run", "evil.yaml", "-b", "a=simulate:good.yaml", "-q"}).exit, 0);
  EXPECT_EQ(program_.run({"__complete", "--", "show", "latest", ""}).out, "");
  EXPECT_EQ(program_.run({"__complete", "--", "run", "evil.yaml", "--filter", ""}).out, "");
}

TEST_F(CompletionsTest, BashTakesThem) {
  run("good.yaml");
  std::string script = program_.run({"completions", "bash"}).out;
  for (const Typed& each : typed()) {
    // Bash hands its words over without their quotes only where they are assigned like this.
    script += "COMP_WORDS=(" + each.line + ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_faceoff\n" +
              "printf '%s\\n' \"${COMPREPLY[0]}\"\n";
  }
  program_.write("c.bash", script);
  const auto out = shell("bash", {"--norc", "c.bash"});
  if (!out) {
    GTEST_SKIP() << "there is no bash";
  }
  std::string expected;
  for (const Typed& each : typed()) {
    expected += each.expected + "\n";
  }
  EXPECT_EQ(*out, expected);
}

TEST_F(CompletionsTest, FishTakesThem) {
  run("good.yaml");
  std::string script = program_.run({"completions", "fish"}).out;
  for (const Typed& each : typed()) {
    script += "complete -C \"" + each.line + "\" | head -n 1 | cut -f 1\n";
  }
  program_.write("c.fish", script);
  const auto out = shell("fish", {"--no-config", "c.fish"});
  if (!out) {
    GTEST_SKIP() << "there is no fish";
  }
  std::string expected;
  for (const Typed& each : typed()) {
    expected += each.expected + "\n";
  }
  EXPECT_EQ(*out, expected);
}

// Types each line into an interactive zsh, presses Tab, and reads what stands there then.
constexpr std::string_view kTyping = R"zsh(
zmodload zsh/zpty
zpty z "zsh -f -i"
zpty -w z "fpath=($PWD/functions \$fpath); autoload -Uz compinit; compinit -u -D; bindkey -e; \
bindkey '^I' complete-word; dump() { print -r -- \"\$BUFFER\" > out.tmp; command mv out.tmp out; BUFFER=; }; \
zle -N dump; bindkey '^O' dump"
for line in "$@"; do
  command rm -f out
  zpty -w -n z "$line"$'\t\x0f'
  repeat 2400; do
    [[ -e out ]] && break
    zpty -r -t z junk
    sleep 0.05
  done
  print -r -- "$(<out)"
done
zpty -d z
)zsh";

TEST_F(CompletionsTest, ZshTakesThem) {
  run("good.yaml");
  std::filesystem::create_directory(program_.folder() / "functions");
  program_.write("functions/_faceoff", program_.run({"completions", "zsh"}).out);
  program_.write("c.zsh", kTyping);
  std::vector<std::string> words{"-f", "c.zsh"};
  std::string expected;
  for (const Typed& each : typed()) {
    words.push_back(each.line);
    const auto word = each.line.rfind(' ') + 1;
    expected += each.line.substr(0, word) + each.expected + " \n";
  }
  const auto out = shell("zsh", words);
  if (!out) {
    GTEST_SKIP() << "there is no zsh";
  }
  EXPECT_EQ(*out, expected);
}

}  // namespace
}  // namespace faceoff::cli
