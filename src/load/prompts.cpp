#include <faceoff/base/random.h>
#include <faceoff/load/prompts.h>

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace faceoff::load {
namespace {

constexpr std::array<std::string_view, 64> kWords{
    "time",  "year",    "people", "way",    "day",   "man",     "thing",  "woman",
    "life",  "child",   "world",  "school", "state", "family",  "group",  "country",
    "hand",  "part",    "place",  "case",   "week",  "company", "system", "program",
    "work",  "number",  "night",  "point",  "home",  "water",   "room",   "mother",
    "area",  "money",   "story",  "fact",   "month", "lot",     "right",  "study",
    "book",  "eye",     "job",    "word",   "issue", "side",    "kind",   "head",
    "house", "service", "friend", "father", "power", "hour",    "game",   "line",
    "end",   "member",  "law",    "car",    "city",  "name",    "team",   "minute"};
constexpr std::string_view kTask = "Retell the words above as a long story.";
constexpr std::int64_t kTaskTokens = 10;

}  // namespace

chat::Request prompt_for(const PromptSource& source, std::uint64_t index) {
  if (source.cache == PromptCache::warm) {
    return source.requests.front();
  }
  chat::Request request = source.requests[index % source.requests.size()];
  if (source.cache == PromptCache::as_is || request.messages.empty()) {
    return request;
  }
  // Caches work on prefixes: the first words of the first message decide.
  Random random(source.seed * 1'000'003 + index);
  request.messages.front().text =
      fmt::format("[{:016x}] {}", random.next(), request.messages.front().text);
  return request;
}

std::vector<chat::Request> synthetic_prompts(std::size_t count,
                                             std::int64_t tokens,
                                             std::uint64_t seed) {
  Random random(seed ^ 0x5EEDULL);
  std::vector<chat::Request> out;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text;
    for (std::int64_t n = std::max<std::int64_t>(1, tokens - kTaskTokens); n > 0; --n) {
      text += kWords[random.below(kWords.size())];
      text += n > 1 ? ' ' : '\n';
    }
    text += kTask;
    chat::Request request;
    request.messages.push_back({.role = chat::Role::user, .text = std::move(text)});
    out.push_back(std::move(request));
  }
  return out;
}

}  // namespace faceoff::load
