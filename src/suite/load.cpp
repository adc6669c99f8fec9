#include "case.h"
#include "content.h"

#include <faceoff/base/digest.h>
#include <faceoff/doc/user_keys.h>

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace faceoff::suite {
namespace {

class SuiteFile final : public Suite {
 public:
  explicit SuiteFile(ContentPtr content) : content_(std::move(content)) {}
  [[nodiscard]] const std::string& name() const noexcept override { return content_->name; }
  [[nodiscard]] const std::string& description() const noexcept override {
    return content_->description;
  }
  [[nodiscard]] const std::filesystem::path& path() const noexcept override {
    return content_->path;
  }
  [[nodiscard]] const std::string& digest() const noexcept override { return content_->digest; }
  [[nodiscard]] std::unique_ptr<CaseSource> open() const override { return open_cases(content_); }
  [[nodiscard]] RawPart gates() const override {
    return {.node = content_->gates, .source = content_->document.source};
  }
  [[nodiscard]] RawPart threshold() const override {
    return {.node = content_->threshold, .source = content_->document.source};
  }

 private:
  ContentPtr content_;
};

std::string read_name(const doc::Context& context, const doc::Node& node) {
  auto name = as_name(context, node, "suite");
  if (name && name->find('/') != std::string::npos) {
    context.error(node.span, "bad-name", fmt::format("'suite' must not hold a '/': '{}'", *name));
  }
  return std::move(name).value_or("");
}

const doc::Node* read_case_list(const doc::Context& context, const doc::Node* node) {
  if (node == nullptr || node->is_sequence()) {
    return node;
  }
  context.error(node->span,
                "wrong-type",
                fmt::format("'cases' must be a list, found {}", doc::describe(*node)));
  return nullptr;
}

void report_duplicate(const doc::Context& context, const doc::Node& id, doc::Span first) {
  doc::Diagnostic diagnostic;
  diagnostic.code = "suite::duplicate-id";
  diagnostic.message = fmt::format("the id '{}' is used twice", id.text);
  diagnostic.source = context.source;
  diagnostic.span = id.span;
  diagnostic.label = "ids must be unique in a suite";
  diagnostic.notes.push_back({first, "first used here"});
  context.diagnostics->add(std::move(diagnostic));
}

// The scorers of a case that is not sound for another reason.
void inspect_scorers(const doc::Context& context,
                     const doc::Node& node,
                     const Inspector& inspector) {
  const doc::Node* score = node.find("score");
  if (score == nullptr || !inspector.scorer) {
    return;
  }
  doc::Diagnostics reported_before;
  const doc::Context silent{context.source, context.area, &reported_before};
  for (const auto& spec : decode_scorers(silent, *score)) {
    inspector.scorer(spec);
  }
}

void check_inline_cases(const doc::Context& context,
                        const Content& content,
                        const Inspector& inspector) {
  std::map<std::string, doc::Span, std::less<>> ids;
  for (std::size_t i = 0; i < content.cases->items.size(); ++i) {
    const doc::Node& node = content.cases->items[i];
    const auto item = decode_case(context, node, content.defaults, inline_id(i));
    if (!item) {
      inspect_scorers(context, node, inspector);
    } else if (inspector.item) {
      inspector.item(*item);
    }
    // A case with another mistake in it has an id all the same.
    const doc::Node* id = node.find("id");
    doc::Node numbered;
    numbered.text = inline_id(i);
    numbered.span = node.span;
    if (id != nullptr && (!id->is_scalar() || id->is_null())) {
      continue;
    }
    const doc::Node& name = id != nullptr ? *id : numbered;
    const auto [first, inserted] = ids.try_emplace(name.text, name.span);
    if (!inserted) {
      report_duplicate(context, name, first->second);
    }
  }
}

void decode(const doc::Context& context, Content& content, const Inspector& inspector) {
  const doc::Node& root = content.document.root;
  doc::MappingReader reader(context, root, "a suite");
  if (const auto* node = reader.require("suite"); node != nullptr) {
    content.name = read_name(context, *node);
  }
  if (const auto* node = reader.get("description"); node != nullptr) {
    content.description = doc::as_string(context, *node, "description").value_or("");
  }
  content.defaults.source = context.source;
  if (const auto* node = reader.get("defaults"); node != nullptr) {
    content.defaults = decode_defaults(context, *node);
  }
  if (inspector.scorer && content.defaults.fields.scorers) {
    std::ranges::for_each(*content.defaults.fields.scorers, inspector.scorer);
  }
  doc::refuse_user_keys(context, reader, root, doc::Owner::suite);
  const doc::Node* cases = reader.get("cases");
  const doc::Node* files = reader.get("files");
  content.gates = reader.get("gates");
  content.threshold = reader.get("threshold");
  reader.finish();
  if (root.is_mapping() && cases == nullptr && files == nullptr) {
    const doc::Mark begin = root.span.begin;
    context.error({begin, begin},
                  "missing-key",
                  "a suite needs 'cases' or 'files'",
                  {},
                  "list cases under 'cases', or name .jsonl and .csv files under 'files'");
  }
  content.cases = read_case_list(context, cases);
  if (content.cases != nullptr) {
    check_inline_cases(context, content, inspector);
  }
  content.digest = sha256_hex(context.source->text) + "\n";
  if (files != nullptr) {
    read_data_files(context, *files, content);
  }
  content.digest = sha256_hex(content.digest);
}

}  // namespace

Result<std::unique_ptr<Suite>> load(const std::filesystem::path& path,
                                    doc::Diagnostics& diagnostics,
                                    const Inspector& inspector) {
  const std::size_t mistakes = diagnostics.size();
  FACEOFF_TRY_ASSIGN(auto document, doc::load(path, diagnostics));
  if (!document) {
    return std::unique_ptr<Suite>();
  }
  auto content = std::make_shared<Content>();
  content->path = path;
  content->document = *std::move(document);
  decode({content->document.source, "suite", &diagnostics}, *content, inspector);
  if (diagnostics.size() != mistakes) {
    return std::unique_ptr<Suite>();
  }
  return std::unique_ptr<Suite>(std::make_unique<SuiteFile>(std::move(content)));
}

}  // namespace faceoff::suite
