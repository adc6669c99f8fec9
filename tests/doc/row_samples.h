#pragma once

#include "support/temp_folder.h"

#include <faceoff/base/files.h>
#include <faceoff/doc/reader.h>

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <fcntl.h>

namespace faceoff::doc {

// A row reader over a file of its own.
class RowFile {
 public:
  using Open = std::unique_ptr<RowReader> (*)(int, std::string);
  RowFile(Open open, std::string_view content)
      : path_(folder_.write("rows", content)),
        fd_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)),
        reader_(open(fd_.get(), "rows")) {}

  std::optional<Row> next() {
    auto row = reader_->next(diagnostics);
    EXPECT_TRUE(row.has_value());
    return row ? *std::move(row) : std::nullopt;
  }
  // All rows as JSON.
  std::vector<std::string> rest() {
    std::vector<std::string> rows;
    while (const auto row = next()) {
      rows.push_back(to_json(row->node));
    }
    return rows;
  }
  // "3:1 csv::quote: message" for each mistake.
  [[nodiscard]] std::vector<std::string> mistakes() const {
    std::vector<std::string> result;
    for (const auto& d : diagnostics.sorted()) {
      result.push_back(std::to_string(d.span.begin.line) + ":" +
                       std::to_string(d.span.begin.column) + " " + d.code + ": " + d.message);
    }
    return result;
  }

  Diagnostics diagnostics;

 private:
  test::TempFolder folder_;
  std::filesystem::path path_;
  UniqueFd fd_;
  std::unique_ptr<RowReader> reader_;
};

}  // namespace faceoff::doc
