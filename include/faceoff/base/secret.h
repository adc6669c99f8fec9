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

// Replaces every known secret, in each form that it may take on its way through a server or an
// encoder (raw, percent-encoded, base64, JSON-escaped), by "[redacted]". Also removes what looks
// like a key by its shape: sk-... of 20 or more characters, "Bearer ...". Thread-safe.
class Redactor {
 public:
  void add(const Secret& secret);
  [[nodiscard]] std::string redact(std::string_view text) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> forms_;
};

// The one of this process: log sinks, errors, records and reports pass through it.
[[nodiscard]] Redactor& redactor();

}  // namespace faceoff
