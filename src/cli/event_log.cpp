#include "event_log.h"

#include <faceoff/base/log.h>
#include <faceoff/base/secret.h>
#include <faceoff/base/units.h>

#include <cerrno>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

namespace faceoff::cli {
namespace {

using Json = nlohmann::ordered_json;

Json milliseconds(const std::optional<Duration>& d) {
  return d ? Json(std::round(to_ms(*d) * 1000) / 1000) : Json(nullptr);
}

}  // namespace

class EventLog::Line {
 public:
  Json json;
};

Result<std::unique_ptr<EventLog>> EventLog::open(const std::string& target, const Clock& clock) {
  if (target == "-") {
    return std::unique_ptr<EventLog>(
        new EventLog(UniqueFd(), STDOUT_FILENO, "standard output", clock));
  }
  if (target.starts_with("fd:")) {
    constexpr std::int64_t kMost = 65535;
    const auto number = parse_int(target.substr(3));
    if (!number || *number < 1 || *number > kMost ||
        ::fcntl(static_cast<int>(*number), F_GETFD) < 0) {
      return fail(ErrorKind::usage,
                  fmt::format("--events: '{}' is no open file descriptor", target));
    }
    return std::unique_ptr<EventLog>(
        new EventLog(UniqueFd(), static_cast<int>(*number), target, clock));
  }
  UniqueFd file(::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.valid()) {
    return fail(ErrorKind::io,
                fmt::format("--events: {}: {}; nothing was sent", target, errno_text(errno)));
  }
  const int fd = file.get();
  return std::unique_ptr<EventLog>(new EventLog(std::move(file), fd, target, clock));
}

EventLog::EventLog(UniqueFd file, int fd, std::string name, const Clock& clock)
    : file_(std::move(file)), fd_(fd), name_(std::move(name)), clock_(clock), began_(clock.now()) {}

EventLog::Line EventLog::line(std::string_view event) {
  return {.json = {{"schema", "faceoff.events/1"},
                   {"seq", ++seq_},
                   {"t_mono_ms", milliseconds(clock_.now() - began_)},
                   {"event", event}}};
}

EventLog::Line EventLog::line(std::string_view event, const run::TrialName& trial) {
  Line out = line(event);
  out.json["backend"] = lanes_.at(trial.lane).backend;
  out.json["case"] = trial.case_id;
  out.json["repeat"] = trial.repeat;
  out.json["attempt"] = trial.attempt;
  return out;
}

void EventLog::write(const Line& line) {
  if (broken_) {
    return;
  }
  const std::string text =
      redactor().redact(line.json.dump(-1, ' ', true, Json::error_handler_t::replace)) + "\n";
  if (const auto status = write_all(fd_, text, name_); !status) {
    broken_ = true;
    log::warn(fmt::format("no further events are written: {}", status.error().message));
  }
}

void EventLog::run_started(std::string_view run, std::string_view suite, std::vector<Lane> lanes) {
  lanes_ = std::move(lanes);
  Line out = line("run_started");
  out.json["run"] = run;
  out.json["suite"] = suite;
  out.json["backends"] = Json::array();
  for (const Lane& lane : lanes_) {
    out.json["backends"].push_back(
        {{"name", lane.backend}, {"planned", lane.planned}, {"reused", lane.reused}});
  }
  write(out);
}

void EventLog::request_started(const run::TrialName& trial) {
  write(line("request_started", trial));
}

void EventLog::first_token(const run::TrialName& trial) {
  write(line("first_token", trial));
}

void EventLog::request_finished(const run::TrialName& trial, const backend::Failure* failure) {
  Line out = line("request_finished", trial);
  out.json["error"] = failure == nullptr ? Json(nullptr)
                                         : Json{{"kind", backend::to_string(failure->kind)},
                                                {"http_status", failure->http_status},
                                                {"message", failure->message}};
  write(out);
}

void EventLog::retry(const run::TrialName& trial, Duration wait, const backend::Failure& cause) {
  Line out = line("retry", trial);
  out.json["wait_ms"] = milliseconds(wait);
  out.json["error"] = {{"kind", backend::to_string(cause.kind)},
                       {"http_status", cause.http_status},
                       {"message", cause.message}};
  write(out);
}

void EventLog::item_scored(std::size_t lane, const store::Record& record) {
  Line out = line("item_scored");
  out.json["backend"] = lanes_.at(lane).backend;
  out.json["case"] = record.case_id;
  out.json["repeat"] = record.repeat;
  out.json["attempts"] = record.attempts.size();
  out.json["outcome"] = score::to_string(record.outcome);
  out.json["value"] = record.value ? Json(*record.value) : Json(nullptr);
  out.json["error"] = record.error ? Json{{"kind", backend::to_string(*record.error)},
                                          {"message", record.error_message}}
                                   : Json(nullptr);
  out.json["ttft_ms"] = milliseconds(record.timing.ttft);
  out.json["e2e_ms"] = milliseconds(record.timing.e2e);
  out.json["cost_usd"] = record.cost ? Json(decimal_dollars(*record.cost)) : Json(nullptr);
  out.json["simulated"] = record.simulated;
  out.json["cached"] = record.cached;
  write(out);
}

void EventLog::warning(const std::size_t* lane, std::string_view message) {
  Line out = line("warning");
  out.json["backend"] = lane == nullptr ? Json(nullptr) : Json(lanes_.at(*lane).backend);
  out.json["message"] = message;
  write(out);
}

void EventLog::run_finished(std::string_view run, int exit, std::string_view reason) {
  Line out = line("run_finished");
  out.json["run"] = run;
  out.json["exit"] = {{"code", exit}, {"reason", reason}};
  write(out);
}

}  // namespace faceoff::cli
