#include "json_schema.h"

#include "json_text.h"
#include "options.h"
#include "scores.h"
#include "table.h"

#include <array>

namespace faceoff::score {
namespace {

constexpr std::array<std::string_view, 3> kExtract{"any", "whole", "block"};

class Schema final : public Scorer {
 public:
  Schema(JsonSchema schema, JsonExtract extract) : schema_(std::move(schema)), extract_(extract) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const auto found = find_json(input.completion.text, extract_);
    if (!found) {
      return not_judged("json/schema", Verdict::no_extraction, "the answer has no JSON");
    }
    if (!found->value) {
      return passed_or_not("json/schema", false, found->text, found->value.error().message);
    }
    const auto mistake = schema_.mistake(*found->value);
    if (!mistake) {
      return not_judged("json/schema", Verdict::unscored, mistake.error().message);
    }
    return passed_or_not(
        "json/schema", !*mistake, found->text, mistake->value_or("the JSON fits the schema"));
  }

 private:
  JsonSchema schema_;
  JsonExtract extract_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  const doc::Node* node = options.required("schema");
  const auto extract = static_cast<JsonExtract>(options.word("extract", kExtract, 0));
  // A schema may also be written as JSON text.
  std::optional<JsonSchema> schema;
  if (node != nullptr) {
    const bool is_text = node->is_scalar() && node->style != doc::Style::plain;
    auto compiled = JsonSchema::compile(is_text ? node->text : doc::to_json(*node));
    if (compiled) {
      schema = *std::move(compiled);
    } else {
      options.wrong("schema", compiled.error().message);
    }
  }
  return options.finish() && schema ? std::make_unique<Schema>(*std::move(schema), extract)
                                    : nullptr;
}

}  // namespace

constinit const Info json_schema_scorer{
    .name = "json/schema",
    .summary =
        "the answer holds JSON that fits a schema (draft 2020-12, the keywords in the manual)",
    .options = "schema, extract",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
