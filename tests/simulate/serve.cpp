// Serves one script until SIGINT or SIGTERM: what tests/node talks to.
// usage: simulate_serve [--port N] [--script FILE]
#include <faceoff/base/clock.h>
#include <faceoff/base/units.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/simulate/script.h>
#include <faceoff/simulate/server.h>

#include <csignal>
#include <cstdint>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace {

faceoff::simulate::Server* running = nullptr;

void on_signal(int /*number*/) {
  running->stop();
}

int complain(const std::string& message) {
  std::cerr << message << '\n';
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  namespace simulate = faceoff::simulate;
  simulate::ServerOptions options;
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  for (std::size_t i = 1; i + 1 < words.size(); i += 2) {
    const std::string_view flag = words[i];
    if (flag == "--port") {
      options.port = static_cast<std::uint16_t>(faceoff::parse_int(words[i + 1]).value_or(0));
    } else if (flag == "--script") {
      faceoff::doc::Diagnostics diagnostics;
      auto script = simulate::decode_script(words[i + 1], diagnostics);
      if (!script) {
        return complain(script.error().message);
      }
      if (!*script) {
        return complain(faceoff::doc::render(diagnostics, {}));
      }
      options.script = **std::move(script);
    }
  }
  const faceoff::SteadyClock clock;
  auto server = simulate::Server::create(std::move(options), clock);
  if (!server) {
    return complain(server.error().message);
  }
  running = server->get();
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::cout << "listening on " << running->base_url() << std::endl;
  const auto status = running->run();
  return status ? 0 : complain(status.error().message);
}
