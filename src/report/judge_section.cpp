#include "sections.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

constexpr std::uint64_t kFewLabels = 50;
constexpr double kConsistent = 0.65;

std::string share_text(double share) {
  return fmt::format("{:.0f}%", share * 100);
}

std::string interval_text(const stats::Interval& interval, double scale, int decimals) {
  if (!interval.lo || !interval.hi) {
    return "no interval";
  }
  return fmt::format(
      "95 % CI {:.{}f} to {:.{}f}", *interval.lo * scale, decimals, *interval.hi * scale, decimals);
}

std::string work_text(const compare::JudgeWork& work) {
  std::string text = counted(work.questions, "question");
  text += fmt::format(", {} tokens in and {} out", work.prompt_tokens, work.completion_tokens);
  text += work.cost ? ", " + format_money(*work.cost) : ", no price known";
  if (work.failed > 0) {
    text += fmt::format("; {} failed", work.failed);
  }
  if (work.off_menu > 0) {
    text += fmt::format("; {} without a verdict of the list", work.off_menu);
  }
  if (work.canaries > 0) {
    text += fmt::format("; {} of {} held against an instruction inside of the answer",
                        work.canaries_held,
                        counted(work.canaries, "verdict"));
  }
  return text + (work.simulated ? "; simulated" : "");
}

std::string duel_text(const compare::DuelTable& duel) {
  const std::uint64_t n = duel.wins + duel.losses + duel.ties;
  if (n == 0 || !duel.winrate) {
    return "no verdict in both orders";
  }
  std::string text = fmt::format("wins {}, ties {}, loses {}: a win rate of {:.1f}% ({})",
                                 duel.wins,
                                 duel.ties,
                                 duel.losses,
                                 *duel.winrate * 100,
                                 interval_text(duel.interval, 100, 1));
  if (duel.undecided > 0) {
    text += fmt::format("; {} undecided", duel.undecided);
  }
  if (duel.consistency) {
    text += fmt::format("; the same verdict in both orders in {}", share_text(*duel.consistency));
  }
  if (duel.flips > 0) {
    text += fmt::format("; of {} that turned with the order, {} went to the first slot",
                        duel.flips,
                        duel.first_flips);
  }
  return text + ".";
}

}  // namespace

std::vector<Section> judge_sections(const Report& report, const Detail& detail) {
  const compare::Judging& judging = report.judging;
  if (!judging.any()) {
    return {};
  }
  Section section;
  section.heading = {{"Judges", Style::bold}};
  for (const auto& work : judging.judges) {
    section.paragraphs.push_back({{name_span(work.backend, detail)}, {{work_text(work)}}});
  }
  for (const auto& kin : judging.kin) {
    Line line{{compare::kinship_text(kin)}};
    if (kin.relation != compare::Relation::itself) {
      line.push_back({" "});
      line.push_back(name_span(kin.backend, detail));
    }
    line.push_back(
        {": judges favour answers of their own kind, and no figure here corrects that."});
    section.paragraphs.push_back({{name_span(kin.judge, detail)}, {std::move(line)}});
  }
  for (const auto& duel : judging.duels) {
    Line lead = {name_span(duel.candidate, detail), {" against "}};
    lead.push_back(name_span(duel.reference, detail));
    if (judging.judges.size() > 1) {
      lead.push_back({", judge "});
      lead.push_back(name_span(duel.judge, detail));
    }
    section.paragraphs.push_back({std::move(lead), {{duel_text(duel)}}});
    if (duel.consistency && *duel.consistency < kConsistent) {
      section.footnotes.push_back(
          {{"A judge that changes its verdict with the order in more than a third of the cases "
            "says "
            "little; its changes count as ties.",
            Style::dim}});
    }
  }
  for (const auto& agreement : judging.agreements) {
    section.paragraphs.push_back(
        {{name_span(agreement.scorer, detail), {" against people"}},
         {{fmt::format("the same label in {} of {}; kappa {} ({})",
                       agreement.share ? share_text(*agreement.share) : "none",
                       agreement.n,
                       agreement.kappa ? fmt::format("{:.2f}", *agreement.kappa) : "undefined",
                       interval_text(agreement.interval, 1, 2))}}});
    if (agreement.n < kFewLabels) {
      section.footnotes.push_back(
          {{"Fewer than 50 labels by people: the agreement is hardly known.", Style::dim}});
    }
  }
  if (!judging.strengths.empty()) {
    std::string text;
    for (const auto& strength : judging.strengths) {
      text += fmt::format(
          "{}{} {:.0f}", text.empty() ? "" : ", ", display_text(strength.backend), strength.elo);
    }
    section.paragraphs.push_back({{{"Strength (Bradley-Terry)", Style::bold}}, {{text}}});
  }
  if (judging.awaiting > 0) {
    section.paragraphs.push_back(
        {{{"Open", Style::bold}},
         {{fmt::format("{} without a verdict, because a judge could not be asked; --resume asks "
                       "for what is missing and for nothing else",
                       counted(judging.awaiting, "answer"))}}});
  }
  return {std::move(section)};
}

}  // namespace faceoff::report
