#pragma once

#include <faceoff/doc/decoder.h>
#include <faceoff/suite/suite.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

// Reads the options of one scorer; every mistake goes to the diagnostics at its place. Asking for a
// key makes it an allowed one; finish() reports all others. `spec` must outlive this object.
class Options {
 public:
  Options(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics);
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  [[nodiscard]] const doc::Node* node(std::string_view key) { return reader_.get(key); }
  [[nodiscard]] const doc::Node* required(std::string_view key) { return reader_.require(key); }
  [[nodiscard]] bool flag(std::string_view key, bool otherwise);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key);
  // One text or a list of them; empty when the key is missing. An empty list or text is a mistake.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  // The position of the value among `words`, or `otherwise` when the key is missing or wrong.
  [[nodiscard]] std::size_t word(std::string_view key,
                                 std::span<const std::string_view> words,
                                 std::size_t otherwise);
  // A whole number within the bounds, both included; `otherwise` when the key is missing or wrong.
  [[nodiscard]] std::size_t count(std::string_view key,
                                  std::size_t otherwise,
                                  std::size_t least,
                                  std::size_t most);
  [[nodiscard]] double number(std::string_view key, double otherwise, double least, double most);
  // A number of at least 0, as it is written.
  [[nodiscard]] std::optional<std::string> amount(std::string_view key);

  [[nodiscard]] const doc::Context& context() const noexcept { return context_; }
  // Reports the value of `key`, which must be there.
  void wrong(std::string_view key, std::string message, std::string help = {}) const;
  // False when anything was wrong since the construction.
  [[nodiscard]] bool finish();

 private:
  doc::Context context_;
  std::size_t mistakes_before_;
  std::string what_;
  doc::Node none_;  // stands for the options that are not there, at the scorer's name
  const doc::Node& mapping_;
  doc::MappingReader reader_;
};

}  // namespace faceoff::score
