#include "child.h"
#include "llama_arguments.h"

#include <faceoff/base/file_digest.h>
#include <faceoff/base/text.h>
#include <faceoff/run/served_identity.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace faceoff::run {
namespace {

namespace fs = std::filesystem;

// A model in several files: the server is given the first and finds the others by their names.
struct Shards {
  std::string stem;  // "model-"
  int count = 0;
};

std::optional<Shards> shards_of(const fs::path& model) {
  constexpr std::string_view kForm = "00001-of-00003.gguf";
  constexpr std::size_t kDigits = 5;
  const std::string name = model.filename().string();
  if (name.size() <= kForm.size()) {
    return std::nullopt;
  }
  const std::string_view tail = std::string_view(name).substr(name.size() - kForm.size());
  const std::string_view total = tail.substr(kForm.find("00003"), kDigits);
  Shards shards{.stem = name.substr(0, name.size() - kForm.size())};
  const auto read = std::from_chars(total.data(), total.data() + total.size(), shards.count);
  if (!tail.starts_with("00001-of-") || !tail.ends_with(".gguf") || read.ec != std::errc{} ||
      read.ptr != total.data() + total.size() || shards.count < 1) {
    return std::nullopt;
  }
  return shards;
}

Result<std::string> digest_of_model(const fs::path& model, const std::function<bool()>& stopped) {
  const auto shards = shards_of(model);
  if (!shards) {
    return sha256_hex_of_file(model, stopped);
  }
  std::vector<std::string> digests;
  for (int i = 1; i <= shards->count; ++i) {
    const fs::path part =
        model.parent_path() / fmt::format("{}{:05}-of-{:05}.gguf", shards->stem, i, shards->count);
    FACEOFF_TRY_ASSIGN(digests.emplace_back(), sha256_hex_of_file(part, stopped));
  }
  return join(digests, "+");
}

// Each part on a line of its own behind its length, so that no two lists of parts give one text.
void add(std::string& text, std::string_view what, std::string_view part) {
  text += fmt::format("\n{} {}:{}", what, part.size(), part);
}

// Settings that the server takes from the environment. Error of kind usage for those that may name
// files, as its arguments may.
Status add_environment(std::string& text) {
  std::vector<std::string> settings = child_environment();
  std::ranges::sort(settings);
  for (const std::string& setting : settings) {
    if (setting.starts_with("LLAMA_ARG_")) {
      return fail(ErrorKind::usage,
                  fmt::format("the environment has '{}', which llama-server reads",
                              display_text(setting.substr(0, setting.find('=')))));
    }
    constexpr std::array kPrefixes{std::string_view("GGML_"),
                                   std::string_view("CUDA_"),
                                   std::string_view("HIP_"),
                                   std::string_view("ROCR_"),
                                   std::string_view("VK_"),
                                   std::string_view("LD_LIBRARY_PATH=")};
    if (std::ranges::any_of(kPrefixes, [&](auto prefix) { return setting.starts_with(prefix); })) {
      add(text, "environment", setting);
    }
  }
  return {};
}

}  // namespace

Result<std::string> served_identity(const ManagedPlan& plan,
                                    const backend::Identity& reported,
                                    const std::function<bool()>& stopped) {
  const auto build = std::ranges::find(reported.facts, "build", &backend::Facts::value_type::first);
  if (build == reported.facts.end() || build->second.empty()) {
    return fail(ErrorKind::usage, "the server does not say which build it is");
  }
  std::string text = "llama-server";
  add(text, "build", build->second);
  FACEOFF_TRY(add_environment(text));
  std::optional<fs::path> model;
  for (std::size_t i = 1; i < plan.argv.size(); ++i) {
    const std::string& word = plan.argv[i];
    if (word == "-m" && !model && i + 1 < plan.argv.size()) {
      model = plan.argv[++i];
      continue;
    }
    constexpr std::array kOurs{std::string_view("--host"), std::string_view("-a")};
    if (is_flag(word) && std::ranges::find(kOurs, word) == kOurs.end() && !names_no_file(word)) {
      return fail(ErrorKind::usage,
                  fmt::format("the server was started with '{}', which may name a file",
                              display_text(word)));
    }
    add(text, "argument", word);
  }
  if (!model) {
    return fail(ErrorKind::usage, "the server was started without a model file");
  }
  FACEOFF_TRY_ASSIGN(const std::string program, sha256_hex_of_file(plan.argv.front(), stopped));
  FACEOFF_TRY_ASSIGN(const std::string digest, digest_of_model(*model, stopped));
  add(text, "program", program);
  add(text, "model", digest);
  return text;
}

}  // namespace faceoff::run
