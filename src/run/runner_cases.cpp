// From the suite to trials, and those that need no server.

#include "runner_impl.h"

#include <faceoff/base/digest.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::run {

Status Runner::pull_cases() {
  // With stored answers a case may be over at once; the loop must still turn now and then.
  for (std::size_t pulled = 0; reading_ && in_memory() < window_ && pulled < window_; ++pulled) {
    ReadyCasePtr ready;
    if (!draining_ && !all_lanes_stopped()) {
      FACEOFF_TRY_ASSIGN(ready, feed_.next());
    }
    reading_ = ready != nullptr;
    if (reading_ && pairs(*ready)) {
      const std::int32_t repeats = plan_.repeat > 0 ? plan_.repeat : ready->item.repeat;
      for (std::int32_t repeat = 0; repeat < repeats; ++repeat) {
        expect(ready, repeat);
      }
    }
    for (std::size_t lane = 0; reading_ && lane < lanes_.size(); ++lane) {
      FACEOFF_TRY(add_trials(ready, lane));
    }
    tally_.max_window = std::max(tally_.max_window, in_memory());
  }
  return {};
}

chat::Request Runner::request_of(const suite::Case& item, std::size_t lane) const {
  return {.messages = item.messages, .params = chat::merge(plan_.lanes[lane].params, item.params)};
}

Status Runner::add_trials(const ReadyCasePtr& ready, std::size_t lane) {
  const suite::Case& item = ready->item;
  const Lane& config = plan_.lanes[lane];
  LaneTally& tally = tally_.lanes[lane];
  const std::int32_t repeats = plan_.repeat > 0 ? plan_.repeat : item.repeat;
  if (config.judges_only) {
    return {};
  }
  if (item.local_only && config.answers == nullptr && !config.backend->is_local()) {
    tally.withheld += static_cast<std::uint64_t>(repeats);
    return {};
  }
  for (std::int32_t repeat = 0; repeat < repeats; ++repeat) {
    FACEOFF_TRY(add_trial(ready, lane, repeat));
  }
  return {};
}

Status Runner::add_trial(const ReadyCasePtr& ready, std::size_t lane, std::int32_t repeat) {
  const suite::Case& item = ready->item;
  const Lane& config = plan_.lanes[lane];
  ++tally_.lanes[lane].planned;
  const store::TrialKey key{
      .case_id = item.id,
      .backend = config.backend->name(),
      .repeat = repeat,
      .digest = plan_.is_done ? store::request_digest(item.digest, request_of(item, lane).params)
                              : std::string()};
  const GroupId group{ready.get(), repeat};
  const bool done = plan_.is_done && plan_.is_done(key);
  // An answer that is there meets the others of its case anew.
  if (done && !groups_.contains(group)) {
    ++tally_.lanes[lane].reused;
    return {};
  }
  if (config.recorded != nullptr && (done || (plan_.awaits && plan_.awaits(key)))) {
    return answer_from_source(ready, lane, repeat, *config.recorded, Measured::keep);
  }
  if (scheduler_.stopped(lane)) {
    lost_.push_back({.question = std::nullopt, .group = group, .lane = lane, .why = {}});
    return {};
  }
  if (config.answers != nullptr) {
    return answer_from_source(ready,
                              lane,
                              repeat,
                              *config.answers,
                              config.keeps_timing ? Measured::keep : Measured::drop);
  }
  const std::uint64_t seed =
      plan_.seed ^ fnv1a(fmt::format("{}/{}/{}", item.id, config.backend->name(), repeat));
  const TrialId id = next_id_++;
  const TrialSettings& settings =
      item.local_only ? lanes_[lane].local_settings : lanes_[lane].settings;
  flights_.emplace(id,
                   Flight{.ready = ready,
                          .lane = lane,
                          .repeat = repeat,
                          .driver = TrialDriver(settings, request_of(item, lane), seed)});
  scheduler_.add(id, lane);
  return {};
}

Status Runner::answer_from_source(const ReadyCasePtr& ready,
                                  std::size_t lane,
                                  std::int32_t repeat,
                                  store::AnswerSource& source,
                                  Measured measured) {
  FACEOFF_TRY_ASSIGN(auto found, source.find(ready->item, repeat));
  Flight flight{
      .ready = ready,
      .lane = lane,
      .repeat = repeat,
      .driver = TrialDriver(lanes_[lane].settings, request_of(ready->item, lane), plan_.seed),
      .recorded = &source == plan_.lanes[lane].recorded};
  if (found.answer && measured == Measured::keep) {
    flight.cost = found.answer->cost;
    flight.of_then = Flight::OfThen{.params = found.answer->params, .cached = found.answer->cached};
  }
  TrialResult result = found.answer ? from_stored(*std::move(found.answer), measured)
                                    : not_recorded(std::move(found.why));
  observer_.trial_started(lane);
  return finish(std::move(flight), std::move(result), true);
}

// Of the request as it is meant, not as it may be adjusted for a model that refuses a parameter:
// whether that is known already depends on the order of trials.
Result<std::string> Runner::cache_key(const Flight& flight) const {
  const backend::Backend& backend = *plan_.lanes[flight.lane].backend;
  auto request = backend.encode(flight.driver.request());
  if (!request) {
    return tl::make_unexpected(with_context(std::move(request).error(), backend.name()));
  }
  const std::string& identity = plan_.lanes[flight.lane].cache_identity;
  return store::key_of_request(backend.adapter(),
                               identity.empty() ? backend.base_url() : identity,
                               backend.model(),
                               request->body,
                               flight.repeat);
}

Result<bool> Runner::answer_from_cache(TrialId id) {
  Flight& flight = flights_.at(id);
  store::AnswerCache* const cache = plan_.lanes[flight.lane].cache_read;
  if (cache == nullptr) {
    return false;
  }
  FACEOFF_TRY_ASSIGN(const std::string key, cache_key(flight));
  FACEOFF_TRY_ASSIGN(auto answer, cache->find(key));
  if (!answer) {
    return false;
  }
  Flight over = std::move(flight);
  flights_.erase(id);
  scheduler_.finish(id, over.lane);
  FACEOFF_TRY(finish(std::move(over), from_stored(*std::move(answer), Measured::drop), true));
  return true;
}

Status Runner::put_into_cache(const Flight& flight, const TrialResult& result) {
  store::AnswerCache* const cache = plan_.lanes[flight.lane].cache_write;
  if (cache == nullptr || result.failure || !result.completion.complete()) {
    return {};
  }
  FACEOFF_TRY_ASSIGN(const std::string key, cache_key(flight));
  return cache->put(key, to_stored(result));
}

}  // namespace faceoff::run
