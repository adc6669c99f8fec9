#include "scoring.h"

#include <gtest/gtest.h>

namespace faceoff::score {
namespace {

double value(std::string_view options, std::vector<chat::ToolCall> calls) {
  doc::Diagnostics mistakes;
  const auto made = find("tool_calls")->create(*make_spec("tool_calls", options), mistakes);
  chat::Completion completion = make_answer("");
  completion.tool_calls = std::move(calls);
  const suite::Case item = make_case({});
  return made == nullptr ? -1.0 : made->score({item, completion}).value;
}

TEST(ToolCalls, ChecksNameArgumentsAndOrder) {
  const chat::ToolCall rome{"1", "weather", R"({"city": "Rome", "days": 2})"};
  const chat::ToolCall oslo{"2", "weather", R"({"city": "Oslo"})"};
  EXPECT_EQ(value("calls: [{name: weather, arguments: {city: Rome}}]", {rome}), 1.0);
  EXPECT_EQ(value("calls: [{name: weather, arguments: {city: Bern}}]", {rome}), 0.0);
  EXPECT_EQ(value("calls: [{name: weather, schema: {required: [days]}}]", {oslo}), 0.0);
  const char* both = "calls: [{name: weather, arguments: {city: Oslo}}, {name: weather}]";
  EXPECT_EQ(value(both, {rome, oslo}), 1.0);
  EXPECT_EQ(value(std::string("{order: given, ") + both + "}", {rome, oslo}), 0.0);
  EXPECT_EQ(value("calls: [{name: weather}]", {rome, oslo}), 0.0);
  EXPECT_EQ(value("{more: true, calls: [{name: weather}]}", {rome, oslo}), 1.0);
  EXPECT_EQ(value("calls: []", {}), 1.0);
}

}  // namespace
}  // namespace faceoff::score
