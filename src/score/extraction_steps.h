#pragma once

#include "extraction.h"

#include <faceoff/doc/decoder.h>

#include <span>

namespace faceoff::score {

// One row of the table of steps. `value` is what stands behind the name, null for a bare name.
struct StepInfo {
  std::string_view name;
  std::string_view summary;
  std::unique_ptr<const Step> (*read)(const doc::Context& context,
                                      const doc::Node& at,
                                      const doc::Node* value);
};
[[nodiscard]] std::span<const StepInfo> step_table();

// Steps whose rules stand in files of their own.
[[nodiscard]] std::unique_ptr<const Step> read_regex_step(const doc::Context& context,
                                                          const doc::Node& at,
                                                          const doc::Node* value);
[[nodiscard]] std::unique_ptr<const Step> read_remove_step(const doc::Context& context,
                                                           const doc::Node& at,
                                                           const doc::Node* value);

// A step that makes of each value at most one.
template <class Take>
class EachStep final : public Step {
 public:
  explicit EachStep(Take take) : take_(std::move(take)) {}
  [[nodiscard]] Result<std::vector<std::string>> apply(
      const std::vector<std::string>& values) const override {
    std::vector<std::string> out;
    for (const std::string& value : values) {
      if (auto taken = take_(value)) {
        out.push_back(*std::move(taken));
      }
    }
    return out;
  }

 private:
  Take take_;
};

template <class Take>
[[nodiscard]] std::unique_ptr<const Step> each(Take take) {
  return std::make_unique<EachStep<Take>>(std::move(take));
}

}  // namespace faceoff::score
