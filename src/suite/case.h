#pragma once

#include "fields.h"

#include <faceoff/doc/decoder.h>
#include <faceoff/doc/node.h>
#include <faceoff/suite/suite.h>

#include <optional>
#include <string>

namespace faceoff::suite {

// Decodes and renders one case; reports every mistake in it and returns nullopt when there is one.
// `fallback_id` is its id when it names none.
[[nodiscard]] std::optional<Case> decode_case(const doc::Context& context,
                                              const doc::Node& node,
                                              const Defaults& defaults,
                                              std::string fallback_id);

// A CSV row as the mapping of a case: the columns id, prompt, target, tags (separated by ;) and
// cluster, where they are not empty; every other column is a variable. A column that bears the name
// of another key of a case is a mistake, for its author would wait in vain for its effect.
[[nodiscard]] doc::Node case_of_csv_row(const doc::Context& context, doc::Node row);

// SHA-256 of messages and params in a canonical form.
[[nodiscard]] std::string prompt_digest(const std::vector<chat::Message>& messages,
                                        const chat::Params& params);

}  // namespace faceoff::suite
