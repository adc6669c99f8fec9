#pragma once

// The runner's inside, over several files by subject. Private to run.

#include "budget.h"
#include "case_queue.h"
#include "lane_control.h"
#include "sleep_watch.h"
#include "trial_record.h"

#include <faceoff/run/runner.h>
#include <faceoff/run/scheduler.h>
#include <faceoff/run/trial_driver.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace faceoff::run {

// One trial between its creation and its record.
// Where the answer to a question goes.
using RoundId = std::uint64_t;
struct Place {
  RoundId round = 0;
  std::size_t at = 0;
};

// What is written down of a question, also when nobody waits for its answer any more.
struct OpenQuestion {
  Place place;
  store::AskedFor about;
  std::string digest;
};

struct Flight {
  ReadyCasePtr ready;
  std::size_t lane = 0;
  std::int32_t repeat = 0;
  TrialDriver driver;
  bool started = false;
  std::int32_t attempts = 0;
  LaneControl::Sent sent{};     // the attempt under way
  std::optional<Money> cost{};  // of the attempts so far that reported usage
  // What the record of then says of an answer that is scored anew.
  struct OfThen {
    std::optional<chat::Params> params{};
    bool cached = false;
  };
  std::optional<OfThen> of_then{};
  bool recorded = false;                   // the answer comes from the log of this very run
  std::optional<OpenQuestion> question{};  // of a scorer; else it is a trial
};

// Questions that are asked together, and what follows when the last one is answered.
struct Round {
  ReadyCasePtr ready;
  std::int32_t repeat = 0;
  store::AskedFor about{};  // without scorer and purpose
  struct Entry {
    const score::Scorer* scorer = nullptr;
    score::Question question;
    std::optional<score::Answered> answered{};
  };
  std::vector<Entry> entries{};
  std::size_t missing = 0;
  std::function<Status(std::vector<Entry>)> done{};
};

// One case and repeat whose answers are compared with each other.
using GroupId = std::pair<const ReadyCase*, std::int32_t>;
struct Group {
  ReadyCasePtr ready;
  std::int32_t repeat = 0;
  std::size_t expected = 0;  // members still to come
  // Without a scoring: the trial failed.
  struct Member {
    std::optional<Scoring> scoring{};
    bool settled = false;  // refused or empty: its own record is written
  };
  std::map<std::size_t, Member> members{};  // by lane
  struct Duel {
    std::size_t scorer = 0;
    std::size_t first = 0;  // lanes
    std::size_t second = 0;
    score::Exchanges exchanges{};
    score::PairScorer::Outcome outcome{};
  };
  std::vector<Duel> duels{};
  std::size_t undecided = 0;  // duels
};

struct LaneState {
  TrialSettings settings;
  TrialSettings local_settings;  // for cases that stay on this machine, whatever its address says
  LaneControl control;
  CostMeter meter;
  std::optional<backend::Failure> adjusted_by{};
  std::optional<TimePoint> suspect_until{};  // our own server failed to answer: has it ended?
  // Stopped after waiting for it in vain: what was tried meanwhile is recorded as failed.
  bool gave_up = false;
};

class Runner {
 public:
  Runner(const Plan& plan,
         net::Transport& transport,
         const Clock& clock,
         Sink& sink,
         Observer& observer,
         const StopSignal& stop);

  Result<Tally> run();

 private:
  // Reading the suite (runner_cases.cpp).
  Status pull_cases();
  Status add_trials(const ReadyCasePtr& ready, std::size_t lane);
  Status answer_from_source(const ReadyCasePtr& ready,
                            std::size_t lane,
                            std::int32_t repeat,
                            store::AnswerSource& source,
                            Measured measured);
  Status add_trial(const ReadyCasePtr& ready, std::size_t lane, std::int32_t repeat);
  [[nodiscard]] chat::Request request_of(const suite::Case& item, std::size_t lane) const;
  // Which key an answer has in the lane's caches.
  Result<std::string> cache_key(const Flight& flight) const;
  // True: the cache had the answer and the trial is over.
  Result<bool> answer_from_cache(TrialId id);
  Status put_into_cache(const Flight& flight, const TrialResult& result);

  // Driving trials (runner_trials.cpp).
  Status start(TrialId id);
  Status begin_attempt(TrialId id);
  Status handle(TrialId id, Step step);
  [[nodiscard]] static TrialName name_of(TrialId id, const Flight& flight);
  // Books what the attempt that just ended brought. The lane is stopped when that asks for it.
  void settle(TrialId id, Flight& flight, bool over);
  Status on_wait(TrialId id, const WaitUntil& wait);
  Status on_done(TrialId id, TrialResult result);
  Status on_event(const net::Event& event);
  // For the self-check of the run.
  void count_events(const TrialResult& result);
  Status on_expired(TrialId id);
  Status finish(Flight flight, TrialResult result, bool from_store);
  [[nodiscard]] std::optional<std::string> post_mortem(std::size_t lane,
                                                       const backend::Failure& failure);
  void look_after_suspects(TimePoint& until);
  void look_for_sleep(TimePoint expected);

  // Asking on behalf of scorers (runner_asking.cpp).
  Status on_scored(Scoring scoring);
  // A round about one answer; `done` is called when all are answered, at once if they are known.
  Status ask(Round round);
  Status ask_one(RoundId id, std::size_t at);
  Status answered(const Place& place, score::Answered answer);
  Status finish_question(Flight flight, TrialResult result, bool from_store);
  // Writes the answer down before it waits, so that it is never asked for again.
  Status keep(Scoring& scoring);
  Status conclude_scoring(Scoring scoring);
  Status settle_lost();
  void lose(TrialId id, const std::string& why);

  // Comparing answers with each other (runner_pairs.cpp).
  void expect(const ReadyCasePtr& ready, std::int32_t repeat);
  Status join(const GroupId& id, std::size_t lane, std::optional<Scoring> scoring);
  Status begin_duels(const GroupId& id);
  Status step_duel(const GroupId& id, std::size_t duel);
  Status end_group(const GroupId& id);

  // Recording and ending (runner.cpp).
  Status record_scored();
  Status record(store::Record record, std::string_view line);
  enum class Tried : std::uint8_t { drop, record };
  // `tried`: what becomes of trials that wait for another attempt.
  void stop_lane(std::size_t lane, const std::string& why, Tried tried);
  // Records as failed what the lane's breaker kept waiting until the backend was given up.
  Status give_up_tried();
  void drop(const std::vector<TrialId>& trials);
  void drain(Ending ending);
  Status heed_limits();
  void heed_stop_signal();
  void cancel_all();
  void update_lanes(TimePoint now);
  [[nodiscard]] bool all_lanes_stopped() const;
  [[nodiscard]] std::size_t in_memory() const {
    return flights_.size() + scoring() + rounds_.size() + groups_.size();
  }
  [[nodiscard]] std::size_t scoring() const { return pool_.pending() + outside_pool_.pending(); }
  [[nodiscard]] bool nothing_waits() const {
    return scoring() == 0 && rounds_.empty() && groups_.empty() && lost_.empty();
  }
  [[nodiscard]] Status step_until_waiting(TimePoint& until, bool& finished);
  Status turn(bool& over);
  Tally conclude();

  const Plan& plan_;
  net::Transport& transport_;
  const Clock& clock_;
  Sink& sink_;
  Observer& observer_;
  const StopSignal& stop_;

  Scheduler scheduler_;
  std::atomic<bool> cancel_outside_{false};  // programs of scorers are killed
  ScorePool pool_;
  ScorePool outside_pool_;  // of cases whose scorers have programs run
  CaseQueue feed_;
  Budget budget_;
  SleepWatch sleep_watch_;
  std::uint64_t continued_ = 0;  // of StopSignal, as far as it has been heeded
  std::vector<LaneState> lanes_;
  std::unordered_map<TrialId, Flight> flights_;
  std::vector<TrialId> tried_;  // of lanes just given up, to be recorded
  std::vector<Scoring> scored_;
  std::map<RoundId, Round> rounds_;
  RoundId next_round_ = 1;
  std::map<GroupId, Group> groups_;
  // Questions and members of groups whose backend was given up.
  struct Lost {
    std::optional<Place> question;
    GroupId group;
    std::size_t lane = 0;
    std::string why;
  };
  std::vector<Lost> lost_;
  Tally tally_;
  TrialId next_id_ = 1;
  std::size_t window_ = 0;
  bool reading_ = true;
  bool draining_ = false;
  TimePoint next_tick_{};
  TimePoint expected_{};  // the loop's next turn is due by then
};

}  // namespace faceoff::run
