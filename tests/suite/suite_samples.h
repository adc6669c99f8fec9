#pragma once

#include "support/temp_folder.h"

#include <faceoff/doc/diagnostic.h>
#include <faceoff/suite/suite.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::suite {

// A suite in a folder of its own, with the mistakes found on the way.
class Loaded {
 public:
  explicit Loaded(std::string_view text, std::string_view name = "s.yaml") { load(text, name); }
  // For suites with data files: write those first.
  Loaded() = default;

  void file(std::string_view name, std::string_view content) { folder.write(name, content); }
  void load(std::string_view text, std::string_view name = "s.yaml") {
    auto result = suite::load(folder.write(name, text), diagnostics);
    EXPECT_TRUE(result.has_value());
    suite = result ? *std::move(result) : nullptr;
  }
  // All cases of a suite that was loaded.
  std::vector<Case> cases() {
    std::vector<Case> all;
    if (suite == nullptr) {
      ADD_FAILURE() << render(diagnostics, {});
      return all;
    }
    const auto source = suite->open();
    while (true) {
      auto item = source->next(diagnostics);
      if (!item || !*item) {
        EXPECT_TRUE(item.has_value()) << item.error().message;
        return all;
      }
      all.push_back(**std::move(item));
    }
  }
  Case only_case() {
    auto all = cases();
    EXPECT_EQ(all.size(), 1U) << render(diagnostics, {});
    return all.empty() ? Case() : all.front();
  }
  // "3:5 suite::unknown-key: unknown key 'x'" for each mistake.
  [[nodiscard]] std::vector<std::string> mistakes() const {
    std::vector<std::string> lines;
    for (const auto& d : diagnostics.sorted()) {
      lines.push_back(std::to_string(d.span.begin.line) + ":" +
                      std::to_string(d.span.begin.column) + " " + d.code + ": " + d.message);
    }
    return lines;
  }

  test::TempFolder folder;
  doc::Diagnostics diagnostics;
  std::unique_ptr<Suite> suite;
};

}  // namespace faceoff::suite
