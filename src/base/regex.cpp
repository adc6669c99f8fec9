#include <faceoff/base/regex.h>

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

int count_step(pcre2_callout_block* /*block*/, void* steps_left) {
  auto& left = *static_cast<std::size_t*>(steps_left);
  if (left == 0) {
    return PCRE2_ERROR_MATCHLIMIT;
  }
  --left;
  return 0;
}

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

Result<std::optional<Regex::Match>> Regex::match(std::string_view text, std::size_t from) const {
  std::string repaired;
  if (!is_valid_utf8(text)) {
    repaired = to_valid_utf8(text);
    text = repaired;
  }
  if (from > text.size()) {
    return std::nullopt;
  }
  const std::unique_ptr<pcre2_match_data, FreeMatchData> data(
      pcre2_match_data_create_from_pattern(code_->code.get(), nullptr));
  const std::unique_ptr<pcre2_match_context, FreeMatchContext> context(
      pcre2_match_context_copy(code_->limits.get()));
  std::size_t steps_left = kMaxSteps + kStepsPerByte * text.size();
  pcre2_set_callout(context.get(), count_step, &steps_left);
  const int count = pcre2_match(code_->code.get(),
                                reinterpret_cast<PCRE2_SPTR>(text.data()),
                                text.size(),
                                from,
                                PCRE2_NO_UTF_CHECK,
                                data.get(),
                                context.get());
  if (count == PCRE2_ERROR_NOMATCH) {
    return std::nullopt;
  }
  if (count < 0) {
    return fail(ErrorKind::protocol, fmt::format("the pattern gave up: {}", error_text(count)));
  }
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(data.get());
  Match match;
  match.begin = offsets[0];
  match.end = offsets[1];
  for (std::uint32_t i = 0; i < pcre2_get_ovector_count(data.get()); ++i) {
    const PCRE2_SIZE begin = offsets[std::size_t{2} * i];
    const PCRE2_SIZE end = offsets[std::size_t{2} * i + 1];
    if (begin == PCRE2_UNSET || end < begin) {
      match.groups.emplace_back();
    } else {
      match.groups.emplace_back(std::string(text.substr(begin, end - begin)));
    }
  }
  return match;
}

}  // namespace faceoff
