#include <faceoff/base/digest.h>
#include <faceoff/store/answers.h>

#include <fmt/format.h>

namespace faceoff::store {

std::string key_of_request(std::string_view adapter,
                           std::string_view server,
                           std::string_view model,
                           std::string_view body,
                           std::int32_t repeat) {
  // Each part behind its length: no two different lists of parts give the same text.
  std::string text = "answer/1";
  for (const std::string_view part : {adapter, server, model, body}) {
    text += fmt::format("\n{}:", part.size());
    text += part;
  }
  text += fmt::format("\n{}", repeat);
  return sha256_hex(text);
}

}  // namespace faceoff::store
