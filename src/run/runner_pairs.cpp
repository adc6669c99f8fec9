// Answers of one case that are compared with each other: they wait until the last one is in.

#include "runner_impl.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

namespace faceoff::run {
namespace {

using score::Preferred;

Preferred other_side(Preferred preferred) {
  return preferred == Preferred::self    ? Preferred::other
         : preferred == Preferred::other ? Preferred::self
                                         : preferred;
}

// The same duel as the second answer sees it.
score::Duel turned(const score::Duel& duel, std::string opponent) {
  score::Duel out{.opponent = std::move(opponent),
                  .outcome = other_side(duel.outcome),
                  .note = duel.note,
                  .verdicts = {}};
  for (const auto& verdict : duel.verdicts) {
    out.verdicts.push_back({.judge = verdict.judge,
                            .shown_first = other_side(verdict.shown_second),
                            .shown_second = other_side(verdict.shown_first)});
  }
  return out;
}

}  // namespace

void Runner::expect(const ReadyCasePtr& ready, std::int32_t repeat) {
  const suite::Case& item = ready->item;
  std::size_t expected = 0;
  bool all_done = true;
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    const Lane& config = plan_.lanes[lane];
    const bool withheld =
        item.local_only && config.answers == nullptr && !config.backend->is_local();
    if (config.judges_only || withheld) {
      continue;
    }
    ++expected;
    all_done = all_done && plan_.is_done &&
               plan_.is_done(
                   {.case_id = item.id,
                    .backend = config.backend->name(),
                    .repeat = repeat,
                    .digest = store::request_digest(item.digest, request_of(item, lane).params)});
  }
  if (!all_done) {
    groups_.emplace(GroupId{ready.get(), repeat},
                    Group{.ready = ready, .repeat = repeat, .expected = expected});
  }
}

Status Runner::join(const GroupId& id, std::size_t lane, std::optional<Scoring> scoring) {
  const auto it = groups_.find(id);
  if (it == groups_.end()) {
    // The run ends early, or nothing is compared here.
    return scoring ? keep(*scoring) : Status{};
  }
  Group& group = it->second;
  Group::Member member{.scoring = std::move(scoring)};
  if (member.scoring && member.scoring->examination.is_over()) {
    member.settled = true;
    FACEOFF_TRY(conclude_scoring(*member.scoring));
  }
  group.members.insert_or_assign(lane, std::move(member));
  if (--group.expected == 0) {
    return begin_duels(id);
  }
  Group::Member& waiting = group.members.at(lane);
  return waiting.scoring && !waiting.settled ? keep(*waiting.scoring) : Status{};
}

Status Runner::begin_duels(const GroupId& id) {
  Group& group = groups_.at(id);
  const auto& scorers = group.ready->scorers;
  for (std::size_t scorer = 0; scorer < scorers.size(); ++scorer) {
    if (scorers[scorer]->pairing() == nullptr) {
      continue;
    }
    for (auto first = group.members.begin(); first != group.members.end(); ++first) {
      for (auto second = std::next(first); second != group.members.end(); ++second) {
        group.duels.push_back({.scorer = scorer, .first = first->first, .second = second->first});
      }
    }
  }
  group.undecided = group.duels.size();
  const std::size_t count = group.duels.size();
  if (count == 0) {
    return end_group(id);
  }
  for (std::size_t duel = 0; duel < count; ++duel) {
    if (groups_.contains(id)) {
      FACEOFF_TRY(step_duel(id, duel));
    }
  }
  return {};
}

Status Runner::step_duel(const GroupId& id, std::size_t at) {
  Group& group = groups_.at(id);
  Group::Duel& duel = group.duels[at];
  const auto decided = [&]() -> Status {
    return --group.undecided == 0 ? end_group(id) : Status{};
  };
  const auto& first = group.members.at(duel.first).scoring;
  const auto& second = group.members.at(duel.second).scoring;
  const std::string& first_name = plan_.lanes[duel.first].backend->name();
  const std::string& second_name = plan_.lanes[duel.second].backend->name();
  duel.outcome.duel.opponent = second_name;
  if (!first || !second) {
    duel.outcome.awaits = true;
    duel.outcome.duel.note = "the other backend has no answer to this case";
    return decided();
  }
  const auto first_forfeits = score::forfeits(input_of(*first));
  const auto second_forfeits = score::forfeits(input_of(*second));
  if (first_forfeits || second_forfeits) {
    duel.outcome.duel.outcome = first_forfeits && second_forfeits ? Preferred::neither
                                : first_forfeits                  ? Preferred::other
                                                                  : Preferred::self;
    duel.outcome.duel.note = fmt::format("not asked: the answer of '{}' {}",
                                         first_forfeits ? first_name : second_name,
                                         first_forfeits ? *first_forfeits : *second_forfeits);
    return decided();
  }
  const score::Scorer& scorer = *group.ready->scorers[duel.scorer];
  auto next = scorer.pairing()->next(group.ready->item,
                                     {first_name, first->record.completion},
                                     {second_name, second->record.completion},
                                     duel.exchanges);
  if (auto* outcome = std::get_if<score::PairScorer::Outcome>(&next)) {
    duel.outcome = std::move(*outcome);
    return decided();
  }
  for (auto& [lane, member] : group.members) {
    if (member.scoring && !member.settled) {
      FACEOFF_TRY(keep(*member.scoring));
    }
  }
  Round round{.ready = group.ready,
              .repeat = group.repeat,
              .about = {.backend = second_name, .opponent = first_name},
              .entries = {},
              .done = {}};
  for (auto& question : std::get<std::vector<score::Question>>(next)) {
    round.entries.push_back({.scorer = &scorer, .question = std::move(question)});
  }
  round.done = [this, id, at](std::vector<Round::Entry> entries) -> Status {
    const auto it = groups_.find(id);
    if (it == groups_.end()) {
      return {};
    }
    for (auto& entry : entries) {
      it->second.duels[at].exchanges.push_back(
          {.question = std::move(entry.question), .answered = *std::move(entry.answered)});
    }
    return step_duel(id, at);
  };
  return ask(std::move(round));
}

Status Runner::end_group(const GroupId& id) {
  Group group = std::move(groups_.at(id));
  groups_.erase(id);
  const auto& scorers = group.ready->scorers;
  for (auto& [lane, member] : group.members) {
    if (!member.scoring || member.settled) {
      continue;
    }
    for (std::size_t scorer = 0; scorer < scorers.size(); ++scorer) {
      const score::PairScorer* pairing = scorers[scorer]->pairing();
      if (pairing == nullptr) {
        continue;
      }
      score::Judged judged;
      for (auto& duel : group.duels) {
        if (duel.scorer != scorer || (duel.first != lane && duel.second != lane)) {
          continue;
        }
        judged.awaits = judged.awaits || duel.outcome.awaits;
        if (duel.first == lane) {
          judged.duels.push_back(duel.outcome.duel);
          continue;
        }
        // What was asked stands once, with the later backend.
        judged.duels.push_back(turned(duel.outcome.duel, plan_.lanes[duel.first].backend->name()));
        std::ranges::move(duel.outcome.asked, std::back_inserter(judged.asked));
        std::ranges::move(duel.outcome.canaries, std::back_inserter(judged.canaries));
      }
      member.scoring->examination.settle(scorer,
                                         pairing->settle(group.ready->item, std::move(judged)));
    }
    FACEOFF_TRY(conclude_scoring(std::move(*member.scoring)));
  }
  return {};
}

}  // namespace faceoff::run
