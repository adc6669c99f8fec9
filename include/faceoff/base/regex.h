#pragma once

#include <faceoff/base/result.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff {

// A PCRE2 pattern with limits on match steps, depth and heap (no JIT), so that a hostile text or
// pattern costs a bounded time: at most about 50 ms. Compiled once; match() is const and may be
// called from several threads at a time.
class Regex {
 public:
  struct Options {
    bool ignore_case = false;
    bool multi_line = false;  // ^ and $ match at line ends
    bool dot_all = false;     // . matches a newline
  };
  struct Match {
    // Group 0 is the whole match; a group that took no part is nullopt.
    std::vector<std::optional<std::string>> groups;
    std::size_t begin = 0;  // byte offsets of group 0
    std::size_t end = 0;
  };

  // Error of kind usage with the reason and the offset in the pattern (at most 4 KiB).
  [[nodiscard]] static Result<Regex> compile(std::string_view pattern, Options options);
  [[nodiscard]] static Result<Regex> compile(std::string_view pattern);

  // The first match at or after byte `from`; nullopt when there is none. Error of kind protocol
  // when a limit was hit: the text is then undecided, not unmatched. Invalid UTF-8 in `text` is
  // read as U+FFFD.
  [[nodiscard]] Result<std::optional<Match>> match(std::string_view text,
                                                   std::size_t from = 0) const;

  // The matches from left to right, at most `most`; empty ones as Python's re.findall has them. All
  // searches share the bounds of one, and 16 MiB of captured text: beyond, an error of kind
  // protocol.
  [[nodiscard]] Result<std::vector<Match>> match_all(std::string_view text,
                                                     std::size_t most = kMaxMatches) const;
  static constexpr std::size_t kMaxMatches = 10'000;
  // `text` with every match replaced, under the bounds of match_all(); too many matches are an
  // error too.
  [[nodiscard]] Result<std::string> replace_all(std::string_view text,
                                                std::string_view replacement) const;
  // The number of capturing groups.
  [[nodiscard]] std::size_t groups() const noexcept;

  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

 private:
  struct Code;
  explicit Regex(std::unique_ptr<const Code> code);
  std::unique_ptr<const Code> code_;
};

}  // namespace faceoff
