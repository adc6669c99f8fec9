#include "net/stream_log.h"

#include <faceoff/base/files.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::net {
namespace {

const std::filesystem::path kWire = std::filesystem::path(FACEOFF_TEST_DATA) / "wire";

std::vector<std::string> streams() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kWire)) {
    if (entry.path().extension() == ".sse" || entry.path().extension() == ".ndjson") {
      names.push_back(entry.path().filename().string());
    }
  }
  std::ranges::sort(names);
  return names;
}

std::string read(const std::string& name) {
  return read_file(kWire / name).value_or("");
}

std::vector<std::string> log_of(const std::string& name, const std::vector<std::string>& pieces) {
  return name.ends_with(".sse") ? sse_log(pieces) : ndjson_log(pieces);
}

class WireStream : public testing::TestWithParam<std::string> {};

TEST_P(WireStream, Net13ReadsTheSameByteByByte) {
  const std::string stream = read(GetParam());
  EXPECT_EQ(log_of(GetParam(), single_bytes(stream)), log_of(GetParam(), {stream}));
}

TEST_P(WireStream, Net13ReadsTheSameCutAnywhere) {
  const std::string stream = read(GetParam());
  const auto whole = log_of(GetParam(), {stream});
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    ASSERT_EQ(log_of(GetParam(), {stream.substr(0, cut), stream.substr(cut)}), whole) << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, WireStream, testing::ValuesIn(streams()), [](const auto& row) {
  std::string name = row.param;
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

// EXPECTED.json leaves out the dialects that it has no reference parser for.
TEST(WireStreams, HaveAsManyDataEventsAsAReferenceParserFound) {
  const auto expected = nlohmann::json::parse(read("EXPECTED.json"));
  ASSERT_GE(expected.size(), 20U);
  for (const auto& [name, parse] : expected.items()) {
    const bool sse = name.ends_with(".sse");
    const auto log = log_of(name, {read(name)});
    const auto counted = std::ranges::count_if(log, [sse](const std::string& line) {
      return !sse ||
             (line.starts_with("message|") && !line.ends_with("|end") && line != "message|[DONE]");
    });
    EXPECT_EQ(counted, parse.at("events").get<std::ptrdiff_t>()) << name;
  }
}

TEST(WireStreams, AreThere) {
  EXPECT_GE(streams().size(), 30U);
}

}  // namespace
}  // namespace faceoff::net
