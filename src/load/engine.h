#pragma once

// The inside of run_stage(). Private to load.

#include <faceoff/load/stage.h>
#include <faceoff/run/trial_driver.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace faceoff::load {

class Engine {
 public:
  Engine(const Stage& stage,
         const std::vector<Target>& targets,
         const PromptSource& prompts,
         net::Transport& transport,
         const Clock& clock,
         const run::StopSignal& stop,
         const OnAnswer& on_answer);

  Result<StageResult> run();

 private:
  struct Lane {
    const Target* target = nullptr;
    run::TrialSettings settings;
    std::uint64_t issued = 0;
    std::int64_t in_flight = 0;
    std::optional<Arrivals> arrivals;
    std::optional<TimePoint> next;  // open: planned time of the next request
    std::optional<TimePoint> measuring_since;
    std::optional<TimePoint> last_issued;  // of the last measured request
    std::optional<backend::Failure> adjusted_by;
  };
  struct Flight {
    std::size_t lane = 0;
    std::uint64_t number = 0;
    TimePoint planned;
    std::unique_ptr<run::TrialDriver> driver;  // refers to settings of its lane
    TimePoint watched = kNever;                // its place in deadlines_
  };

  Status preconnect();
  [[nodiscard]] bool may_start(const Lane& lane, TimePoint now) const;
  [[nodiscard]] bool is_over(const Lane& lane, TimePoint now) const;
  Status start_due(TimePoint now);
  Status start_serial(TimePoint now);
  Status start(std::size_t lane, TimePoint planned);
  Status begin(std::uint64_t id, Flight& flight);
  void watch(std::uint64_t id, Flight& flight);
  Status on_event(const net::Event& event);
  Status expire(TimePoint now);
  Status handle(std::uint64_t id, run::Step step);
  void finish(std::uint64_t id, run::TrialResult result);
  void take_sample(const Flight& flight, run::TrialResult result);
  void cancel_all();
  [[nodiscard]] TimePoint wake_at(TimePoint now) const;
  void mark_drain();

  const Stage& stage_;
  const PromptSource& prompts_;
  net::Transport& transport_;
  const Clock& clock_;
  const run::StopSignal& stop_;
  const OnAnswer& on_answer_;
  std::vector<Lane> lanes_;
  std::unordered_map<std::uint64_t, Flight> flights_;
  std::set<std::pair<TimePoint, std::uint64_t>> deadlines_;
  std::deque<std::size_t> turns_;  // serial: whose request is next for the present prompt
  Random random_;
  std::uint64_t next_id_ = 1;
  StageResult result_;
};

}  // namespace faceoff::load
