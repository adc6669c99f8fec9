#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff {

// A key or token. Cannot be printed or formatted; its memory is overwritten when it goes.
// Whoever makes one also hands it to redactor(), so that no sink ever writes it.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value);
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }
  // Only the code that puts the value on the wire calls this.
  [[nodiscard]] const std::string& reveal() const noexcept { return value_; }

 private:
  void wipe() noexcept;
  std::string value_;
};

// Replaces every known secret by "[redacted]", in each form that it may take on its way through a
// server or an encoder (raw, reversed, percent-encoded, base64, JSON-escaped), also where only its
// first twelve or more characters are left. Thread-safe.
class Redactor {
 public:
  void add(const Secret& secret);
  // For answers and other data that must stay as they are: known secrets only.
  [[nodiscard]] std::string redact_known(std::string_view text) const;
  // For messages and logs: also what has the shape of a key, "sk-" or "Bearer " and 20 or more
  // characters.
  [[nodiscard]] std::string redact(std::string_view text) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> forms_;
};

// The one of this process: log sinks, errors, records and reports pass through it.
[[nodiscard]] Redactor& redactor();

}  // namespace faceoff
