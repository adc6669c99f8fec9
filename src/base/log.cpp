#include <faceoff/base/log.h>
#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace faceoff::log {
namespace {

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::trace:
      return spdlog::level::trace;
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
    case Level::off:
      return spdlog::level::off;
  }
  return spdlog::level::off;
}

std::shared_ptr<spdlog::logger> make_default() {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto logger = std::make_shared<spdlog::logger>("faceoff", sink);
  logger->set_pattern("%l: %v");
  logger->set_level(spdlog::level::warn);
  return logger;
}

// Guards the pointer, not the logger, which is thread-safe itself.
struct State {
  std::mutex mutex;
  std::shared_ptr<spdlog::logger> logger = make_default();
};

State& state() {
  static State instance;
  return instance;
}

std::shared_ptr<spdlog::logger> logger() {
  State& s = state();
  const std::scoped_lock lock(s.mutex);
  return s.logger;
}

void write(Level level, std::string_view message) {
  const auto sink = logger();
  const auto spd = to_spdlog(level);
  if (!sink->should_log(spd)) {
    return;
  }
  const std::string safe = display_text(redactor().redact(message));
  sink->log(spd, "{}", safe);
}

}  // namespace

Status set_up(const Options& options) {
  auto console = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  console->set_level(to_spdlog(options.stderr_level));
  console->set_pattern("%l: %v");
  std::vector<spdlog::sink_ptr> sinks{console};
  auto lowest = to_spdlog(options.stderr_level);
  if (!options.file.empty()) {
    try {
      auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file.string(), true);
      file->set_level(spdlog::level::debug);
      file->set_formatter(std::make_unique<spdlog::pattern_formatter>(
          "%Y-%m-%dT%H:%M:%S.%eZ %l: %v", spdlog::pattern_time_type::utc));
      sinks.push_back(file);
      lowest = std::min(lowest, spdlog::level::debug);
    } catch (const spdlog::spdlog_ex& error) {
      return fail(ErrorKind::io, options.file.string() + ": cannot write the log: " + error.what());
    }
  }
  auto made = std::make_shared<spdlog::logger>("faceoff", sinks.begin(), sinks.end());
  made->set_level(lowest);
  made->flush_on(spdlog::level::warn);
  State& s = state();
  const std::scoped_lock lock(s.mutex);
  s.logger = std::move(made);
  return {};
}

bool enabled(Level level) noexcept {
  return logger()->should_log(to_spdlog(level));
}
void trace(std::string_view message) {
  write(Level::trace, message);
}
void debug(std::string_view message) {
  write(Level::debug, message);
}
void info(std::string_view message) {
  write(Level::info, message);
}
void warn(std::string_view message) {
  write(Level::warn, message);
}
void error(std::string_view message) {
  write(Level::error, message);
}

}  // namespace faceoff::log
