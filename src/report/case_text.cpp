#include "case_text.h"

#include <fmt/format.h>

namespace faceoff::report {

std::string answer_text(const store::Record& record) {
  const chat::Completion& completion = record.completion;
  std::string out = completion.text.empty() ? completion.refusal.value_or("") : completion.text;
  for (const chat::ToolCall& call : completion.tool_calls) {
    out += fmt::format("{}{}({})", out.empty() ? "" : "\n", call.name, call.arguments);
  }
  return out;
}

std::string prompt_text(std::span<const chat::Message> messages) {
  if (messages.size() == 1) {
    return messages.front().text;
  }
  std::string out;
  for (const chat::Message& message : messages) {
    out += fmt::format(
        "{}{}: {}", out.empty() ? "" : "\n", chat::to_string(message.role), message.text);
  }
  return out;
}

std::string why_text(const store::Record& record) {
  std::string out;
  const auto line = [&out](const std::string& text) { out += (out.empty() ? "" : "\n") + text; };
  if (record.error) {
    line(fmt::format("{}: {}", backend::to_string(*record.error), record.error_message));
  } else if (record.outcome != score::Outcome::scored) {
    line(std::string(score::to_string(record.outcome)));
  }
  for (const score::Score& score : record.scores) {
    const std::string name = score.label.empty() ? score.scorer : score.label;
    const std::string value = score.verdict == score::Verdict::unscored
                                  ? std::string("no score")
                                  : fmt::format("{:.3g}", score.value);
    line(fmt::format("{} {}{}{}", name, value, score.reason.empty() ? "" : ": ", score.reason));
  }
  return out;
}

}  // namespace faceoff::report
