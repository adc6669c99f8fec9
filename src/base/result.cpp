#include <faceoff/base/result.h>

namespace faceoff {

Error with_context(Error error, std::string_view context) {
  error.message = std::string(context) + ": " + error.message;
  return error;
}

}  // namespace faceoff
