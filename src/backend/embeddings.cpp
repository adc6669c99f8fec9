#include "embeddings.h"

#include "error_body.h"
#include "failure_rules.h"
#include "response_decoder.h"

#include <utility>

namespace faceoff::backend {
namespace {

class EmbeddingsDecoder final : public ResponseDecoder {
 protected:
  [[nodiscard]] Status feed(std::string_view /*bytes*/) override { return {}; }
  [[nodiscard]] Status end() override { return {}; }
  [[nodiscard]] bool is_whole(std::string_view /*content_type*/) const override { return true; }
  [[nodiscard]] std::string_view missing_end() const override { return {}; }
  void read_whole(std::string_view body) override;

 private:
  [[nodiscard]] static Json vectors_in(const Json& root);
};

Json EmbeddingsDecoder::vectors_in(const Json& root) {
  if (const Json* vectors = member(root, "embeddings"); vectors != nullptr) {
    return *vectors;
  }
  Json out = Json::array();
  const Json* data = member(root, "data");
  if (data == nullptr || !data->is_array()) {
    return out;
  }
  out = std::vector<Json>(data->size());
  for (std::size_t i = 0; i < data->size(); ++i) {
    const auto index = count_of((*data)[i], "index").value_or(static_cast<std::int64_t>(i));
    const Json* vector = member((*data)[i], "embedding");
    if (vector != nullptr && static_cast<std::size_t>(index) < out.size()) {
      out[static_cast<std::size_t>(index)] = *vector;
    }
  }
  return out;
}

void EmbeddingsDecoder::read_whole(std::string_view body) {
  const auto root = parse_untrusted(body);
  if (!root) {
    return;
  }
  const Json vectors = vectors_in(*root);
  if (!vectors.is_array() || vectors.empty()) {
    Failure failure;
    failure.kind = FailureKind::bad_content_type;
    failure.message =
        compose_message("the server sent no embeddings", body, "check base_url and the adapter");
    fail(std::move(failure));
    return;
  }
  answer().begin({}, nullptr);
  chat::Completion& completion = answer().completion();
  completion.text = dump_json(vectors);
  completion.model = text_of(*root, "model");
  const Json* usage = member(*root, "usage");
  completion.usage.prompt_tokens =
      usage != nullptr ? count_of(*usage, "prompt_tokens") : count_of(*root, "prompt_eval_count");
  if (completion.usage.prompt_tokens) {
    completion.usage.completion_tokens = 0;
    completion.usage.source = "usage";
  }
  answer().stop(chat::Finish::stop, "stop");
}

}  // namespace

OrderedJson encode_embeddings(std::string_view model, const chat::Request& request) {
  OrderedJson body = OrderedJson::object();
  if (!model.empty()) {
    body["model"] = model;
  }
  body["input"] = OrderedJson::array();
  for (const auto& message : request.messages) {
    body["input"].push_back(message.text);
  }
  return body;
}

std::unique_ptr<Decoder> make_embeddings_decoder() {
  return std::make_unique<EmbeddingsDecoder>();
}

}  // namespace faceoff::backend
