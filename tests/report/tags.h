#pragma once

#include <regex>
#include <set>
#include <string>

namespace faceoff::test {

// Every tag of the document, whatever stands in it.
inline std::set<std::string> tags_in(const std::string& document) {
  std::set<std::string> tags;
  const std::regex tag("<(/?[a-zA-Z!][a-zA-Z0-9-]*)");
  for (auto at = std::sregex_iterator(document.begin(), document.end(), tag);
       at != std::sregex_iterator();
       ++at) {
    tags.insert((*at)[1]);
  }
  return tags;
}

}  // namespace faceoff::test
