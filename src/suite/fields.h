#pragma once

#include "variables.h"

#include <faceoff/chat/message.h>
#include <faceoff/doc/decoder.h>
#include <faceoff/doc/node.h>
#include <faceoff/suite/params.h>
#include <faceoff/suite/suite.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::suite {

inline constexpr std::size_t kMaxNameLength = 200;
inline constexpr std::int64_t kMaxRepeat = 10'000;

// The keys that a case has in common with the defaults, where it overrides them.
struct Fields {
  const doc::Node* system = nullptr;  // a scalar in the document
  chat::Params params;
  std::optional<std::vector<ScorerSpecPtr>> scorers;
  std::vector<std::string> tags;
  Variables vars;
  std::optional<std::int32_t> repeat;
  std::optional<bool> local_only;
  std::optional<OnTruncated> on_truncated;
  std::optional<Combine> combine;
  std::optional<double> threshold;
};
[[nodiscard]] Fields read_fields(const doc::Context& context, doc::MappingReader& reader);

// Points into the document of the suite, which must outlive it.
struct Defaults {
  Fields fields;
  const doc::Node* prompt = nullptr;
  doc::SourcePtr source;
};
[[nodiscard]] Defaults decode_defaults(const doc::Context& context, const doc::Node& node);

[[nodiscard]] std::vector<ScorerSpecPtr> decode_scorers(const doc::Context& context,
                                                        const doc::Node& node);

// Reads an id, a tag or a cluster: 1 to kMaxNameLength characters that a terminal can show.
[[nodiscard]] std::optional<std::string> as_name(const doc::Context& context,
                                                 const doc::Node& node,
                                                 std::string_view what);
// The number of the value that a text names.
[[nodiscard]] std::optional<std::size_t> as_choice(const doc::Context& context,
                                                   const doc::Node& node,
                                                   std::string_view what,
                                                   const std::vector<std::string_view>& values);

}  // namespace faceoff::suite
