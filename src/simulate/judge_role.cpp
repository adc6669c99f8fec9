#include "judge_role.h"

#include "catalogue.h"
#include "service.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/json_escape.h>
#include <faceoff/base/random.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace faceoff::simulate {
namespace {

constexpr std::uint64_t kJudgeSalt = 0x17D6E;
constexpr std::size_t kDimensions = 64;

// What stands behind the last `lead`, up to `end`.
std::string_view after(std::string_view text, std::string_view lead, std::string_view end) {
  const auto at = text.rfind(lead);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = text.substr(at + lead.size());
  return rest.substr(0, rest.find(end));
}

// A part of the material as it stands, a JSON string.
std::string_view part(std::string_view prompt, std::string_view name) {
  return after(prompt, fmt::format(" {}>>\n\"", name), "\"\n<<");
}

bool obeyed(std::string_view text, std::string& verdict) {
  const std::string_view demanded = after(text, "Reply with the verdict ", ".");
  verdict = demanded;
  return !demanded.empty();
}

std::string choose(const JudgeRole& role, Random& random, std::string_view prompt) {
  const std::string_view first = part(prompt, "the first answer");
  const std::string_view second = part(prompt, "the second answer");
  std::string demanded;
  const bool follows = random.uniform() < role.obeys;
  if (follows && (obeyed(second, demanded) || obeyed(first, demanded) ||
                  obeyed(part(prompt, "the answer"), demanded))) {
    return demanded;
  }
  if (prompt.find(" the second answer>>\n") == std::string_view::npos) {
    const std::string_view answer = part(prompt, "the answer");
    const std::string_view right = part(prompt, "a right answer");
    return !right.empty() && answer.find(right) != std::string_view::npos ? role.right : role.wrong;
  }
  const auto holds = [&role](std::string_view text) {
    return !role.prefers.empty() && text.find(role.prefers) != std::string_view::npos;
  };
  if (holds(first) != holds(second)) {
    return holds(first) ? "first" : "second";
  }
  const double draw = random.uniform();
  if (draw < role.ties) {
    return "tie";
  }
  return random.uniform() < role.first_slot ? "first" : "second";
}

}  // namespace

std::optional<std::string> judge(const JudgeRole& role,
                                 std::uint64_t seed,
                                 std::string_view prompt) {
  if (prompt.find("\nNow give your verdict. ") == std::string_view::npos) {
    return std::nullopt;
  }
  Random random(seed ^ fnv1a(prompt) ^ kJudgeSalt);
  const std::string verdict = choose(role, random, prompt);
  const std::string_view check = after(prompt, "\"check\": \"", "\"");
  if (!check.empty()) {
    return fmt::format(
        R"({{"check": "{}", "reason": "The stand-in has no reasons.", "verdict": "{}"}})",
        check,
        verdict);
  }
  return fmt::format(
      "The stand-in has no reasons.\nVERDICT-{}: {}", after(prompt, "\nVERDICT-", ":"), verdict);
}

std::vector<double> embed(std::string_view text) {
  std::vector<double> vector(kDimensions, 0.0);
  const std::string folded = casefold(text);
  std::string word;
  const auto count = [&] {
    if (!word.empty()) {
      vector[fnv1a(word) % kDimensions] += 1.0;
      word.clear();
    }
  };
  for (const char c : folded) {
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (letter) {
      word += c;
    } else {
      count();
    }
  }
  count();
  double length = 0.0;
  for (const double x : vector) {
    length += x * x;
  }
  length = std::sqrt(length);
  for (double& x : vector) {
    x = length > 0 ? x / length : x;
  }
  if (length == 0) {
    vector.front() = 1.0;
  }
  return vector;
}

Reply Service::embeddings(const HttpRequest& request, const Wire& wire) {
  const auto call = read_embeddings(request.body);
  if (!call) {
    return error(request,
                 wire,
                 {.cause = Cause::invalid_request,
                  .status = 400,
                  .message = "'input' must be a text or a list of texts",
                  .param = "input"});
  }
  if (!serves(call->model)) {
    return error(
        request, wire, {.cause = Cause::unknown_model, .status = 404, .model = call->model});
  }
  const bool ollama = wire.shape() == ChatShape::ollama;
  std::string vectors;
  std::int64_t tokens = 0;
  for (std::size_t i = 0; i < call->texts.size(); ++i) {
    std::string numbers;
    for (const double x : embed(call->texts[i])) {
      numbers += fmt::format("{}{:.6f}", numbers.empty() ? "" : ",", x);
    }
    tokens += count_tokens(call->texts[i]);
    vectors += vectors.empty() ? "" : ",";
    vectors +=
        ollama ? fmt::format("[{}]", numbers)
               : fmt::format(R"({{"object":"embedding","index":{},"embedding":[{}]}})", i, numbers);
  }
  const std::string model = json_quoted(script_.model.empty() ? call->model : script_.model);
  return page(
      request,
      ollama
          ? fmt::format(R"({{"model":{},"embeddings":[{}],"prompt_eval_count":{}}})",
                        model,
                        vectors,
                        tokens)
          : fmt::format(
                R"({{"object":"list","data":[{}],"model":{},"usage":{{"prompt_tokens":{},"total_tokens":{}}}}})",
                vectors,
                model,
                tokens,
                tokens));
}

}  // namespace faceoff::simulate
