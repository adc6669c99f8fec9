#include <faceoff/compare/gate.h>

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace faceoff::compare {

tl::expected<Gate, GateMistake> parse_failure(std::string_view text) {
  const auto quoted_end = text.rfind('"');
  const std::size_t from = text.find_first_of("<>");
  const std::size_t sign =
      from != std::string_view::npos && quoted_end != std::string_view::npos && from < quoted_end
          ? text.find_first_of("<>", quoted_end)
          : from;
  if (sign == std::string_view::npos) {
    return tl::make_unexpected(GateMistake{0,
                                           text.size(),
                                           "a reason to fail compares a figure with a limit",
                                           "write e.g. score<80% or ttft.p95>1.5s"});
  }
  const bool or_equal = sign + 1 < text.size() && text[sign + 1] == '=';
  if (or_equal) {
    return tl::make_unexpected(GateMistake{sign,
                                           sign + 2,
                                           "a reason to fail leaves the limit itself out",
                                           fmt::format("write {}", text[sign])});
  }
  // The words before the sign; a backend's name keeps its letters. Same length, so that the places
  // of mistakes hold.
  std::string head(text.substr(0, sign));
  const std::size_t word_end = std::min(head.find('('), head.size());
  const bool quantile = head.starts_with("ttft_p") || head.starts_with("e2e_p");
  std::replace(head.begin(),
               head.begin() + static_cast<std::ptrdiff_t>(word_end),
               '_',
               quantile ? '.' : '-');
  const std::string gate_text =
      fmt::format("{}{}={}", head, text[sign] == '<' ? '>' : '<', text.substr(sign + 1));
  auto gate = parse_gate(gate_text);
  if (!gate) {
    // The gate's sign is one byte longer.
    GateMistake mistake = gate.error();
    const auto back = [&](std::size_t at) { return at > sign + 1 ? at - 1 : at; };
    mistake.begin = std::min(back(mistake.begin), text.size());
    mistake.end = std::min(back(mistake.end), text.size());
    return tl::make_unexpected(std::move(mistake));
  }
  return gate;
}

}  // namespace faceoff::compare
