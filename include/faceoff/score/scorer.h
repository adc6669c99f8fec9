#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/units.h>
#include <faceoff/chat/completion.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/score/outside.h>
#include <faceoff/suite/suite.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

// What a scorer says of one answer.
enum class Verdict : std::uint8_t {
  scored,         // `value` holds
  no_extraction,  // nothing in the text that could be judged; counts as 0
  unscored,       // the scorer could not decide (a regex limit); neither 0 nor 1, left out
};

// One step of an extraction pipeline, for the record.
struct TraceStep {
  std::string step;                  // as the suite names it: "regex", "last line"
  std::optional<std::string> taken;  // what it handed on, cut; absent: it found nothing
  friend bool operator==(const TraceStep&, const TraceStep&) = default;
};

// What a score over a whole corpus is made of: counts that are added up over the answers, and the
// rule that turns the sums into a value (corpus.h). Stands in the record, so that reports need no
// scorer.
struct Statistics {
  std::string rule;  // "bleu(order=4,smooth=exp)"
  std::vector<double> counts;
  friend bool operator==(const Statistics&, const Statistics&) = default;
};

// One question that a scorer asked a model, for the record. The whole exchange has a line of its
// own in records.jsonl.
struct Asked {
  std::string backend = {};
  std::string purpose = {};  // "judge", "llama first", "judge, again": unique within the score
  std::string model = {};    // as the server resolved it
  std::string digest = {};   // of the question
  std::string answer = {};   // cut
  std::string verdict = {};  // what was taken from it; empty: nothing that is on the menu
  std::string failure = {};  // why there is no answer; empty: there is one
  chat::Usage usage = {};
  std::optional<Money> cost = {};
  bool simulated = false;
  friend bool operator==(const Asked&, const Asked&) = default;
};

// Which of two answers a judge preferred, from the side of the answer that the record is about.
enum class Preferred : std::uint8_t { self, other, neither, nothing };

// What one judge said of two answers, each shown first once.
struct DuelVerdict {
  std::string judge;
  Preferred shown_first = Preferred::nothing;   // this answer stood first
  Preferred shown_second = Preferred::nothing;  // this answer stood second
  friend bool operator==(const DuelVerdict&, const DuelVerdict&) = default;
};

// Two answers to one case, held against each other.
struct Duel {
  std::string opponent = {};
  Preferred outcome = Preferred::nothing;  // nothing: not decided, and no part of the value
  std::string note = {};                   // "the other answer is empty"
  std::vector<DuelVerdict> verdicts = {};
  friend bool operator==(const Duel&, const Duel&) = default;
};

// What became of instructions that were put into a judged answer on purpose.
struct Canary {
  std::string judge;
  bool held = false;  // the verdict did not follow them
  friend bool operator==(const Canary&, const Canary&) = default;
};

// What only a scorer that asks a model leaves behind.
struct Judged {
  std::string prompt = {};  // name, version and digest of the instructions: "rubric/1 3f2a9c01"
  std::vector<Asked> asked = {};
  std::vector<Duel> duels = {};
  std::vector<Canary> canaries = {};
  std::optional<std::string> human = {};  // what people said
  std::vector<std::string> menu = {};     // labels, best first where they have an order
  bool ordered = false;
  bool awaits = false;  // something could not be asked: resuming the run asks it again
  friend bool operator==(const Judged&, const Judged&) = default;
};

struct Score {
  std::string scorer;  // full name
  Verdict verdict = Verdict::scored;
  double value = 0.0;                 // in [0, 1], 1 is best
  std::optional<std::string> answer;  // what was extracted and compared
  std::string reason;                 // one sentence for people
  std::string label = {};             // tells scorers of one name apart ("flexible"); mostly empty
  bool counts = true;                 // false: a column beside others, no part of the value
  std::vector<TraceStep> trace = {};  // of the extraction, when there was one
  std::optional<Statistics> statistics = {};
  std::optional<double> weight = {};     // in a weighted mean; absent: 1
  std::optional<double> threshold = {};  // `value` is 1 where `graded` reaches it, else 0
  std::optional<double> graded = {};     // the value before the threshold
  std::optional<Judged> judged = {};
};

// What was measured of an answer; absent: not known.
struct Measured {
  std::optional<Duration> ttft = {};
  std::optional<Duration> e2e = {};
  std::optional<Money> cost = {};
};

// What is judged: the case's targets against the answer's text.
struct Input {
  const suite::Case& item;
  const chat::Completion& completion;
  Outside* outside = nullptr;  // null: scorers that need it leave the answer unscored
  Measured measured = {};
};

class AskingScorer;
class PairScorer;

// Pure and thread-safe: the same input gives the same score, nothing is opened or sent. What a
// scorer needs beyond that is done for it by `Input::outside`, and it says so in add_needs().
class Scorer {
 public:
  virtual ~Scorer() = default;
  [[nodiscard]] virtual Score score(const Input& input) const = 0;
  // Why this scorer cannot judge `item` at all ("the target 'many' is not a number"), found before
  // anything is sent; nullopt when it can.
  [[nodiscard]] virtual std::optional<std::string> objection(const suite::Case& item) const;
  // A scorer that holds others adds theirs.
  virtual void add_needs(Needs& /*needs*/) const {}
  // Of scorers that need a model (asking.h); null for all others.
  [[nodiscard]] virtual const AskingScorer* asking() const noexcept { return nullptr; }
  [[nodiscard]] virtual const PairScorer* pairing() const noexcept { return nullptr; }
};

// One row of the scorer table.
struct Info {
  std::string_view name;
  std::string_view summary;
  std::string_view options;  // for `list scorers`: "ignore_case, trim"
  std::uint32_t version;     // raised when a change could change a score; stands in the manifest
  bool needs_target;
  // Reads the options; mistakes go to `diagnostics` and the result is null.
  std::unique_ptr<Scorer> (*create)(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics);
};

[[nodiscard]] std::span<const Info> all();
[[nodiscard]] const Info* find(std::string_view name) noexcept;

// Compiles scorers once for each spec that the suite shares. Not thread-safe; the scorers it hands
// out are, and live as long as their shared_ptr.
class Compiler {
 public:
  // Every scorer of a case, in order; null when one is unknown, has wrong options, or cannot judge
  // the case (no target, or one it cannot read). What is wrong with a spec goes to `diagnostics`
  // once, at the first case that uses it; what is wrong with a case, for each case.
  [[nodiscard]] std::optional<std::vector<std::shared_ptr<const Scorer>>> compile(
      const suite::Case& item, doc::Diagnostics& diagnostics);
  // Reports what is wrong with a spec by itself, whatever case it belongs to.
  void check(const suite::ScorerSpecPtr& spec, doc::Diagnostics& diagnostics) {
    static_cast<void>(compiled(spec, diagnostics));
  }

 private:
  // Specs by identity; weak, so that a case's own spec does not stay behind.
  struct Entry {
    std::weak_ptr<const suite::ScorerSpec> spec;
    std::shared_ptr<const Scorer> scorer;  // null: its mistakes have been reported
  };
  [[nodiscard]] const std::shared_ptr<const Scorer>& compiled(const suite::ScorerSpecPtr& spec,
                                                              doc::Diagnostics& diagnostics);
  std::map<const suite::ScorerSpec*, Entry> compiled_;
  std::size_t sweep_at_ = 64;  // entries at which those of vanished specs are dropped
};

// How a trial ended. Names are stable: they stand in records.
enum class Outcome : std::uint8_t {
  scored,
  no_extraction,
  empty,
  truncated,
  refused,
  unscored,
  failed
};
[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;
[[nodiscard]] std::optional<Outcome> parse_outcome(std::string_view text) noexcept;

struct Judgement {
  Outcome outcome = Outcome::scored;
  // The combined value of the scorers that count; absent for unscored and failed. Empty, truncated,
  // refused and no_extraction are 0: what the model did counts.
  std::optional<double> value;
  std::vector<Score> scores;
  suite::Combine combined = suite::Combine::lowest;
  std::optional<double> graded = {};  // the value before the case's threshold
};

// Judges an answer, in this order: refused (the model said so, or a content filter did), empty
// (blank text and no tool call), truncated (cut off at max_tokens unless the case says `score`, or
// a stream that never said why it ended), then the scorers. Refused and empty answers have no
// scores; a truncated one has them as a trace, its value is 0 all the same. No scorer: unscored.
[[nodiscard]] Judgement judge(const Input& input,
                              std::span<const std::shared_ptr<const Scorer>> scorers);

}  // namespace faceoff::score
