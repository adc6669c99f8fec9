// Questions that scorers ask a model: they go through the lanes as trials do.

#include "runner_impl.h"

#include <faceoff/base/digest.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::run {
namespace {

constexpr const char* kNotRecorded =
    "the run holds no answer to this question, and nothing is sent here; to have it asked, run the "
    "suite on the recorded answers: -b NAME=replay:RUN";

score::Answered failed(std::string why) {
  return {.completion = std::nullopt, .failure = std::move(why), .cost = std::nullopt};
}

score::Answered known(store::Record record) {
  return {.completion = std::move(record.completion),
          .failure = {},
          .cost = record.cost,
          .simulated = record.simulated};
}

}  // namespace

Status Runner::on_scored(Scoring scoring) {
  if (!scoring.asks) {
    if (!pairs(*scoring.ready)) {
      return conclude_scoring(std::move(scoring));
    }
    const GroupId group{scoring.ready.get(), scoring.record.repeat};
    const std::size_t lane = scoring.lane;
    return join(group, lane, std::move(scoring));
  }
  Round round{.ready = scoring.ready,
              .repeat = scoring.record.repeat,
              .about = {.backend = scoring.record.backend},
              .entries = {},
              .done = {}};
  auto open = scoring.examination.take_open();
  std::vector<std::size_t> scorers;
  for (auto& [scorer, question] : open) {
    round.entries.push_back(
        {.scorer = scoring.ready->scorers[scorer].get(), .question = std::move(question)});
    scorers.push_back(scorer);
  }
  FACEOFF_TRY(keep(scoring));
  round.done =
      [this, scorers = std::move(scorers), held = std::make_shared<Scoring>(std::move(scoring))](
          std::vector<Round::Entry> entries) -> Status {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      held->examination.add(scorers[i],
                            {.question = std::move(entries[i].question),
                             .answered = *std::move(entries[i].answered)});
    }
    ScorePool& pool = held->ready->needs_outside ? outside_pool_ : pool_;
    pool.submit(std::move(*held));
    return {};
  };
  return ask(std::move(round));
}

Status Runner::keep(Scoring& scoring) {
  // Answers out of a store are safe already, unless they are to be judged by the way.
  if (scoring.recorded || !plan_.asks) {
    return {};
  }
  scoring.recorded = true;
  Scoring copy = scoring;
  run::conclude(copy);
  copy.record.awaits = true;
  return sink_.append(copy.record, {});
}

Status Runner::conclude_scoring(Scoring scoring) {
  if (scoring.line.empty()) {
    run::conclude(scoring);
  }
  return record(std::move(scoring.record), scoring.line);
}

Status Runner::ask(Round round) {
  const RoundId id = next_round_++;
  round.missing = round.entries.size();
  const std::size_t count = round.entries.size();
  rounds_.emplace(id, std::move(round));
  for (std::size_t at = 0; at < count && rounds_.contains(id); ++at) {
    FACEOFF_TRY(ask_one(id, at));
  }
  return {};
}

Status Runner::ask_one(RoundId id, std::size_t at) {
  Round& round = rounds_.at(id);
  const score::Question& question = round.entries[at].question;
  const Place place{.round = id, .at = at};
  const auto is_lane = [&](const Lane& lane) { return lane.backend->name() == question.backend; };
  const auto found = std::ranges::find_if(plan_.lanes, is_lane);
  const auto lane = static_cast<std::size_t>(std::distance(plan_.lanes.begin(), found));
  if (plan_.questions != nullptr) {
    FACEOFF_TRY_ASSIGN(auto record,
                       plan_.questions->find({.case_id = round.ready->item.id,
                                              .repeat = round.repeat,
                                              .backend = round.about.backend,
                                              .opponent = round.about.opponent,
                                              .judge = question.backend,
                                              .digest = score::question_digest(question.request)}));
    if (record) {
      if (found != plan_.lanes.end()) {
        ++tally_.lanes[lane].questions_known;
      }
      if (!plan_.asks) {
        // The new run can be scored anew in its turn.
        FACEOFF_TRY(sink_.append(*record, {}));
      }
      return answered(place, known(*std::move(record)));
    }
  }
  if (!plan_.asks) {
    ++tally_.questions_missing;
    return answered(place, failed(kNotRecorded));
  }
  if (found == plan_.lanes.end()) {
    return answered(place, failed(fmt::format("there is no backend '{}'", question.backend)));
  }
  const suite::Case& item = round.ready->item;
  if (item.local_only && !found->backend->is_local()) {
    return answered(place, failed("the case is local-only and the judge is not on this machine"));
  }
  if (scheduler_.stopped(lane)) {
    return answered(place, failed(tally_.lanes[lane].stopped.value_or("it was stopped")));
  }
  if (draining_) {
    rounds_.erase(id);
    groups_.erase({round.ready.get(), round.repeat});
    return {};
  }
  const std::uint64_t seed =
      plan_.seed ^ fnv1a(fmt::format("{}/{}/{}", item.id, question.backend, question.purpose));
  const TrialId trial = next_id_++;
  const TrialSettings& settings =
      item.local_only ? lanes_[lane].local_settings : lanes_[lane].settings;
  store::AskedFor about = round.about;
  const score::Scorer& scorer = *round.entries[at].scorer;
  about.scorer = scorer.asking() != nullptr ? scorer.asking()->name() : scorer.pairing()->name();
  about.purpose = question.purpose;
  chat::Request request = question.request;
  if (request.wants == chat::Wants::answer) {
    request.params = chat::merge(found->params, request.params);
  }
  flights_.emplace(
      trial,
      Flight{.ready = round.ready,
             .lane = lane,
             .repeat = round.repeat,
             .driver = TrialDriver(settings, std::move(request), seed),
             .question = OpenQuestion{.place = place,
                                      .about = std::move(about),
                                      .digest = score::question_digest(question.request)}});
  scheduler_.add(trial, lane);
  return {};
}

Status Runner::finish_question(Flight flight, TrialResult result, bool from_store) {
  const OpenQuestion question = *std::move(flight.question);
  LaneTally& tally = tally_.lanes[flight.lane];
  store::Record record = make_record(flight.ready->item, flight.driver.request().params, result);
  record.run = plan_.run;
  record.suite = plan_.suite_name;
  record.backend = plan_.lanes[flight.lane].backend->name();
  record.repeat = flight.repeat;
  record.tags.clear();
  record.cluster.clear();
  record.targets.clear();
  record.messages = flight.driver.request().messages;
  record.digest = question.digest;
  record.cost = flight.cost;
  record.cached = from_store;
  record.asked_for = question.about;
  if (!result.failure) {
    record.outcome = score::Outcome::unscored;
    record.value.reset();
  }
  FACEOFF_TRY(sink_.append(record, {}));
  ++(result.failure ? tally.questions_failed : tally.questions);
  observer_.question_finished(flight.lane, record);
  return answered(question.place,
                  result.failure ? failed(result.failure->message) : known(std::move(record)));
}

Status Runner::answered(const Place& place, score::Answered answer) {
  const auto it = rounds_.find(place.round);
  if (it == rounds_.end()) {
    return {};
  }
  Round& round = it->second;
  round.entries[place.at].answered = std::move(answer);
  if (--round.missing > 0) {
    return {};
  }
  Round whole = std::move(round);
  rounds_.erase(it);
  return whole.done(std::move(whole.entries));
}

void Runner::lose(TrialId id, const std::string& why) {
  const auto it = flights_.find(id);
  if (it == flights_.end()) {
    return;
  }
  const Flight& flight = it->second;
  const GroupId group{flight.ready.get(), flight.repeat};
  if (draining_) {
    // Both stand in the log as far as they are known.
    if (flight.question) {
      rounds_.erase(flight.question->place.round);
    }
    groups_.erase(group);
  } else {
    lost_.push_back(
        {.question = flight.question ? std::optional(flight.question->place) : std::nullopt,
         .group = group,
         .lane = flight.lane,
         .why = why});
  }
  flights_.erase(it);
}

Status Runner::settle_lost() {
  while (!lost_.empty()) {
    for (auto& lost : std::exchange(lost_, {})) {
      if (lost.question) {
        FACEOFF_TRY(answered(*lost.question, failed(std::move(lost.why))));
      } else {
        FACEOFF_TRY(join(lost.group, lost.lane, std::nullopt));
      }
    }
  }
  return {};
}

}  // namespace faceoff::run
