#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff {

// --- UTF-8 ---------------------------------------------------------------------------------------

[[nodiscard]] bool is_valid_utf8(std::string_view bytes) noexcept;
// Byte offset of the first invalid sequence, or nullopt.
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view bytes) noexcept;
// Invalid bytes become U+FFFD.
[[nodiscard]] std::string to_valid_utf8(std::string_view bytes);
// Code points; invalid bytes count one each.
[[nodiscard]] std::size_t count_code_points(std::string_view text) noexcept;
// NFC + full case folding (ß and ss are equal afterwards). Invalid bytes become U+FFFD first.
[[nodiscard]] std::string casefold(std::string_view text);
[[nodiscard]] std::string nfc(std::string_view text);

// --- Foreign text on a terminal or in a log ------------------------------------------------------

enum class Lines : std::uint8_t {
  keep,     // newlines stay newlines
  flatten,  // newlines become ⏎, for table cells and one-line messages
};
// The only way to put text from a model, a server or a file on a terminal: control characters,
// bidi and zero-width characters become visible, invalid UTF-8 becomes U+FFFD, long runs of
// combining marks are cut, and the command markers of CI runners (##[, ##vso[, ##teamcity[, a
// leading ::) are broken.
[[nodiscard]] std::string display_text(std::string_view foreign, Lines lines = Lines::flatten);

// Columns that `text` takes on a terminal: wide characters 2, combining marks 0.
[[nodiscard]] std::size_t display_width(std::string_view text) noexcept;
// Cuts at a grapheme border so that the result, "…" included, is at most `columns` wide.
[[nodiscard]] std::string fit_width(std::string_view text, std::size_t columns);
// Appends (or, for `right`, prepends) blanks up to `columns`. Wider text stays as it is.
enum class Align : std::uint8_t { left, right };
[[nodiscard]] std::string pad(std::string_view text,
                              std::size_t columns,
                              Align align = Align::left);

// --- Small helpers -------------------------------------------------------------------------------

// ASCII white space only.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);
[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] bool iequals_ascii(std::string_view a, std::string_view b) noexcept;

// The text as one word of a POSIX shell: as it is, or in single quotes.
[[nodiscard]] std::string shell_word(std::string_view text);

// Damerau-Levenshtein distance (adjacent transpositions count one) over bytes.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);
// The candidate nearest to `word` with a distance of at most 2 (at most 1 for words of up to three
// characters), or nullopt.
[[nodiscard]] std::optional<std::string> closest(std::string_view word,
                                                 std::span<const std::string_view> candidates);

}  // namespace faceoff
