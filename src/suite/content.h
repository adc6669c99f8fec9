#pragma once

#include "fields.h"

#include <faceoff/base/files.h>
#include <faceoff/doc/reader.h>
#include <faceoff/suite/suite.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace faceoff::suite {

enum class DataFormat : std::uint8_t { jsonl, csv };

struct DataFile {
  std::string name;   // as the suite names it, relative to its folder
  std::string shown;  // with the folder, for messages
  std::string stem;   // for the ids of rows that have none
  DataFormat format = DataFormat::jsonl;
};

// A suite file that was read; never moved after `defaults` and `cases` point into `document`.
struct Content {
  std::filesystem::path path;
  std::string name;
  std::string description;
  std::string digest;
  doc::Document document;
  Defaults defaults;
  const doc::Node* cases = nullptr;      // a sequence, or null
  const doc::Node* gates = nullptr;      // as it stands, or null
  const doc::Node* threshold = nullptr;  // or null
  std::vector<DataFile> files;
};
// Shared by the suite and the sources that it opened, in whichever order they go.
using ContentPtr = std::shared_ptr<const Content>;

[[nodiscard]] std::string inline_id(std::size_t index);
[[nodiscard]] std::unique_ptr<CaseSource> open_cases(ContentPtr content);

// Opens and hashes the files that `node` names, into `content`; reports those that cannot be read.
void read_data_files(const doc::Context& context, const doc::Node& node, Content& content);

}  // namespace faceoff::suite
