#include "../json_value.h"
#include "../judge_prompt.h"
#include "../options.h"
#include "../scores.h"
#include "../table.h"

#include <faceoff/base/units.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

constexpr std::string_view kName = "embedding";
constexpr std::size_t kMostNumbers = 65'536;

using Vector = std::vector<double>;

// The vectors in the order of the texts; empty when they are not what was asked for.
std::vector<Vector> read_vectors(std::string_view text, std::size_t wanted) {
  const auto value = parse_json_value(text);
  if (!value || value->kind != JsonKind::array || value->items.size() != wanted) {
    return {};
  }
  std::vector<Vector> vectors;
  for (const JsonValue& row : value->items) {
    Vector& vector = vectors.emplace_back();
    if (row.kind != JsonKind::array || row.items.empty() || row.items.size() > kMostNumbers ||
        row.items.size() != value->items.front().items.size()) {
      return {};
    }
    for (const JsonValue& number : row.items) {
      const auto parsed =
          number.kind == JsonKind::number ? parse_double(number.text) : fail(ErrorKind::usage, "");
      if (!parsed) {
        return {};
      }
      vector.push_back(*parsed);
    }
  }
  return vectors;
}

// nullopt for a vector of length 0. Scaled, so that no square leaves the range of a double.
std::optional<double> cosine(const Vector& a, const Vector& b) {
  const auto scale = [](const Vector& v) {
    double most = 0.0;
    for (const double x : v) {
      most = std::max(most, std::abs(x));
    }
    return most;
  };
  const double sa = scale(a);
  const double sb = scale(b);
  if (sa == 0.0 || sb == 0.0) {
    return std::nullopt;
  }
  double dot = 0.0;
  double aa = 0.0;
  double bb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    dot += (a[i] / sa) * (b[i] / sb);
    aa += (a[i] / sa) * (a[i] / sa);
    bb += (b[i] / sb) * (b[i] / sb);
  }
  return dot / std::sqrt(aa * bb);
}

class Embedding final : public AskingScorer {
 public:
  explicit Embedding(std::string backend) : backend_(std::move(backend)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return kName; }

  [[nodiscard]] std::vector<Asks> asks() const override {
    return {{.backend = backend_, .max_tokens = 0, .embeddings = true}};
  }

  [[nodiscard]] Next<Score> next(const Input& input,
                                 std::span<const Exchange> so_far) const override {
    if (so_far.empty()) {
      return std::vector{Question{
          .backend = backend_, .request = request(input), .purpose = backend_ + ", embeddings"}};
    }
    const Exchange& exchange = so_far.front();
    Judged judged{.prompt = "embedding/1"};
    judged.asked.push_back(asked_of(exchange));
    judged.asked.back().answer.clear();
    Score score;
    if (!exchange.answered.completion) {
      judged.awaits = true;
      score = not_judged(kName,
                         Verdict::unscored,
                         fmt::format("backend '{}' gave no embeddings: {}",
                                     backend_,
                                     clip(exchange.answered.failure, 120)));
    } else {
      score = compare(input, exchange.answered.completion->text);
      judged.asked.back().verdict =
          score.verdict == Verdict::scored ? fmt::format("{:.4f}", score.value) : std::string();
    }
    score.judged = std::move(judged);
    return score;
  }

 private:
  [[nodiscard]] static chat::Request request(const Input& input) {
    chat::Request request{.messages = {}, .params = {}, .wants = chat::Wants::embeddings};
    request.messages.push_back({chat::Role::user, to_text(input.completion.text)});
    for (const auto& target : input.item.targets) {
      request.messages.push_back({chat::Role::user, to_text(target)});
    }
    return request;
  }
  static std::string to_text(std::string_view text) { return clip(text, 200'000); }

  [[nodiscard]] static Score compare(const Input& input, std::string_view vectors) {
    const auto read = read_vectors(vectors, 1 + input.item.targets.size());
    std::optional<double> best;
    std::size_t nearest = 0;
    for (std::size_t i = 1; i < read.size(); ++i) {
      const auto similarity = cosine(read.front(), read[i]);
      if (similarity && (!best || *similarity > *best)) {
        best = similarity;
        nearest = i - 1;
      }
    }
    if (!best) {
      return not_judged(kName,
                        Verdict::unscored,
                        "the embeddings are not one vector of one length for each text");
    }
    return graded(kName,
                  *best,
                  input.completion.text,
                  fmt::format("a cosine of {:.3f} with the target '{}'",
                              *best,
                              clip(input.item.targets[nearest], 60)));
  }

  std::string backend_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  std::string backend = "embedder";
  if (const doc::Node* node = options.node("backend")) {
    backend = doc::as_string(options.context(), *node, "backend").value_or("");
  }
  return options.finish() ? std::make_unique<Embedding>(std::move(backend)) : nullptr;
}

}  // namespace

constinit const Info embedding_scorer{
    .name = "embedding",
    .summary = "the cosine of the answer's and the target's embeddings",
    .options = "backend",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
