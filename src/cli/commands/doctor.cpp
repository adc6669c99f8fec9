#include "config.h"
#include "effective.h"
#include "fleet.h"
#include "keys.h"
#include "outside.h"
#include "replays.h"
#include "session.h"
#include "shared_flags.h"
#include "terminal.h"

#include <faceoff/base/text.h>
#include <faceoff/net/curl_transport.h>
#include <faceoff/net/proxy.h>
#include <faceoff/run/managed_server.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::array kFlags{
    Flag{.name = "backend",
         .letter = 'b',
         .value = "NAME",
         .help = "ask these backends (default: all of faceoff.yaml)",
         .repeats = true},
    Flag{.name = "show-config", .help = "print every setting with who set it, and ask nobody"},
    kKeyFileFlag,
    kAllowHostFlag,
};

std::string mark(bool good, const Context& context) {
  if (context.out.unicode) {
    return good ? "✓" : "✗";
  }
  return good ? "ok" : "!!";
}

std::string environment_report(const Context& context) {
  std::string out = "environment\n";
  for (const auto& info : backend::all()) {
    if (!info.key_env.empty()) {
      const auto key = context.environment(info.key_env);
      out += fmt::format("  {}: {}\n", info.key_env, key && !key->empty() ? "set" : "not set");
    }
  }
  for (const auto* name : {"OPENAI_BASE_URL",
                           "OLLAMA_HOST",
                           "LLAMA_SERVER",
                           "HTTPS_PROXY",
                           "https_proxy",
                           "http_proxy",
                           "ALL_PROXY",
                           "NO_PROXY",
                           "SSL_CERT_FILE"}) {
    if (const auto value = context.environment(name); value && !value->empty()) {
      out += fmt::format("  {}: {}\n", name, display_text(net::without_user_info(*value)));
    }
  }
  if (const auto keylog = context.environment("SSLKEYLOGFILE"); keylog && !keylog->empty()) {
    out += "  warning: SSLKEYLOGFILE is set; TLS sessions can be read by whoever reads that file\n";
  }
  out += fmt::format("  {}\n", net::curl_version_text());
  return out;
}

// The name stands before the message already.
std::string without_name(const backend::Spec& spec, std::string message) {
  for (const std::string& prefix : {spec.name + ": ", "backend '" + spec.name + "': "}) {
    if (message.starts_with(prefix)) {
      message.erase(0, prefix.size());
    }
  }
  return display_text(message);
}

// A server of ours is only planned: doctor starts nothing.
std::string describe_plan(const backend::Spec& spec, const Context& context, bool& good) {
  const auto plan = run::plan_managed(spec, context.environment, context.self);
  good = plan.has_value();
  if (!plan) {
    return without_name(spec, plan.error().message);
  }
  return fmt::format("would start {} ({})", (*plan)->what, display_text((*plan)->argv.front()));
}

std::string ask(const backend::Spec& spec,
                net::Transport& transport,
                const Context& context,
                const std::filesystem::path& results,
                bool& good) {
  if (spec.adapter == "replay") {
    doc::Diagnostics diagnostics;
    std::vector<backend::Spec> specs{spec};
    const auto replays = open_replays(specs, results, diagnostics);
    good = replays && diagnostics.empty();
    return good      ? fmt::format("{} answers of {}, nothing is asked",
                              replays->at(spec.name)->size(),
                              display_text(specs.front().run))
           : replays ? doc::one_line(diagnostics.sorted().front())
                     : without_name(spec, replays.error().message);
  }
  RunOptions options;
  options.deadlines.start_up = std::chrono::seconds(1);
  auto fleet = Fleet::plan({spec}, options, context);
  if (!fleet) {
    good = false;
    return without_name(spec, fleet.error().message);
  }
  if (fleet->has_managed()) {
    return describe_plan(spec, context, good);
  }
  const run::StopSignal stop;
  const Status status = fleet->identify(options, transport, context.clock, stop);
  good = status.has_value();
  if (!status) {
    return without_name(spec, status.error().message);
  }
  const Member& member = fleet->members().front();
  std::string out = fmt::format("{} answers", display_text(member.backend->base_url()));
  if (const auto proxy = net::proxy_for(member.backend->base_url(), context.environment)) {
    out += fmt::format(" through the proxy {}", display_text(*proxy));
  }
  if (!member.identity.server.empty()) {
    out += fmt::format("; {}", display_text(member.identity.server));
  }
  if (!member.identity.model.empty()) {
    out += fmt::format("; model {}", display_text(member.identity.model));
  }
  return out;
}

Result<Exit> examine(const Arguments& arguments, const Context& context) {
  doc::Diagnostics diagnostics;
  FACEOFF_TRY_ASSIGN(const Config config, load_config(arguments, context, diagnostics));
  if (!diagnostics.empty()) {
    print_diagnostics(diagnostics, context);
    return Exit::usage;
  }
  FACEOFF_TRY(print_out(fitted(environment_report(context), context.out)));
  FACEOFF_TRY(print_out(
      fitted(fmt::format("  sandbox for code: {}\n", describe_sandbox(context)), context.out)));
  for (const auto& file : config.files) {
    FACEOFF_TRY(print_out(fmt::format("  configuration: {}\n", file.string())));
  }
  if (arguments.has("show-config")) {
    FACEOFF_TRY(print_out(fitted(effective_settings(config, context), context.out)));
    return Exit::ok;
  }
  if (config.backends.empty() && !arguments.has("backend")) {
    FACEOFF_TRY(print_out(
        "backends\n  none configured; name one with -b, e.g. -b llama=llama-server:model.gguf\n"));
    return Exit::ok;
  }
  FACEOFF_TRY_ASSIGN(auto specs, choose_backends(arguments, config));
  FACEOFF_TRY(load_keys(arguments, context, KeyCommands::run, specs));
  FACEOFF_TRY_ASSIGN(const auto transport, net::make_curl_transport(context.clock, {}));
  FACEOFF_TRY(print_out("backends\n"));
  bool all_good = true;
  for (const auto& spec : specs) {
    bool good = true;
    const std::string text =
        ask(spec, *transport, context, results_folder(arguments, config), good);
    all_good = all_good && good;
    FACEOFF_TRY(print_out(
        fmt::format("  {} {}: {}\n", mark(good, context), display_text(spec.name), text)));
  }
  return all_good ? Exit::ok : Exit::backend;
}

Exit execute(const Arguments& arguments, Context& context) {
  const auto exit = examine(arguments, context);
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace

extern const Command doctor_command;
const Command doctor_command{
    .name = "doctor",
    .summary = "see whether keys are set, endpoints answer and models exist; costs nothing",
    .positional = {},
    .flags = kFlags,
    .examples =
        "faceoff doctor\nfaceoff doctor --show-config\nfaceoff doctor -b "
        "llama=llama-server@http://127.0.0.1:8080",
    .run = execute};

}  // namespace faceoff::cli
