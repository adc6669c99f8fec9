#include "code_scorer.h"

#include "code_text.h"
#include "options.h"
#include "scores.h"
#include "words.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

constexpr double kMaxSeconds = 600;
constexpr std::size_t kMaxMemoryMib = 65'536;
constexpr std::size_t kShownError = 160;

struct Rules {
  std::string before;
  std::optional<std::string> tests;  // absent: the case's target
  bool last = false;                 // of several code blocks
  Duration time = std::chrono::seconds(10);
  std::uint64_t memory_mib = 512;
};

// The last line of what a program said that tells something.
std::string last_words(std::string_view text) {
  std::string_view found;
  for (const std::string_view line : split(text, '\n')) {
    if (!is_blank(line)) {
      found = line;
    }
  }
  return clip(trim(found), kShownError);
}

class Code final : public Scorer {
 public:
  Code(const CodeLanguage& language, Rules rules) : language_(language), rules_(std::move(rules)) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const std::string code = code_of(input.completion.text);
    if (is_blank(code)) {
      return not_judged(language_.scorer, Verdict::no_extraction, "the answer holds no code");
    }
    if (input.outside == nullptr) {
      return not_judged(language_.scorer, Verdict::unscored, "no code may be run here");
    }
    const std::string& tests = rules_.tests ? *rules_.tests : input.item.targets.front();
    const std::string token = "passed-" + sha256_hex(code + tests).substr(0, 16);
    const auto ran = input.outside->run({.language = std::string(language_.name),
                                         .source = program(code, tests, token),
                                         .time = rules_.time,
                                         .memory_mib = rules_.memory_mib});
    if (!ran || ran->end == End::cancelled) {
      return not_judged(
          language_.scorer,
          Verdict::unscored,
          ran ? "stopped before the code had ended; faceoff rescore runs it" : ran.error().message);
    }
    const bool passed = ran->end == End::exited && ran->status == 0 && ends_with(ran->out, token);
    return passed_or_not(language_.scorer, passed, code, passed ? "the tests pass" : why_not(*ran));
  }

  [[nodiscard]] std::optional<std::string> objection(const suite::Case& item) const override {
    if (!rules_.tests && item.targets.size() != 1) {
      return fmt::format("'{}' takes its tests from the option 'tests' or from the only target",
                         language_.scorer);
    }
    return std::nullopt;
  }

  void add_needs(Needs& needs) const override { needs.languages.emplace(language_.name); }

 private:
  // The block of this language, else one of no language; an answer without any is code itself.
  [[nodiscard]] std::string code_of(std::string_view answer) const {
    const std::string text = to_valid_utf8(answer);
    const auto blocks = code_blocks(text);
    const auto ours = [&](const CodeBlock& block) {
      return std::ranges::find(language_.fences, block.language) != language_.fences.end();
    };
    const auto unnamed = [](const CodeBlock& block) { return block.language.empty(); };
    for (const auto& wanted : {std::function<bool(const CodeBlock&)>(ours),
                               std::function<bool(const CodeBlock&)>(unnamed)}) {
      const CodeBlock* found = nullptr;
      for (const CodeBlock& block : blocks) {
        if (wanted(block) && (found == nullptr || rules_.last)) {
          found = &block;
        }
      }
      if (found != nullptr) {
        return found->text;
      }
    }
    return blocks.empty() ? text : std::string();
  }

  [[nodiscard]] std::string program(const std::string& code,
                                    const std::string& tests,
                                    const std::string& token) const {
    std::string out = rules_.before;
    out += rules_.before.empty() ? "" : "\n";
    out += code + "\n" + std::string(language_.before_tests) + "\n" + tests + "\n";
    out += fmt::format(fmt::runtime(language_.last_line), token);
    return out + "\n";
  }

  static bool ends_with(std::string_view text, std::string_view token) {
    return trim(text).ends_with(token);
  }

  [[nodiscard]] std::string why_not(const Ran& ran) const {
    switch (ran.end) {
      case End::time:
        return fmt::format("still running after {} s; killed", to_seconds(rules_.time));
      case End::memory:
        return fmt::format("took more than {} MiB of memory; killed", rules_.memory_mib);
      case End::processes:
        return "started too many processes; killed";
      case End::output:
        return "wrote too much; killed";
      case End::killed:
        return fmt::format("killed by signal {}", ran.status);
      case End::exited:
      case End::cancelled:
        break;
    }
    if (ran.status == 0) {
      return "the program ended before the tests did";
    }
    const std::string words = last_words(to_valid_utf8(ran.err));
    return words.empty() ? fmt::format("the tests fail (exit {})", ran.status)
                         : fmt::format("the tests fail: {}", words);
  }

  const CodeLanguage& language_;
  Rules rules_;
};

}  // namespace

std::unique_ptr<Scorer> make_code_scorer(const CodeLanguage& language,
                                         const suite::ScorerSpec& spec,
                                         doc::Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 2> kPicks{"first", "last"};
  Options options(spec, diagnostics);
  Rules rules;
  if (auto tests = options.texts("tests"); !tests.empty()) {
    rules.tests = join(tests, "\n");
  }
  rules.before = join(options.texts("before"), "\n");
  rules.last = options.word("pick", kPicks, 0) == 1;
  rules.time = from_ms(1000 * options.number("seconds", 10, 0.1, kMaxSeconds));
  rules.memory_mib = options.count("memory_mib", 512, 16, kMaxMemoryMib);
  return options.finish() ? std::make_unique<Code>(language, std::move(rules)) : nullptr;
}

}  // namespace faceoff::score
