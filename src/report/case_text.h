#pragma once

// What one record says, as raw text. Private to report.

#include <faceoff/chat/message.h>
#include <faceoff/store/record.h>

#include <span>
#include <string>

namespace faceoff::report {

// What the model wrote: its text, else its refusal; tool calls on lines of their own.
[[nodiscard]] std::string answer_text(const store::Record& record);
// One message without its role; several each behind it.
[[nodiscard]] std::string prompt_text(std::span<const chat::Message> messages);
// Why the trial has its score or has none: a line for each scorer, or the error.
[[nodiscard]] std::string why_text(const store::Record& record);

}  // namespace faceoff::report
