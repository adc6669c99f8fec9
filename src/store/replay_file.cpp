#include "recorded_answers.h"
#include "trial_index.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/doc/decoder.h>
#include <faceoff/doc/reader.h>
#include <faceoff/store/replay.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faceoff::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLogName = "records.jsonl";
constexpr std::int64_t kMaxRepeat = 10'000;

// A file without a name that goes with the process. The answers are copied there in the form of
// records: the user's file may change under us, and a CSV cannot be read from its middle.
Result<UniqueFd> make_spool() {
  const char* variable = std::getenv("TMPDIR");
  const std::string folder = variable != nullptr && *variable != '\0' ? variable : "/tmp";
  UniqueFd fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!fd.valid()) {
    std::string name = folder + "/faceoff-XXXXXX";
    fd = UniqueFd(::mkostemp(name.data(), O_CLOEXEC));
    if (fd.valid()) {
      ::unlink(name.c_str());
    }
  }
  if (!fd.valid()) {
    return fail(ErrorKind::io, fmt::format("{}: {}", folder, errno_text(errno)));
  }
  return fd;
}

// Collects lines, so that a million small answers are not as many calls.
class Spool {
 public:
  explicit Spool(int fd) : fd_(fd) {}
  Result<Place> add(const std::string& line) {
    const Place place{.offset = size_, .length = static_cast<std::uint32_t>(line.size())};
    buffer_ += line;
    buffer_ += '\n';
    size_ += line.size() + 1;
    if (buffer_.size() >= kFull) {
      FACEOFF_TRY(flush());
    }
    return place;
  }
  Status flush() {
    FACEOFF_TRY(write_all(fd_, buffer_, "the temporary copy of the answers"));
    buffer_.clear();
    return {};
  }

 private:
  static constexpr std::size_t kFull = 256UL * 1024;
  int fd_;
  std::string buffer_;
  std::uint64_t size_ = 0;
};

// A field of a CSV is a text: an empty one is absent, a number is read as one.
doc::Node plain_row(doc::Node row) {
  constexpr std::array<std::string_view, 3> kTexts{"case", "text", "error"};
  std::vector<doc::Member> members;
  for (auto& member : row.members) {
    const bool is_text = std::ranges::find(kTexts, member.key) != kTexts.end();
    if (member.value.text.empty() && member.key != "text") {
      continue;
    }
    member.value.style = is_text ? doc::Style::quoted : doc::Style::plain;
    members.push_back(std::move(member));
  }
  row.members = std::move(members);
  return row;
}

// Reads one row. Every reader reports what is wrong and leaves the member as it is.
class RowDecoder {
 public:
  RowDecoder(const doc::Context& context, const doc::Node& row)
      : context_(context), reader_(context, row, "an answer"), row_(row) {}

  Record decode() {
    if (const doc::Node* node = reader_.require("case")) {
      record_.case_id = doc::as_string(context_, *node, "case").value_or("");
    }
    read_repeat();
    read_error();
    read_text();
    read_usage();
    read_timings();
    if (const doc::Node* node = reader_.get("model"); node != nullptr && !node->is_null()) {
      record_.completion.model = doc::as_string(context_, *node, "model").value_or("");
    }
    reader_.finish();
    return std::move(record_);
  }

 private:
  void read_repeat() {
    const doc::Node* node = reader_.get("repeat");
    const auto value = node != nullptr ? doc::as_integer(context_, *node, "repeat") : std::nullopt;
    if (value && (*value < 0 || *value >= kMaxRepeat)) {
      context_.error(
          node->span,
          "out-of-range",
          fmt::format("'repeat' must be from 0 to {}, found {}", kMaxRepeat - 1, *value));
    } else {
      record_.repeat = static_cast<std::int32_t>(value.value_or(0));
    }
  }

  // A text, or {kind, message} as a record has it.
  void read_error() {
    const doc::Node* node = reader_.get("error");
    if (node == nullptr || node->is_null()) {
      return;
    }
    std::string kind;
    if (node->is_mapping()) {
      doc::MappingReader inner(context_, *node, "an error");
      if (const doc::Node* part = inner.get("kind")) {
        kind = doc::as_string(context_, *part, "kind").value_or("");
      }
      if (const doc::Node* part = inner.get("message")) {
        record_.error_message = doc::as_string(context_, *part, "message").value_or("");
      }
      inner.finish();
    } else {
      kind = doc::as_string(context_, *node, "error").value_or("");
    }
    record_.error = backend::parse_failure_kind(kind).value_or(backend::FailureKind::server_error);
    if (record_.error_message.empty()) {
      record_.error_message = kind.empty() ? "recorded as failed" : kind;
    }
    record_.outcome = score::Outcome::failed;
  }

  void read_text() {
    const doc::Node* node = reader_.get("text");
    if (node != nullptr && !node->is_null()) {
      record_.completion.text = doc::as_string(context_, *node, "text").value_or("");
    } else if (!record_.error) {
      context_.error(
          row_.span, "missing-key", "an answer needs 'text', or 'error' where there was none");
    }
    // Without a reason nothing says that the answer was cut off.
    chat::Completion& completion = record_.completion;
    completion.finish = record_.error ? chat::Finish::none : chat::Finish::other;
    const doc::Node* finish = reader_.get("finish_reason");
    if (finish != nullptr && !finish->is_null()) {
      completion.finish_text = doc::as_string(context_, *finish, "finish_reason").value_or("");
      const auto known = chat::parse_finish(completion.finish_text);
      // "max_tokens" is what other vendors call it.
      completion.finish = completion.finish_text == "max_tokens"
                              ? chat::Finish::length
                              : known.value_or(chat::Finish::other);
    }
  }

  void read_usage() {
    chat::Usage& usage = record_.completion.usage;
    const std::array<std::pair<std::string_view, std::optional<std::int64_t>*>, 4> counts{{
        {"prompt_tokens", &usage.prompt_tokens},
        {"completion_tokens", &usage.completion_tokens},
        {"cached_tokens", &usage.cached_tokens},
        {"reasoning_tokens", &usage.reasoning_tokens},
    }};
    each_group("usage", counts, [this](const doc::Node& node, std::string_view key, auto& target) {
      target = doc::as_integer(context_, node, key);
      if (target && *target < 0) {
        context_.error(node.span, "out-of-range", fmt::format("'{}' must not be negative", key));
      }
    });
    usage.source = usage.prompt_tokens || usage.completion_tokens ? "usage" : "";
  }

  void read_timings() {
    chat::Timing& timing = record_.timing;
    const std::array<std::pair<std::string_view, std::optional<Duration>*>, 2> times{{
        {"ttft_ms", &timing.ttft},
        {"e2e_ms", &timing.e2e},
    }};
    each_group("timings", times, [this](const doc::Node& node, std::string_view key, auto& target) {
      const auto ms = doc::as_number(context_, node, key);
      if (ms && (!std::isfinite(*ms) || *ms < 0 || *ms > 1e12)) {
        context_.error(
            node.span, "out-of-range", fmt::format("'{}' must be milliseconds, 0 or more", key));
      } else if (ms) {
        target = from_ms(*ms);
      }
    });
  }

  // The members of a mapping `name`, or the same keys in the row itself, as a CSV has them.
  template <class Table, class Read>
  void each_group(std::string_view name, const Table& table, const Read& read) {
    const auto take = [&](doc::MappingReader& reader) {
      for (const auto& [key, target] : table) {
        const doc::Node* node = reader.get(key);
        if (node != nullptr && !node->is_null()) {
          read(*node, key, *target);
        }
      }
    };
    take(reader_);
    if (const doc::Node* group = reader_.get(name); group != nullptr && !group->is_null()) {
      doc::MappingReader inner(context_, *group, fmt::format("'{}'", name));
      take(inner);
      inner.finish();
    }
  }

  const doc::Context& context_;
  doc::MappingReader reader_;
  const doc::Node& row_;
  Record record_;
};

// Remembers where each trial stood first.
class FirstLines {
 public:
  void check(const doc::Context& context, const doc::Node& row, const Record& record) {
    const doc::Node* id = row.find("case");
    const std::uint32_t line = id->span.begin.line;
    const auto [it, is_new] = lines_.try_emplace(trial_hash(record.case_id, record.repeat), line);
    if (!is_new) {
      context.error(
          id->span,
          "duplicate-answer",
          fmt::format("case '{}' has an answer already, in line {}", record.case_id, it->second),
          {},
          "number several answers to one case with 'repeat': 0, 1, ...");
    }
  }

 private:
  std::unordered_map<std::uint64_t, std::uint32_t> lines_;
};

Result<UniqueFd> open_file(const fs::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (!fd.valid() || ::fstat(fd.get(), &info) != 0) {
    return fail(ErrorKind::usage, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorKind::usage, fmt::format("{}: is not a regular file", path.string()));
  }
  return fd;
}

bool is_csv(const fs::path& path) {
  return ascii_lower(path.extension().string()) == ".csv";
}

}  // namespace

bool is_answers_file(const fs::path& path) {
  const std::string extension = ascii_lower(path.extension().string());
  return path.filename() != kLogName && (extension == ".jsonl" || extension == ".csv");
}

Result<std::unique_ptr<Replay>> replay_file(const fs::path& path, doc::Diagnostics& diagnostics) {
  if (!is_answers_file(path)) {
    return fail(
        ErrorKind::usage,
        fmt::format("{}: is no file of answers; they end in .jsonl or .csv", path.string()));
  }
  FACEOFF_TRY_ASSIGN(const UniqueFd file, open_file(path));
  FACEOFF_TRY_ASSIGN(UniqueFd spool_file, make_spool());
  Spool spool(spool_file.get());
  BackendEntry recorded;
  recorded.replayed_from = path.filename().string();
  auto replay = std::make_unique<RecordedAnswers>(std::move(spool_file), path.string(), recorded);
  const auto rows = is_csv(path) ? doc::read_csv(file.get(), path.string())
                                 : doc::read_jsonl(file.get(), path.string());
  const std::size_t mistakes = diagnostics.size();
  FirstLines first_lines;
  std::optional<std::string> model;  // "" when they differ
  while (true) {
    FACEOFF_TRY_ASSIGN(auto row, rows->next(diagnostics));
    if (!row) {
      break;
    }
    const doc::Node node = is_csv(path) ? plain_row(std::move(row->node)) : std::move(row->node);
    const doc::Context context{
        .source = row->source, .area = "answers", .diagnostics = &diagnostics};
    const std::size_t before = diagnostics.size();
    const Record record = RowDecoder(context, node).decode();
    if (diagnostics.size() != before) {
      continue;
    }
    first_lines.check(context, node, record);
    model = model.value_or(record.completion.model) == record.completion.model
                ? record.completion.model
                : std::string();
    FACEOFF_TRY_ASSIGN(const Place place, spool.add(to_line(record)));
    replay->add(record.case_id, record.repeat, place);
  }
  if (diagnostics.size() != mistakes) {
    return nullptr;
  }
  FACEOFF_TRY(spool.flush());
  replay->seal();
  if (replay->size() == 0) {
    return fail(ErrorKind::usage, fmt::format("{}: holds no answers", path.string()));
  }
  replay->name_model(model.value_or(""));
  replay->set_notes({fmt::format(
      "{} does not say which prompts it answers: a prompt that has changed since is not noticed",
      path.string())});
  return replay;
}

}  // namespace faceoff::store
