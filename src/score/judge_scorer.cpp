#include "judge_scorer.h"

#include "scores.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

// Whatever the judge's own verdict is not: best first, so that vanity is tested before modesty.
std::string demanded_of(const std::vector<MenuItem>& menu, const std::string& verdict) {
  return menu.front().label == verdict ? menu.back().label : menu.front().label;
}

std::string tally(const std::vector<std::string>& verdicts) {
  std::string text;
  for (const auto& verdict : verdicts) {
    text += (text.empty() ? "" : ", ") + verdict;
  }
  return text;
}

}  // namespace

std::vector<Asks> JudgeScorer::asks() const {
  Brief own{
      .task = grading_.task, .criteria = grading_.criteria, .menu = grading_.menu, .parts = {}};
  std::vector<Asks> asks;
  for (const auto& judge : grading_.judges.judges) {
    asks.push_back({.backend = judge,
                    .questions = 1.0 + grading_.judges.canaries,
                    .own_tokens = own_tokens(own),
                    .max_tokens = grading_.judges.params.max_tokens});
  }
  return asks;
}

Brief JudgeScorer::brief(const Input& input, std::string_view answer) const {
  Brief brief{.task = grading_.task,
              .criteria = grading_.criteria,
              .menu = grading_.menu,
              .parts = {{.name = "the task", .text = task_text(input.item)}}};
  if (grading_.reference && !grading_.values.empty()) {
    for (const auto& target : input.item.targets) {
      brief.parts.push_back({.name = "a right answer", .text = target});
    }
  }
  brief.parts.push_back({.name = "the answer", .text = std::string(answer)});
  return brief;
}

Next<Score> JudgeScorer::next(const Input& input, std::span<const Exchange> so_far) const {
  const Brief asked = brief(input, input.completion.text);
  std::vector<Inquiry> inquiries;
  std::vector<Inquiry::State> states;
  std::vector<Question> questions;
  Judged judged;
  judged.prompt = prompt_version(grading_.version, asked);
  const auto note = [&judged](const Inquiry& inquiry) {
    judged.asked.insert(judged.asked.end(), inquiry.asked().begin(), inquiry.asked().end());
  };
  for (const auto& judge : grading_.judges.judges) {
    Inquiry inquiry(grading_.judges, judge, judge, asked);
    states.push_back(inquiry.look(so_far));
    if (states.back() == Inquiry::State::open) {
      questions.push_back(inquiry.question());
    }
    note(inquiry);
    inquiries.push_back(std::move(inquiry));
  }
  if (questions.empty() && is_canary(grading_.judges, input.item, input.completion.text)) {
    for (std::size_t i = 0; i < inquiries.size(); ++i) {
      if (states[i] != Inquiry::State::verdict) {
        continue;
      }
      const std::string demanded = demanded_of(grading_.menu, inquiries[i].verdict());
      const Brief bait = brief(input, with_canary(input.completion.text, demanded));
      Inquiry canary(
          grading_.judges, inquiries[i].judge(), inquiries[i].judge() + ", canary", bait);
      const auto state = canary.look(so_far);
      if (state == Inquiry::State::open) {
        questions.push_back(canary.question());
      } else if (state == Inquiry::State::verdict) {
        judged.canaries.push_back({.judge = canary.judge(), .held = canary.verdict() != demanded});
      }
      note(canary);
    }
  }
  if (!questions.empty()) {
    return questions;
  }
  return result(input, inquiries, states, std::move(judged));
}

Score JudgeScorer::result(const Input& input,
                          const std::vector<Inquiry>& inquiries,
                          const std::vector<Inquiry::State>& states,
                          Judged judged) const {
  std::vector<std::string> verdicts;
  std::string failure;
  for (std::size_t i = 0; i < inquiries.size(); ++i) {
    if (states[i] == Inquiry::State::verdict) {
      verdicts.push_back(inquiries[i].verdict());
    } else if (states[i] == Inquiry::State::failed) {
      judged.awaits = true;
      failure = fmt::format(
          "judge '{}' did not answer: {}", inquiries[i].judge(), clip(inquiries[i].failure(), 120));
    }
  }
  judged.human = human_label(input.item, grading_.name);
  judged.ordered = grading_.ordered;
  for (const auto& item : grading_.menu) {
    judged.menu.push_back(item.label);
  }
  Score score;
  if (const auto verdict = majority(verdicts); verdict && failure.empty()) {
    score =
        graded(grading_.name,
               value_of(*verdict, input.item),
               *verdict,
               inquiries.size() == 1
                   ? fmt::format("judge '{}' says '{}'", inquiries.front().judge(), *verdict)
                   : fmt::format("most of the judges say '{}' ({})", *verdict, tally(verdicts)));
  } else {
    score =
        not_judged(grading_.name,
                   Verdict::unscored,
                   !failure.empty()   ? failure
                   : verdicts.empty() ? "no verdict of the list, even when asked again"
                                      : fmt::format("the judges are split ({})", tally(verdicts)));
  }
  score.judged = std::move(judged);
  return score;
}

double JudgeScorer::value_of(const std::string& verdict, const suite::Case& item) const {
  if (grading_.values.empty()) {
    return std::ranges::find(item.targets, verdict) != item.targets.end() ? 1.0 : 0.0;
  }
  const auto at = std::ranges::find(grading_.menu, verdict, &MenuItem::label);
  return grading_.values[static_cast<std::size_t>(at - grading_.menu.begin())];
}

bool JudgeScorer::on_menu(std::string_view label) const {
  return std::ranges::find(grading_.menu, label, &MenuItem::label) != grading_.menu.end();
}

std::optional<std::string> JudgeScorer::objection(const suite::Case& item) const {
  if (const auto human = human_label(item, grading_.name); human && !on_menu(*human)) {
    return fmt::format(
        "the human label '{}' is no verdict of scorer '{}'", clip(*human, 60), grading_.name);
  }
  if (!grading_.values.empty()) {
    return std::nullopt;
  }
  if (item.targets.empty()) {
    return fmt::format(
        "scorer '{}' has classes without values, so the case needs a target that is one of them",
        grading_.name);
  }
  for (const auto& target : item.targets) {
    if (!on_menu(target)) {
      return fmt::format(
          "the target '{}' is no class of scorer '{}'", clip(target, 60), grading_.name);
    }
  }
  return std::nullopt;
}

}  // namespace faceoff::score
