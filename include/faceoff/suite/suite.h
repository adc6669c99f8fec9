#pragma once

#include <faceoff/base/result.h>
#include <faceoff/chat/message.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/doc/node.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace faceoff::suite {

// A scorer as the suite names it. What the options mean is the scorer's business (score/scorer.h).
struct ScorerSpec {
  std::string name;
  doc::Node options;  // a mapping, or a null scalar when there are none
  doc::Span span;     // of the name
  doc::SourcePtr source;
};
// Shared between all cases that inherit it from the defaults.
using ScorerSpecPtr = std::shared_ptr<const ScorerSpec>;

// What becomes of an answer that was cut off at max_tokens.
enum class OnTruncated : std::uint8_t {
  zero,   // scores 0: what the model did counts (docs/statistics.md)
  score,  // scored like any other, for suites that ask for one token
};

// How the values of several scorers become one.
enum class Combine : std::uint8_t {
  lowest,  // all must be satisfied
  mean,    // weighted by the scorers' `weight`
};

// What people said of the answers to a case, for judges to be held against; `scorer` is the name or
// label of the judging scorer, empty: any.
struct HumanLabel {
  std::string scorer;
  std::string label;
  friend bool operator==(const HumanLabel&, const HumanLabel&) = default;
};

// One prompt, rendered and complete: nothing refers back to the file.
struct Case {
  std::string id;  // unique in the suite
  std::vector<chat::Message> messages;
  std::vector<std::string> targets;    // any of them is right
  std::vector<ScorerSpecPtr> scorers;  // all must be satisfied; none: only recorded
  std::vector<std::string> tags;
  std::string cluster;  // empty: independent of all others
  chat::Params params;
  std::int32_t repeat = 1;
  bool local_only = false;  // never sent to a remote backend
  OnTruncated on_truncated = OnTruncated::zero;
  std::optional<Combine> combine = {};   // absent: mean where a scorer has a weight, else lowest
  std::optional<double> threshold = {};  // the combined value counts as 1 from here on, else as 0
  std::vector<HumanLabel> human = {};
  // SHA-256 of messages and params: the same prompt has the same digest in every run.
  std::string digest;
  doc::SourcePtr source;
  doc::Span span;  // of the id, for messages about the case
};

// Yields the cases of a suite in file order, reading as it goes. Not thread-safe.
class CaseSource {
 public:
  virtual ~CaseSource() = default;
  // The next case; nullopt at the end. Mistakes go to `diagnostics` and reading goes on behind
  // them. Error of kind io when a file cannot be read.
  [[nodiscard]] virtual Result<std::optional<Case>> next(doc::Diagnostics& diagnostics) = 0;
};

// A part of a suite file that another module reads.
struct RawPart {
  const doc::Node* node = nullptr;  // null: the suite has none; lives as long as the suite
  doc::SourcePtr source;
};

// A suite file with its defaults; cases are read through open(). Immutable, thread-safe.
class Suite {
 public:
  virtual ~Suite() = default;
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  [[nodiscard]] virtual const std::string& description() const noexcept = 0;
  [[nodiscard]] virtual const std::filesystem::path& path() const noexcept = 0;
  // SHA-256 over the suite file and the data files that it names.
  [[nodiscard]] virtual const std::string& digest() const noexcept = 0;
  [[nodiscard]] virtual std::unique_ptr<CaseSource> open() const = 0;
  // The value of `gates`; what it means is compare's business (compare/gate.h).
  [[nodiscard]] virtual RawPart gates() const { return {}; }
  // The value of `threshold`: the least mean score of every backend, another gate.
  [[nodiscard]] virtual RawPart threshold() const { return {}; }
};

// Looks at what a suite holds while it is read, so that mistakes that only others can know (those
// of scorers) are reported together with its own. Both may be empty.
struct Inspector {
  std::function<void(const Case&)> item;             // a sound inline case
  std::function<void(const ScorerSpecPtr&)> scorer;  // of the defaults, or of an unsound case
};

// The format is in docs/suite-format.md. Reads the suite file, its defaults and its inline cases;
// data files are opened and hashed (of at most kMaxDataBytes each), their rows wait for open().
// Error of kind io when the file cannot be read, usage for a wrong extension; every mistake inside
// goes to `diagnostics`, and the result is null when there was one, the inspector's included.
inline constexpr std::uint64_t kMaxDataBytes = 4ULL * 1024 * 1024 * 1024;
[[nodiscard]] Result<std::unique_ptr<Suite>> load(const std::filesystem::path& path,
                                                  doc::Diagnostics& diagnostics,
                                                  const Inspector& inspector = {});

struct Census {
  std::uint64_t cases = 0;
  std::uint64_t trials = 0;  // cases times their repeats
  std::uint64_t local_only = 0;
  std::vector<std::pair<std::string, std::uint64_t>> tags;  // in order of first appearance
};
// Reads all cases once and reports every mistake: duplicate ids over all files included.
// `inspect` (may be empty) sees each sound case, e.g. to compile its scorers.
[[nodiscard]] Result<Census> check(const Suite& suite,
                                   doc::Diagnostics& diagnostics,
                                   const std::function<void(const Case&)>& inspect);

}  // namespace faceoff::suite
