#include "listener.h"
#include "loop.h"

#include <faceoff/simulate/server.h>

#include <optional>
#include <utility>

namespace faceoff::simulate {

Result<std::unique_ptr<Server>> Server::create(ServerOptions options, const Clock& clock) {
  raise_file_limit();
  FACEOFF_TRY_ASSIGN(Listener listener, listen_on(options));
  std::optional<RequestLog> log;
  if (!options.log.empty()) {
    FACEOFF_TRY_ASSIGN(log, RequestLog::open(options.log));
  }
  auto loop =
      std::make_unique<Loop>(std::move(listener), std::move(options.script), std::move(log), clock);
  FACEOFF_TRY(loop->open());
  return std::unique_ptr<Server>(new Server(std::move(loop)));
}

Server::Server(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Server::~Server() = default;

std::uint16_t Server::port() const noexcept {
  return loop_->port();
}
std::string Server::base_url() const {
  return loop_->base_url();
}
Status Server::run() {
  return loop_->run();
}
Status Server::step(Duration longest) {
  return loop_->step(longest);
}
void Server::stop() noexcept {
  loop_->stop();
}
Stats Server::stats() const noexcept {
  return loop_->stats();
}

}  // namespace faceoff::simulate
