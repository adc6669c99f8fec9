#include "case.h"
#include "content.h"

#include <utility>

#include <fmt/format.h>

namespace faceoff::suite {
namespace {

class FileCaseSource final : public CaseSource {
 public:
  explicit FileCaseSource(ContentPtr content) : content_(std::move(content)) {}

  Result<std::optional<Case>> next(doc::Diagnostics& diagnostics) override {
    while (true) {
      if (auto item = next_inline(diagnostics)) {
        return item;
      }
      if (reader_ == nullptr) {
        if (file_ == content_->files.size()) {
          return std::optional<Case>();
        }
        FACEOFF_TRY(open_file());
      }
      FACEOFF_TRY_ASSIGN(auto item, next_row(diagnostics));
      if (item) {
        return item;
      }
      reader_.reset();
      ++file_;
    }
  }

 private:
  std::optional<Case> next_inline(doc::Diagnostics& diagnostics) {
    const doc::Context context{content_->document.source, "suite", &diagnostics};
    while (content_->cases != nullptr && inline_ < content_->cases->items.size()) {
      const std::size_t index = inline_++;
      auto item =
          decode_case(context, content_->cases->items[index], content_->defaults, inline_id(index));
      if (item) {
        return item;
      }
    }
    return std::nullopt;
  }

  Status open_file() {
    const DataFile& file = content_->files[file_];
    auto fd = open_beneath(content_->path.parent_path(), file.name);
    if (!fd) {
      return fail(ErrorKind::io, std::move(fd).error().message);
    }
    fd_ = *std::move(fd);
    row_ = 0;
    reader_ = file.format == DataFormat::csv ? doc::read_csv(fd_.get(), file.shown)
                                             : doc::read_jsonl(fd_.get(), file.shown);
    return {};
  }

  // The next sound case of the open file.
  Result<std::optional<Case>> next_row(doc::Diagnostics& diagnostics) {
    const DataFile& file = content_->files[file_];
    while (true) {
      FACEOFF_TRY_ASSIGN(auto row, reader_->next(diagnostics));
      if (!row) {
        return std::optional<Case>();
      }
      const doc::Context context{row->source, "suite", &diagnostics};
      const std::size_t mistakes = diagnostics.size();
      if (file.format == DataFormat::csv) {
        row->node = case_of_csv_row(context, std::move(row->node));
        if (diagnostics.size() != mistakes) {
          // A wrong column is wrong in every row.
          return std::optional<Case>();
        }
      }
      auto item = decode_case(
          context, row->node, content_->defaults, fmt::format("{}-{}", file.stem, ++row_));
      if (item) {
        return item;
      }
    }
  }

  ContentPtr content_;
  std::size_t inline_ = 0;
  std::size_t file_ = 0;
  std::size_t row_ = 0;
  UniqueFd fd_;  // outlives the reader
  std::unique_ptr<doc::RowReader> reader_;
};

}  // namespace

std::string inline_id(std::size_t index) {
  return fmt::format("case-{}", index + 1);
}

std::unique_ptr<CaseSource> open_cases(ContentPtr content) {
  return std::make_unique<FileCaseSource>(std::move(content));
}

}  // namespace faceoff::suite
