#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace faceoff::score::conformance {

using Json = nlohmann::ordered_json;

// What our scorer says of a case, compared with what the reference says: empty when both agree,
// else what differs.
using Check = std::function<std::string(const Json& item)>;

struct Rule {
  Check check;
  bool exact = true;  // class E: every case must agree; otherwise only the rate is printed
};

// The reference's scorer ids that a scorer of ours computes.
[[nodiscard]] const std::map<std::string, Rule, std::less<>>& rules();

void add_text_rules(std::map<std::string, Rule, std::less<>>& rules);
void add_corpus_rules(std::map<std::string, Rule, std::less<>>& rules);
void add_extraction_rules(std::map<std::string, Rule, std::less<>>& rules);
void add_format_rules(std::map<std::string, Rule, std::less<>>& rules);

// Helpers of the rules.
[[nodiscard]] std::string differs(const Json& expected, double found, const Json& item);
[[nodiscard]] std::string differs(std::string_view expected, std::string_view found);
[[nodiscard]] std::vector<std::string> texts(const Json& value);
[[nodiscard]] std::string text_of(const Json& value);
// The value of our scorer for one answer; options as JSON. NaN when it could not decide.
[[nodiscard]] double value_of(std::string_view scorer,
                              const Json& options,
                              const std::vector<std::string>& targets,
                              const std::string& answer);

}  // namespace faceoff::score::conformance
