#include "conformance.h"

namespace faceoff::score::conformance {

void add_format_rules(std::map<std::string, Rule, std::less<>>& /*rules*/) {}
void add_extraction_rules(std::map<std::string, Rule, std::less<>>& /*rules*/) {}

}  // namespace faceoff::score::conformance
