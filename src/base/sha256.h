#pragma once

// SHA-256 by libcrypto, for one text or for pieces. Private to base.

#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace faceoff {

// Used for one digest after the other: hex() ends one and the next add() begins another. Not
// thread-safe.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  [[nodiscard]] std::string hex();

 private:
  struct Deleter {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  };
  void begin();

  std::unique_ptr<EVP_MD_CTX, Deleter> context_;
};

}  // namespace faceoff
