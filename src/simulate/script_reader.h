#pragma once

#include <faceoff/doc/decoder.h>
#include <faceoff/simulate/script.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace faceoff::simulate {

struct IntegerRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

// Readers of one optional key each. They report what is wrong and then leave `target` as it was.
void read_text(const doc::Context& context,
               doc::MappingReader& mapping,
               std::string_view key,
               std::string& target);
void read_duration(const doc::Context& context,
                   doc::MappingReader& mapping,
                   std::string_view key,
                   Duration& target);
[[nodiscard]] std::optional<std::int64_t> read_integer(const doc::Context& context,
                                                       doc::MappingReader& mapping,
                                                       std::string_view key,
                                                       IntegerRange range);
// A number from 0 to 1.
[[nodiscard]] std::optional<double> read_share(const doc::Context& context,
                                               doc::MappingReader& mapping,
                                               std::string_view key);
// Reports that `text` is none of `allowed`.
void unknown_word(const doc::Context& context,
                  const doc::Node& node,
                  std::string_view what,
                  const std::vector<std::string_view>& allowed);
// A pattern; nullptr when it is none.
[[nodiscard]] std::shared_ptr<const Regex> read_regex(const doc::Context& context,
                                                      const doc::Node& node);
// A text that goes into a header: without control characters.
void read_header_text(const doc::Context& context,
                      doc::MappingReader& mapping,
                      std::string_view key,
                      std::string& target);

// One entry of `faults`; nullopt when something in it is wrong.
[[nodiscard]] std::optional<Fault> read_fault(const doc::Context& context, const doc::Node& node);

}  // namespace faceoff::simulate
