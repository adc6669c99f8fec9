#include "gguf.h"
#include "llama_arguments.h"

#include <faceoff/backend/backend.h>
#include <faceoff/base/text.h>
#include <faceoff/run/managed_server.h>

#include <algorithm>
#include <array>
#include <system_error>

#include <fmt/format.h>

#include <unistd.h>

namespace faceoff::run {
namespace {

// A project file may set how the model runs, not what the server reads, writes or serves: these are
// the arguments of llama-server that it may give (docs/security.md).
constexpr std::array kProjectArguments = {std::string_view("-c"),
                                          std::string_view("--ctx-size"),
                                          std::string_view("-np"),
                                          std::string_view("--parallel"),
                                          std::string_view("-ngl"),
                                          std::string_view("--gpu-layers"),
                                          std::string_view("-t"),
                                          std::string_view("--threads"),
                                          std::string_view("-tb"),
                                          std::string_view("--threads-batch"),
                                          std::string_view("-b"),
                                          std::string_view("--batch-size"),
                                          std::string_view("-ub"),
                                          std::string_view("--ubatch-size"),
                                          std::string_view("-fa"),
                                          std::string_view("--flash-attn"),
                                          std::string_view("--jinja"),
                                          std::string_view("--chat-template"),
                                          std::string_view("--reasoning-format"),
                                          std::string_view("--reasoning-budget"),
                                          std::string_view("--seed"),
                                          std::string_view("--no-warmup"),
                                          std::string_view("--mlock"),
                                          std::string_view("-kvu"),
                                          std::string_view("--kv-unified"),
                                          std::string_view("-ctk"),
                                          std::string_view("-ctv")};

bool is_executable(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

std::optional<std::filesystem::path> search_path(std::string_view program,
                                                 const backend::Environment& environment) {
  const std::string path = environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
  for (const auto folder : split(path, ':')) {
    // An empty or relative entry would look into the working folder, which a stranger may have
    // filled.
    if (!folder.starts_with('/')) {
      continue;
    }
    const auto candidate = std::filesystem::path(folder) / program;
    if (is_executable(candidate)) {
      return candidate;
    }
  }
  return std::nullopt;
}

// The words that start a llama-server.
Result<std::vector<std::string>> find_llama_server(const backend::Environment& environment) {
  if (const auto named = environment("LLAMA_SERVER"); named && !named->empty()) {
    if (!is_executable(*named)) {
      return fail(ErrorKind::usage, fmt::format("LLAMA_SERVER: '{}' is no program", *named));
    }
    return std::vector<std::string>{*named};
  }
  if (const auto server = search_path("llama-server", environment)) {
    return std::vector<std::string>{server->string()};
  }
  if (const auto unified = search_path("llama", environment)) {
    return std::vector<std::string>{unified->string(), "serve"};
  }
  return fail(ErrorKind::usage,
              "no llama-server on PATH; install llama.cpp, set LLAMA_SERVER, or run "
              "scripts/get-llama-server.sh");
}

Status check_arguments(const backend::Spec& spec) {
  if (spec.origin != backend::Origin::project) {
    return {};
  }
  for (const auto& argument : spec.args) {
    if (is_flag(argument) && !names_no_file(argument)) {
      return fail(
          ErrorKind::usage,
          fmt::format("backend '{}': a project file may not give llama-server the argument '{}'; "
                      "put the backend into your own config file",
                      spec.name,
                      argument.substr(0, argument.find('='))));
    }
  }
  return {};
}

// llama-server's slots share one context; each gets all that the model was trained for, where that
// costs little. Otherwise a few long prompts at a time fail with "context size exceeded".
constexpr std::uint64_t kSlots = 4;
constexpr std::uint64_t kCheapContext = 32768;

void give_each_slot_its_context(const backend::Spec& spec, std::vector<std::string>& argv) {
  constexpr std::array kChosenByUser{std::string_view("-c"),
                                     std::string_view("--ctx-size"),
                                     std::string_view("-np"),
                                     std::string_view("--parallel")};
  for (const auto& argument : spec.args) {
    if (std::ranges::find(kChosenByUser, argument.substr(0, argument.find('='))) !=
        kChosenByUser.end()) {
      return;
    }
  }
  const auto context = gguf_context_length(spec.model);
  if (context && *context > 0 && *context <= kCheapContext / kSlots) {
    for (const std::string& word : {std::string("-c"),
                                    std::to_string(*context * kSlots),
                                    std::string("-np"),
                                    std::to_string(kSlots)}) {
      argv.push_back(word);
    }
  }
}

Status require_file(const backend::Spec& spec, const std::string& path, std::string_view what) {
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) {
    return {};
  }
  return fail(
      ErrorKind::usage,
      fmt::format("backend '{}': the {} '{}' does not exist or is no file", spec.name, what, path));
}

}  // namespace

bool is_flag(std::string_view word) {
  return word.size() > 1 && word.front() == '-' && (word[1] < '0' || word[1] > '9');
}

bool names_no_file(std::string_view flag) {
  return std::ranges::find(kProjectArguments, flag.substr(0, flag.find('='))) !=
         kProjectArguments.end();
}

Result<std::optional<ManagedPlan>> plan_managed(const backend::Spec& spec,
                                                const backend::Environment& environment,
                                                const std::filesystem::path& self) {
  if (!spec.simulate.empty()) {
    FACEOFF_TRY(require_file(spec, spec.simulate, "script"));
    return ManagedPlan{.name = spec.name,
                       .argv = {self.string(), "simulate", "--script", spec.simulate},
                       .port_flag = "--port",
                       .what = "the stand-in endpoint"};
  }
  const backend::Info* info = backend::find(spec.adapter);
  if (info == nullptr || !info->takes_gguf || !spec.model.ends_with(".gguf") || spec.base_url) {
    return std::nullopt;
  }
  FACEOFF_TRY(require_file(spec, spec.model, "model"));
  FACEOFF_TRY(check_arguments(spec));
  FACEOFF_TRY_ASSIGN(auto argv, find_llama_server(environment));
  for (const std::string& word : {std::string("-m"),
                                  spec.model,
                                  std::string("--host"),
                                  std::string("127.0.0.1"),
                                  std::string("-a"),
                                  std::filesystem::path(spec.model).stem().string()}) {
    argv.push_back(word);
  }
  give_each_slot_its_context(spec, argv);
  argv.insert(argv.end(), spec.args.begin(), spec.args.end());
  return ManagedPlan{
      .name = spec.name, .argv = std::move(argv), .port_flag = "--port", .what = "llama-server"};
}

}  // namespace faceoff::run
