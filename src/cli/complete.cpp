#include "complete.h"

#include "config.h"
#include "history.h"
#include "schemas.h"
#include "session.h"

#include <faceoff/backend/backend.h>
#include <faceoff/base/text.h>
#include <faceoff/report/case_views.h>
#include <faceoff/report/reporter.h>
#include <faceoff/score/scorer.h>
#include <faceoff/store/baseline.h>
#include <faceoff/store/run_folder.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMost = 200;

bool is_plain(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._:/@+=,%~-").find(c) != std::string_view::npos;
  });
}

class Completer {
 public:
  Completer(const std::vector<std::string>& words, const Context& context)
      : words_(words), context_(context), current_(words.empty() ? "" : words.back()) {}

  std::string complete() {
    const auto table = commands();
    if (words_.size() <= 1) {
      add("help", "commands, exit codes");
      for (const Command* command : table) {
        add(command->name, command->summary);
      }
      return std::move(out_);
    }
    const auto found = std::ranges::find(table, std::string_view(words_[0]), &Command::name);
    if (words_[0] == "help") {
      add("exit-codes", "what the exit codes mean");
      for (const Command* command : table) {
        add(command->name, command->summary);
      }
    } else if (found != table.end()) {
      in_command(**found);
    }
    return std::move(out_);
  }

 private:
  void add(std::string_view word, std::string_view text = {}) {
    if (!word.starts_with(current_) || !is_plain(word) || count_ >= kMost ||
        !seen_.insert(std::string(word)).second) {
      return;
    }
    ++count_;
    out_ += word;
    if (!text.empty()) {
      out_ += "\t" + fit_width(display_text(text), 60);
    }
    out_ += '\n';
  }
  void files() { out_ += ":files\n"; }
  void each(std::initializer_list<std::string_view> words) {
    for (const auto word : words) {
      add(word);
    }
  }

  static std::vector<Flag> flags_of(const Command& command) {
    std::vector<Flag> flags(command.flags.begin(), command.flags.end());
    flags.insert(flags.end(), global_flags().begin(), global_flags().end());
    return flags;
  }

  void in_command(const Command& command) {
    const auto flags = flags_of(command);
    const std::string& before = words_[words_.size() - 2];
    for (const Flag& flag : flags) {
      const bool named = before == fmt::format("--{}", flag.name) ||
                         (flag.letter != '\0' && before == fmt::format("-{}", flag.letter));
      if (words_.size() > 2 && named && !flag.value.empty()) {
        value_of(command, flag);
        return;
      }
    }
    if (current_.starts_with('-')) {
      for (const Flag& flag : flags) {
        add(fmt::format("--{}", flag.name), flag.help);
      }
      add("--help", "what the command does");
      return;
    }
    positional(command, flags);
  }

  void value_of(const Command& command, const Flag& flag) {
    const std::string_view name = flag.name;
    if (name == "backend") {
      backends();
    } else if (name == "format" && command.name == "check") {
      each({"text", "github"});
    } else if (name == "format" && command.name == "trend" &&
               current_.find(':') == std::string::npos) {
      each({"table", "md", "html", "json"});
    } else if (name == "format") {
      formats();
    } else if (name == "filter" || name == "case") {
      tags();
    } else if (name == "baseline") {
      baselines("");
    } else if (name == "color") {
      each({"auto", "always", "never"});
    } else if (name == "progress") {
      each({"auto", "bar", "plain", "none"});
    } else if (name == "cache") {
      each({"off", "read", "write", "rw"});
    } else if (name == "inconclusive") {
      each({"pass", "fail"});
    } else if (name == "junit-level") {
      each({"gates", "flips", "cases"});
    } else if (flag.value == "PATH" || flag.value == "DIR" || flag.value == "FILE" ||
               flag.value == "[NAME=]PATH") {
      files();
    }
  }

  // Words that stand for themselves so far, without flags and their values.
  std::vector<std::string> plain_words(const std::vector<Flag>& flags) const {
    std::vector<std::string> plain;
    for (std::size_t i = 1; i + 1 < words_.size(); ++i) {
      if (!words_[i].starts_with('-')) {
        plain.push_back(words_[i]);
        continue;
      }
      const auto takes = [&](const Flag& flag) {
        return !flag.value.empty() &&
               (words_[i] == fmt::format("--{}", flag.name) ||
                (flag.letter != '\0' && words_[i] == fmt::format("-{}", flag.letter)));
      };
      i += std::ranges::any_of(flags, takes) ? 1U : 0U;
    }
    return plain;
  }

  void positional(const Command& command, const std::vector<Flag>& flags) {
    const auto before = plain_words(flags);
    if (before.size() >= command.positional.max) {
      return;
    }
    const std::string_view kind = command.positional.name;
    if (command.name == "trend") {
      suites_of_runs();
    } else if (kind == "SUITE") {
      suites();
    } else if (kind == "RUN [CASE]" && before.size() == 1) {
      cases(before.front());
    } else if (kind.starts_with("RUN")) {
      runs();
      if (command.name == "compare") {
        baselines("@");
      }
    } else if (kind == "KIND") {
      each({"suites", "backends", "adapters", "scorers", "formats", "prices", "runs", "baselines"});
    } else if (kind == "WHAT") {
      for (const auto name : kSchemaNames) {
        add(name);
      }
    } else if (kind == "SHELL") {
      each({"bash", "zsh", "fish"});
    } else if (kind == "COMMAND") {
      for (const Command* each : commands()) {
        add(each->name, each->summary);
      }
    } else if (command.name == "baseline") {
      if (before.empty()) {
        each({"set", "show", "list", "rm"});
      } else if (before.size() == 1) {
        baselines("");
      } else {
        runs();
      }
    } else if (kind == "BACKEND") {
      backends();
    }
  }

  const Config& config() {
    if (!config_) {
      doc::Diagnostics ignored;
      config_ = load_config({}, context_, ignored).value_or(Config{});
    }
    return *config_;
  }
  fs::path results() { return results_folder({}, config()); }

  void backends() {
    for (const auto& spec : config().backends) {
      add(spec.name, spec.model.empty() ? spec.adapter : spec.model);
    }
    const auto equals = current_.find('=');
    if (equals != std::string::npos && current_.find(':') == std::string::npos) {
      for (const auto& info : backend::all()) {
        add(current_.substr(0, equals + 1) + std::string(info.id) + ":", info.summary);
      }
    }
  }

  void formats() {
    const auto colon = current_.find(':');
    if (colon != std::string::npos) {
      files();
      return;
    }
    for (const auto& reporter : report::all()) {
      add(reporter.name, reporter.summary);
    }
  }

  // Of the suites that the line names.
  void tags() {
    for (const std::string& word : words_) {
      if (!word.ends_with(".yaml") && !word.ends_with(".yml") && !word.ends_with(".json")) {
        continue;
      }
      doc::Diagnostics ignored;
      if (const auto checked = check_suite(word, RunOptions{}, ignored)) {
        for (const auto& [tag, count] : checked->census.tags) {
          add("tag:" + tag, fmt::format("{} cases", count));
        }
      }
    }
  }

  void runs() {
    add("latest", "the newest run");
    for (const auto& folder : store::list_runs(results())) {
      if (count_ >= kMost) {
        return;
      }
      const std::string id = folder.filename().string();
      const auto run = store::open_run(folder);
      std::string text;
      if (run) {
        text =
            fmt::format("{}, {} cases", store::to_string(run->manifest.state), run->manifest.cases);
      }
      add(id.substr(id.rfind('-') + 1), id + (text.empty() ? "" : ", " + text));
      add(id, text);
    }
    if (current_.find('/') != std::string::npos) {
      files();
    }
  }

  void cases(const std::string& name) {
    const auto folder = store::find_run(results(), name);
    if (!folder) {
      return;
    }
    static_cast<void>(store::read_records(
        *folder, [this](store::Record&& record) { add(record.case_id, join(record.tags, ", ")); }));
  }

  void baselines(std::string_view prefix) {
    for (const auto& file : store::list_baselines(results())) {
      add(std::string(prefix) + file.stem().string(), "baseline");
    }
  }

  void suites() {
    std::error_code error;
    for (fs::directory_iterator it("prompts", error), end; !error && it != end;
         it.increment(error)) {
      const std::string name = it->path().string();
      if (name.ends_with(".yaml") && !name.ends_with(".simulate.yaml")) {
        add(name, "suite");
      }
    }
    files();
  }

  void suites_of_runs() {
    const auto history = History::open(results());
    if (!history) {
      return;
    }
    if (const auto suites = (*history)->suites()) {
      for (const auto& suite : *suites) {
        add(suite.name, fmt::format("{} runs", suite.runs));
      }
    }
  }

  const std::vector<std::string>& words_;
  const Context& context_;
  std::string current_;
  std::optional<Config> config_;
  std::set<std::string, std::less<>> seen_;
  std::size_t count_ = 0;
  std::string out_;
};

Exit execute(const Arguments& arguments, Context& context) {
  static_cast<void>(print_out(Completer(arguments.positionals(), context).complete()));
  return Exit::ok;
}

}  // namespace

const Command complete_command{.name = "__complete",
                               .summary = "what may stand next, for completions",
                               .positional = {.name = "WORD", .help = "", .min = 0, .max = 100'000},
                               .flags = {},
                               .examples = "",
                               .run = execute};

}  // namespace faceoff::cli
