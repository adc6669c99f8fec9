#pragma once

// Flags that mean the same in several commands. Private to cli.

#include "command.h"

namespace faceoff::cli {

inline constexpr Flag kFilterFlag{
    .name = "filter",
    .value = "EXPR",
    .help = "only cases whose id fits (a*), with tag:NAME, or `not ...`",
    .repeats = true};
inline constexpr Flag kTimeoutFlag{
    .name = "timeout", .value = "TIME", .help = "for a whole answer (default: 10m)"};
inline constexpr Flag kFirstTokenTimeoutFlag{
    .name = "first-token-timeout", .value = "TIME", .help = "for the first token (default: 5m)"};
inline constexpr Flag kStallTimeoutFlag{
    .name = "stall-timeout", .value = "TIME", .help = "between two tokens (default: 60s)"};
inline constexpr Flag kConnectTimeoutFlag{
    .name = "connect-timeout", .value = "TIME", .help = "for a connection (default: 10s)"};
inline constexpr Flag kKeyFileFlag{
    .name = "api-key-file",
    .value = "[NAME=]PATH",
    .help = "read the key (of backend NAME) from PATH; - is standard input",
    .repeats = true};
inline constexpr Flag kAllowHostFlag{.name = "allow-host",
                                     .value = "HOST[:PORT]",
                                     .help = "a host named by a project that may have keys",
                                     .repeats = true};
inline constexpr Flag kFailOnFlag{
    .name = "fail-on",
    .value = "EXPR",
    .help = "the same condition as a reason to fail, e.g. 'score<80%', 'ttft_p95>1.5s'",
    .repeats = true};
inline constexpr Flag kMaxDropFlag{
    .name = "max-drop", .value = "PP", .help = "the same as --gate 'max-drop PP'"};
inline constexpr Flag kMaxSlowdownFlag{
    .name = "max-slowdown", .value = "P%", .help = "the same as --gate 'max-slowdown P%'"};
inline constexpr Flag kInconclusiveFlag{
    .name = "inconclusive",
    .value = "WHAT",
    .help = "pass or fail (exit 3) when a gate could not be decided (default: pass)"};
inline constexpr Flag kAlphaFlag{
    .name = "alpha", .value = "P", .help = "chance of a false failure (default: 0.05)"};

}  // namespace faceoff::cli
