#pragma once

#include <faceoff/compare/case_table.h>
#include <faceoff/compare/score_book.h>
#include <faceoff/compare/trial.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace faceoff::compare {

// The trials of one column, packed: 12 to 40 bytes each, by what is known of them. They stand by
// repeat and case, so that a case is found without a search. Times above a second are kept to seven
// digits. Not thread-safe while it grows.
class Trials {
 public:
  class Ref;

  explicit Trials(std::shared_ptr<CaseTable> cases) : cases_(std::move(cases)) {}

  // Instead of what stood there for the same case and repeat.
  void put(const Trial& trial);

  [[nodiscard]] const CaseTable& cases() const noexcept { return *cases_; }
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] bool any_repeat() const noexcept { return planes_.size() > 1; }
  [[nodiscard]] std::uint64_t simulated() const noexcept { return simulated_; }
  // Wall-clock seconds since 1970 at which the last trial ended.
  [[nodiscard]] std::optional<double> last_end() const noexcept { return last_end_; }

  [[nodiscard]] bool has(CaseIndex item) const noexcept;
  [[nodiscard]] std::optional<Ref> find(CaseIndex item, std::int32_t repeat) const noexcept;
  // Calls each(Ref) for the trials of a case by repeat, or for all.
  template <typename Each>
  void of_case(CaseIndex item, Each each) const;
  template <typename Each>
  void all(Each each) const;

  // A failure of this kind, the one whose case has the smallest id; the text is empty where too
  // many others failed likewise for it to be kept.
  struct Example {
    std::string case_id;
    std::string message;
  };
  [[nodiscard]] Example example(backend::FailureKind kind) const;
  [[nodiscard]] const ScoreBook& scores() const noexcept { return book_; }

 private:
  static constexpr std::size_t kChunk = 256;
  static constexpr std::uint32_t kAbsent = std::numeric_limits<std::uint32_t>::max();
  template <typename T>
  using Cells = std::array<T, kChunk>;
  // Figures of 256 neighbouring cases in one repeat; what none of them has takes no room.
  struct Chunk {
    Cells<std::uint16_t> flags{};    // 0: no trial
    Cells<std::uint16_t> history{};  // number of retries_ entry
    std::unique_ptr<Cells<double>> values;
    std::array<std::unique_ptr<Cells<std::uint32_t>>, 3> times;  // by Time
    std::unique_ptr<Cells<std::uint16_t>> prompt_tokens;
    std::unique_ptr<Cells<std::uint16_t>> completion_tokens;
    std::unique_ptr<Cells<std::int32_t>> started;
    std::unique_ptr<Cells<std::int64_t>> cost;
  };
  using Plane = std::vector<std::unique_ptr<Chunk>>;
  struct History {
    std::vector<backend::FailureKind> retries;
    std::uint32_t prompts_sent = 0;
    friend auto operator<=>(const History&, const History&) = default;
  };
  // Whatever is too large for its cell.
  using Side = std::map<std::pair<CaseIndex, std::int32_t>, std::int64_t>;

  Chunk& chunk_for(CaseIndex item, std::int32_t repeat);
  void put_times(const Trial& trial, Chunk& chunk, std::size_t cell);
  void put_message(const Trial& trial);
  std::uint16_t history_of(const Trial& trial);

  std::shared_ptr<CaseTable> cases_;
  std::map<std::int32_t, Plane> planes_;
  std::map<History, std::uint16_t> history_numbers_;
  std::vector<const History*> histories_;
  Side wide_prompts_;
  Side wide_completions_;
  std::map<backend::FailureKind, std::map<std::pair<std::string, std::int32_t>, std::string>>
      messages_;
  ScoreBook book_;
  std::uint64_t size_ = 0;
  std::uint64_t simulated_ = 0;
  std::optional<std::int64_t> epoch_ms_;  // start of the first trial put
  std::optional<double> last_end_;
};

// One trial where it stands; as Trial, read on demand. Valid while its Trials live unchanged.
class Trials::Ref {
 public:
  [[nodiscard]] CaseIndex item() const noexcept { return item_; }
  [[nodiscard]] std::int32_t repeat() const noexcept { return repeat_; }
  [[nodiscard]] score::Outcome outcome() const noexcept;
  [[nodiscard]] bool answered() const noexcept { return outcome() != score::Outcome::failed; }
  [[nodiscard]] std::optional<double> value() const noexcept;
  [[nodiscard]] std::optional<backend::FailureKind> error() const noexcept;
  [[nodiscard]] bool simulated() const noexcept;
  [[nodiscard]] bool cached() const noexcept;
  [[nodiscard]] std::optional<double> seconds(Time time) const noexcept;
  [[nodiscard]] std::optional<std::int64_t> prompt_tokens() const;
  [[nodiscard]] std::optional<std::int64_t> completion_tokens() const;
  [[nodiscard]] std::optional<double> started() const noexcept;
  [[nodiscard]] std::optional<Money> cost() const noexcept;
  [[nodiscard]] const std::vector<backend::FailureKind>& retries() const noexcept;
  [[nodiscard]] std::uint32_t prompts_sent() const noexcept;

 private:
  friend class Trials;
  Ref(const Trials& trials, const Chunk& chunk, CaseIndex item, std::int32_t repeat) noexcept
      : trials_(&trials), chunk_(&chunk), item_(item), repeat_(repeat) {}
  [[nodiscard]] std::size_t cell() const noexcept { return item_ % kChunk; }

  const Trials* trials_;
  const Chunk* chunk_;
  CaseIndex item_;
  std::int32_t repeat_;
};

template <typename Each>
void Trials::of_case(CaseIndex item, Each each) const {
  for (const auto& [repeat, plane] : planes_) {
    const std::size_t at = item / kChunk;
    if (at < plane.size() && plane[at] && plane[at]->flags[item % kChunk] != 0) {
      each(Ref(*this, *plane[at], item, repeat));
    }
  }
}

template <typename Each>
void Trials::all(Each each) const {
  for (const auto& [repeat, plane] : planes_) {
    for (std::size_t at = 0; at < plane.size(); ++at) {
      for (std::size_t cell = 0; plane[at] && cell < kChunk; ++cell) {
        if (plane[at]->flags[cell] != 0) {
          each(Ref(*this, *plane[at], static_cast<CaseIndex>(at * kChunk + cell), repeat));
        }
      }
    }
  }
}

}  // namespace faceoff::compare
