#pragma once

#include "extraction.h"

#include <faceoff/doc/decoder.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace faceoff::score {

using StepPtr = std::unique_ptr<const Step>;
using Taken = std::optional<std::string>;

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
[[nodiscard]] StepPtr read_code_block(const doc::Context& context,
                                      const doc::Node& at,
                                      const doc::Node* value);
[[nodiscard]] StepPtr read_json_pointer(const doc::Context& context,
                                        const doc::Node& at,
                                        const doc::Node* value);
[[nodiscard]] StepPtr read_without_think(const doc::Context& context,
                                         const doc::Node& at,
                                         const doc::Node* value);
[[nodiscard]] StepPtr read_replace(const doc::Context& context,
                                   const doc::Node& at,
                                   const doc::Node* value);
[[nodiscard]] StepPtr read_boxed(const doc::Context& context,
                                 const doc::Node& at,
                                 const doc::Node* value);

// The text of the step `name`; a mistake when there is none.
[[nodiscard]] std::optional<std::string> text_value(const doc::Context& context,
                                                    const doc::Node& at,
                                                    const doc::Node* value,
                                                    std::string_view name);
// first, last or a number from 1 (0 stands for last); `usual` for a bare name.
[[nodiscard]] std::optional<std::size_t> place_value(const doc::Context& context,
                                                     const doc::Node* value,
                                                     std::string_view name,
                                                     std::size_t usual);

template <class Item>
[[nodiscard]] Taken at_place(const std::vector<Item>& items, std::size_t place) {
  const std::size_t at = place == 0 ? items.size() : place;
  return at == 0 || at > items.size() ? std::nullopt : Taken(std::string(items[at - 1]));
}

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
