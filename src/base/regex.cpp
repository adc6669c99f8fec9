#include <faceoff/base/regex.h>

#include <algorithm>
#include <array>
#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <faceoff/base/text.h>

#include <fmt/format.h>

#include <pcre2.h>

namespace faceoff {
namespace {

constexpr std::size_t kMaxPattern = 4096;
// PCRE2 counts its match limit anew at each place where a match could begin; the steps of a whole
// search are counted by callouts: about 50 ms of backtracking on a slow core, and a share for every
// byte, so that a plain search through a long text ends.
constexpr std::uint32_t kMatchLimit = 1'000'000;
constexpr std::size_t kMaxSteps = 1'000'000;
constexpr std::size_t kStepsPerByte = 8;
// Depth and heap keep memory small.
constexpr std::uint32_t kDepthLimit = 20'000;
constexpr std::uint32_t kHeapLimitKib = 20'000;

struct FreeCode {
  void operator()(pcre2_code* p) const noexcept { pcre2_code_free(p); }
};
struct FreeMatchContext {
  void operator()(pcre2_match_context* p) const noexcept { pcre2_match_context_free(p); }
};
struct FreeCompileContext {
  void operator()(pcre2_compile_context* p) const noexcept { pcre2_compile_context_free(p); }
};
struct FreeMatchData {
  void operator()(pcre2_match_data* p) const noexcept { pcre2_match_data_free(p); }
};

// What is left of the steps of one search or of several.
struct Budget {
  std::size_t left = 0;
  std::size_t at = 0;  // where in the text the last step was
};

// A greedy run moves over many characters in one step; they count as well, a sixteenth each.
constexpr std::size_t kCharactersPerStep = 16;

int count_step(pcre2_callout_block* block, void* data) {
  auto& budget = *static_cast<Budget*>(data);
  const std::size_t moved = block->current_position > budget.at
                                ? block->current_position - budget.at
                                : budget.at - block->current_position;
  budget.at = block->current_position;
  const std::size_t cost = 1 + moved / kCharactersPerStep;
  if (budget.left < cost) {
    return PCRE2_ERROR_MATCHLIMIT;
  }
  budget.left -= cost;
  return 0;
}

constexpr std::size_t kMaxCaptured = std::size_t{16} * 1024 * 1024;

std::string error_text(int code) {
  std::array<PCRE2_UCHAR, 256> buffer{};
  pcre2_get_error_message(code, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

}  // namespace

struct Regex::Code {
  std::unique_ptr<pcre2_code, FreeCode> code;
  std::unique_ptr<pcre2_match_context, FreeMatchContext> limits;
};

Regex::Regex(std::unique_ptr<const Code> code) : code_(std::move(code)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

Result<Regex> Regex::compile(std::string_view pattern) {
  return compile(pattern, Options{});
}

Result<Regex> Regex::compile(std::string_view pattern, Options options) {
  if (pattern.size() > kMaxPattern) {
    return fail(
        ErrorKind::usage,
        fmt::format(
            "the pattern has {} bytes, more than the limit of {}", pattern.size(), kMaxPattern));
  }
  std::uint32_t flags = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT;
  flags |= options.ignore_case ? PCRE2_CASELESS : 0U;
  flags |= options.multi_line ? PCRE2_MULTILINE : 0U;
  flags |= options.dot_all ? PCRE2_DOTALL : 0U;
  const std::unique_ptr<pcre2_compile_context, FreeCompileContext> context(
      pcre2_compile_context_create(nullptr));
  pcre2_set_parens_nest_limit(context.get(), 100);
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto code = std::make_unique<Code>();
  code->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()),
                                 pattern.size(),
                                 flags,
                                 &error,
                                 &offset,
                                 context.get()));
  if (!code->code) {
    return fail(ErrorKind::usage, fmt::format("{} at offset {}", error_text(error), offset));
  }
  code->limits.reset(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(code->limits.get(), kMatchLimit);
  pcre2_set_depth_limit(code->limits.get(), kDepthLimit);
  pcre2_set_heap_limit(code->limits.get(), kHeapLimitKib);
  return Regex(std::move(code));
}

namespace {

// Searches of one text that share a budget.
class Search {
 public:
  Search(const pcre2_code* code, const pcre2_match_context* limits, std::string_view text)
      : code_(code),
        text_(text),
        budget_{kMaxSteps + kStepsPerByte * text.size(), 0},
        data_(pcre2_match_data_create_from_pattern(code, nullptr)),
        context_(pcre2_match_context_copy(const_cast<pcre2_match_context*>(limits))) {
    pcre2_set_callout(context_.get(), count_step, &budget_);
  }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  Result<std::optional<Regex::Match>> from(std::size_t begin, std::uint32_t flags) {
    budget_.at = begin;
    const int count = pcre2_match(code_,
                                  reinterpret_cast<PCRE2_SPTR>(text_.data()),
                                  text_.size(),
                                  begin,
                                  PCRE2_NO_UTF_CHECK | flags,
                                  data_.get(),
                                  context_.get());
    if (count == PCRE2_ERROR_NOMATCH) {
      return std::nullopt;
    }
    if (count < 0) {
      return fail(ErrorKind::protocol, fmt::format("the pattern gave up: {}", error_text(count)));
    }
    return found();
  }

 private:
  Result<std::optional<Regex::Match>> found() {
    const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(data_.get());
    Regex::Match match;
    match.begin = offsets[0];
    match.end = offsets[1];
    for (std::uint32_t i = 0; i < pcre2_get_ovector_count(data_.get()); ++i) {
      const PCRE2_SIZE begin = offsets[std::size_t{2} * i];
      const PCRE2_SIZE end = offsets[std::size_t{2} * i + 1];
      if (begin == PCRE2_UNSET || end < begin) {
        match.groups.emplace_back();
        continue;
      }
      captured_ += end - begin;
      if (captured_ > kMaxCaptured) {
        return fail(ErrorKind::protocol, "the pattern captures more than 16 MiB");
      }
      match.groups.emplace_back(std::string(text_.substr(begin, end - begin)));
    }
    return match;
  }

  const pcre2_code* code_;
  std::string_view text_;
  Budget budget_;
  std::size_t captured_ = 0;
  std::unique_ptr<pcre2_match_data, FreeMatchData> data_;
  std::unique_ptr<pcre2_match_context, FreeMatchContext> context_;
};

}  // namespace

Result<std::optional<Regex::Match>> Regex::match(std::string_view text, std::size_t from) const {
  std::string repaired;
  if (!is_valid_utf8(text)) {
    repaired = to_valid_utf8(text);
    text = repaired;
  }
  if (from > text.size()) {
    return std::nullopt;
  }
  return Search(code_->code.get(), code_->limits.get(), text).from(from, 0);
}

Result<std::vector<Regex::Match>> Regex::match_all(std::string_view text, std::size_t most) const {
  std::string repaired;
  if (!is_valid_utf8(text)) {
    repaired = to_valid_utf8(text);
    text = repaired;
  }
  Search search(code_->code.get(), code_->limits.get(), text);
  std::vector<Match> found;
  std::uint32_t flags = 0;
  for (std::size_t from = 0; found.size() < most;) {
    FACEOFF_TRY_ASSIGN(auto match, search.from(from, flags));
    if (!match) {
      break;
    }
    // Behind a \K or inside a look-behind a match may end where the search began.
    from = std::max(from, match->end);
    flags = match->end == match->begin ? PCRE2_NOTEMPTY_ATSTART : 0U;
    found.push_back(*std::move(match));
  }
  return found;
}

Result<std::string> Regex::replace_all(std::string_view text, std::string_view replacement) const {
  const std::string valid = to_valid_utf8(text);
  FACEOFF_TRY_ASSIGN(const auto matches, match_all(valid, kMaxMatches + 1));
  if (matches.size() > kMaxMatches) {
    return fail(ErrorKind::protocol,
                fmt::format("the pattern matches more than {} times", kMaxMatches));
  }
  std::string out;
  std::size_t done = 0;
  for (const Match& match : matches) {
    if (match.begin >= done) {
      out.append(valid, done, match.begin - done);
      out += replacement;
      done = match.end;
    }
  }
  return out.append(valid, done);
}

std::size_t Regex::groups() const noexcept {
  std::uint32_t count = 0;
  pcre2_pattern_info(code_->code.get(), PCRE2_INFO_CAPTURECOUNT, &count);
  return count;
}

}  // namespace faceoff
