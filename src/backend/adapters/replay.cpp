#include "../options.h"

#include <faceoff/backend/backend.h>

#include <utility>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

// Stands where a codec stands, but has nothing to code: the runner takes the answers from
// Lane::answers and sends nothing.
class ReplayBackend final : public Backend {
 public:
  explicit ReplayBackend(const Spec& spec)
      : name_(spec.name), model_(spec.model), base_url_(spec.base_url.value_or("")) {}

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] std::string_view adapter() const noexcept override { return "replay"; }
  [[nodiscard]] const std::string& model() const noexcept override { return model_; }
  [[nodiscard]] const std::string& base_url() const noexcept override { return base_url_; }
  // Where the prompts went then is past.
  [[nodiscard]] bool is_local() const noexcept override { return true; }

  [[nodiscard]] Result<net::HttpRequest> encode(const chat::Request& /*request*/) const override {
    return fail(ErrorKind::usage,
                fmt::format("backend '{}': is a replay and can be asked nothing new", name_));
  }
  [[nodiscard]] std::unique_ptr<Decoder> decoder() const override { return nullptr; }
  [[nodiscard]] std::vector<Probe> probes() const override { return {}; }
  void read_identity(const Probe& /*probe*/,
                     int /*status*/,
                     std::string_view /*body*/,
                     Identity& /*identity*/) const override {}
  [[nodiscard]] std::optional<Adjusted> adjust(const chat::Request& /*request*/,
                                               const Failure& /*failure*/) const override {
    return std::nullopt;
  }

 private:
  std::string name_;
  std::string model_;     // of the recorded backend
  std::string base_url_;  // likewise
};

Result<std::unique_ptr<Backend>> create_replay(const Spec& spec,
                                               const Environment& /*environment*/) {
  FACEOFF_TRY(check_options(spec, {}));
  if (spec.run.empty()) {
    return fail(ErrorKind::usage,
                fmt::format("backend '{}': adapter 'replay' needs a run, such as "
                            "{}=replay:results/latest",
                            spec.name,
                            spec.name));
  }
  return std::make_unique<ReplayBackend>(spec);
}

}  // namespace

extern const Info replay_backend;
const Info replay_backend{"replay",
                          "the answers of an earlier run, or of a JSONL or CSV file",
                          "",
                          "",
                          "",
                          false,
                          false,
                          create_replay};

}  // namespace faceoff::backend
