#include <faceoff/base/units.h>
#include <faceoff/load/self_check.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::load {
namespace {

constexpr double kBusy = 0.7;
constexpr int kGapPart = 10;
constexpr int kArrivalPart = 20;
constexpr double kKernelRule = 0.99;  // from this share on the loop's lateness is in no figure
constexpr Duration kUnfelt = std::chrono::milliseconds(1);
constexpr Duration kLongEnough = std::chrono::milliseconds(500);

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

void add(std::string& why, const std::string& reason) {
  why += (why.empty() ? "" : ", and ") + reason;
}

}  // namespace

ClientVerdict judge_client(const ClientSigns& signs) {
  ClientVerdict out;
  out.loop_lag_p99 = signs.loop_lags.quantile(0.99).value_or(Duration{0});
  out.loop_lag_max = signs.loop_lags.max();
  out.coalesced_share = share(signs.coalesced, signs.gaps.count());
  out.kernel_share = share(signs.kernel_stamps, signs.token_events);
  out.gap_p50 = signs.gaps.quantile(0.5).value_or(Duration{0});
  if (signs.wall < kLongEnough) {
    return out;
  }
  if (signs.loop_busy > kBusy) {
    add(out.why, fmt::format("its event loop was {:.0f}% busy", signs.loop_busy * 100));
  }
  const bool by_loop = out.kernel_share < kKernelRule;
  if (by_loop && signs.gaps.count() > 0 &&
      out.loop_lag_p99 > std::max(kUnfelt, out.gap_p50 / kGapPart)) {
    add(out.why,
        fmt::format("its event loop came {} late (p99) where tokens are {} apart",
                    format_duration(out.loop_lag_p99),
                    format_duration(out.gap_p50)));
  }
  if (signs.schedule_delay_p99 && signs.inter_arrival &&
      *signs.schedule_delay_p99 > std::max(kUnfelt, *signs.inter_arrival / kArrivalPart)) {
    add(out.why,
        fmt::format("requests left {} after their time (p99)",
                    format_duration(*signs.schedule_delay_p99)));
  }
  out.bound = !out.why.empty();
  return out;
}

}  // namespace faceoff::load
