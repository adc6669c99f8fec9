#pragma once

#include <faceoff/chat/message.h>
#include <faceoff/score/scorer.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// Scorers that need a model: they say what must be asked and read the answers; the runner asks
// (docs/adr/0012). All of this is pure and thread-safe, as Scorer is.
namespace faceoff::score {

struct Question {
  std::string backend;
  chat::Request request;
  std::string purpose;  // unique among the questions of one scorer on one answer
};

// What came of it. Without a completion it failed.
struct Answered {
  std::optional<chat::Completion> completion = {};
  std::string failure = {};
  std::optional<Money> cost = {};
  bool simulated = false;
};

struct Exchange {
  Question question;
  Answered answered;
};
using Exchanges = std::vector<Exchange>;

// What a scorer may ask over a whole run, for plans and objections.
struct Asks {
  std::string backend;
  double questions = 1.0;       // for each answer, or for each pair of answers
  std::int64_t own_tokens = 0;  // about so many tokens of instructions in each
  std::optional<std::int64_t> max_tokens = {};
  bool embeddings = false;
};

// The rest of the conversation with the judges: further questions, or the result.
template <typename T>
using Next = std::variant<T, std::vector<Question>>;

class AskingScorer : public Scorer {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  // One entry a backend.
  [[nodiscard]] virtual std::vector<Asks> asks() const = 0;
  // Called first with no exchanges, then with all so far, in the order of their questions, until it
  // gives a score. Ends after a bounded number of rounds whatever the answers are.
  [[nodiscard]] virtual Next<Score> next(const Input& input,
                                         std::span<const Exchange> so_far) const = 0;
  // Without a model: unscored.
  [[nodiscard]] Score score(const Input& input) const override;
  [[nodiscard]] const AskingScorer* asking() const noexcept final { return this; }
};

// One of two answers to the same case.
struct Contestant {
  std::string_view backend;
  const chat::Completion& completion;
};

// Compares answers of different backends two by two.
class PairScorer : public Scorer {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  [[nodiscard]] virtual std::vector<Asks> asks() const = 0;
  // As AskingScorer::next(); the duel is from `first`'s side.
  struct Outcome {
    Duel duel = {};
    std::vector<Asked> asked = {};
    std::vector<Canary> canaries = {};
    bool awaits = false;
  };
  [[nodiscard]] virtual Next<Outcome> next(const suite::Case& item,
                                           const Contestant& first,
                                           const Contestant& second,
                                           std::span<const Exchange> so_far) const = 0;
  // The score of one answer from all its duels. `judged` holds what was asked for them, empty for
  // the answer whose opponent's record has it.
  [[nodiscard]] virtual Score settle(const suite::Case& item, Judged judged) const = 0;
  // Without the other answers: unscored.
  [[nodiscard]] Score score(const Input& input) const override;
  [[nodiscard]] const PairScorer* pairing() const noexcept final { return this; }
};

// An answer that cannot win whatever the other one is: refused, empty or cut off.
[[nodiscard]] std::optional<std::string_view> forfeits(const Input& input);

// The judging of one answer in steps.
class Examination {
 public:
  using Scorers = std::span<const std::shared_ptr<const Scorer>>;

  // Scores what can be scored and finds out what must be asked, or asked next. False: nothing is
  // open, and judgement() is final once the pair scorers have been settled.
  bool advance(const Input& input, Scorers scorers);

  struct Open {
    std::size_t scorer = 0;
    Question question;
  };
  // What must be asked now; handed out once.
  [[nodiscard]] std::vector<Open> take_open() { return std::exchange(open_, {}); }
  // Answers of one scorer come in the order of its questions.
  void add(std::size_t scorer, Exchange exchange) {
    exchanges_[scorer].push_back(std::move(exchange));
  }
  void settle(std::size_t scorer, Score score) { scores_[scorer] = std::move(score); }
  // Refused and empty answers are asked nothing about, and meet no other answer.
  [[nodiscard]] bool is_over() const noexcept { return over_; }

  // With unscored scores, marked as awaiting, in place of those still to come.
  [[nodiscard]] Judgement judgement(const Input& input, Scorers scorers) const;

 private:
  bool over_ = false;
  std::vector<std::optional<Score>> scores_;
  std::vector<Exchanges> exchanges_;
  std::vector<Open> open_;
};

// The name of the question that `request` is: what a recorded answer to it is found by.
[[nodiscard]] std::string question_digest(const chat::Request& request);

}  // namespace faceoff::score
