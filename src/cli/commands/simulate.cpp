#include "session.h"

#include <faceoff/simulate/script.h>
#include <faceoff/simulate/server.h>

#include <array>
#include <atomic>
#include <csignal>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::array kFlags{
    Flag{.name = "script",
         .value = "PATH",
         .help = "what it answers and how it misbehaves (docs/simulate.md)"},
    Flag{.name = "port", .value = "N", .help = "port to listen on (default: 0, a free one)"},
    Flag{.name = "log",
         .value = "PATH",
         .help = "note every chat request and what became of it, a JSON line each"},
    Flag{.name = "host", .value = "ADDRESS", .help = "address to listen on (default: 127.0.0.1)"},
};

std::atomic<simulate::Server*> running{nullptr};

void on_signal(int /*signal*/) {
  if (simulate::Server* server = running.load(); server != nullptr) {
    server->stop();
  }
}

Result<simulate::Script> read_script(const Arguments& arguments, const Context& context) {
  const auto path = arguments.value("script");
  if (!path) {
    return simulate::Script{};
  }
  doc::Diagnostics diagnostics;
  FACEOFF_TRY_ASSIGN(auto script, simulate::decode_script(*path, diagnostics));
  if (!script) {
    print_diagnostics(diagnostics, context);
    return fail(ErrorKind::usage, *path + ": nothing is served");
  }
  return *std::move(script);
}

Result<Exit> serve(const Arguments& arguments, const Context& context) {
  FACEOFF_TRY_ASSIGN(const auto port, arguments.integer("port", 0));
  constexpr std::int64_t kMaxPort = 65535;
  if (port.value_or(0) > kMaxPort) {
    return fail(ErrorKind::usage, fmt::format("--port: {} is more than {}", *port, kMaxPort));
  }
  simulate::ServerOptions options;
  FACEOFF_TRY_ASSIGN(options.script, read_script(arguments, context));
  options.port = static_cast<std::uint16_t>(port.value_or(0));
  options.log = arguments.value("log").value_or("");
  options.host = arguments.value("host").value_or(options.host);
  // Whoever names another address wants to be reached there.
  options.allow_remote = arguments.has("host");
  FACEOFF_TRY_ASSIGN(const auto server,
                     simulate::Server::create(std::move(options), context.clock));
  running.store(server.get());
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    std::signal(signal, on_signal);
  }
  FACEOFF_TRY(print_out(fmt::format("listening on {}\n", server->base_url())));
  const Status served = server->run();
  running.store(nullptr);
  FACEOFF_TRY(served);
  return Exit::ok;
}

Exit execute(const Arguments& arguments, Context& context) {
  const auto exit = serve(arguments, context);
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace

extern const Command simulate_command;
const Command simulate_command{
    .name = "simulate",
    .summary = "serve a stand-in endpoint with scripted answers, delays and faults",
    .positional = {},
    .flags = kFlags,
    .examples =
        "faceoff simulate --script prompts/rehearsal.simulate.yaml --port 8123\n"
        "faceoff run prompts/quickstart.yaml -b "
        "gpt-4o=simulate:prompts/quickstart.gpt-4o.simulate.yaml",
    .run = execute};

}  // namespace faceoff::cli
