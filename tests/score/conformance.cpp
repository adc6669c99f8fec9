// Compares our scorers with facts about the scorers that they are named after. The facts stand in
// JSON files ("faceoff-conformance/1": id, scorer, config, prediction, target, expected,
// tolerance); those of tests/data/conformance are our own and always read, more may be named in the
// environment variable FACEOFF_CONFORMANCE (files or folders, separated by colons).
#include "conformance.h"

#include "scoring.h"

#include <faceoff/base/files.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include <fmt/format.h>

namespace faceoff::score::conformance {
namespace {

struct Tally {
  std::size_t cases = 0;
  std::size_t agree = 0;
  std::vector<std::string> differences;
};

std::vector<std::filesystem::path> files() {
  std::vector<std::filesystem::path> found;
  std::vector<std::string> places{FACEOFF_TEST_DATA "/conformance"};
  if (const char* named = std::getenv("FACEOFF_CONFORMANCE"); named != nullptr) {
    for (const auto place : split(named, ':')) {
      if (!place.empty()) {
        places.emplace_back(place);
      }
    }
  }
  for (const std::string& place : places) {
    if (!std::filesystem::is_directory(place)) {
      found.emplace_back(place);
      continue;
    }
    std::vector<std::filesystem::path> here;
    for (const auto& entry : std::filesystem::directory_iterator(place)) {
      if (entry.path().extension() == ".json") {
        here.push_back(entry.path());
      }
    }
    std::ranges::sort(here);
    found.insert(found.end(), here.begin(), here.end());
  }
  return found;
}

std::string check(const Rule& rule, const Json& item) {
  try {
    return rule.check(item);
  } catch (const Json::exception& error) {
    return error.what();
  }
}

int run() {
  std::map<std::string, Tally> offered;
  std::map<std::string, std::size_t> others;
  for (const auto& file : files()) {
    const auto text = read_file(file);
    const Json all = text ? Json::parse(*text, nullptr, false) : Json();
    if (!all.is_object() || !all.contains("cases")) {
      fmt::print("{}: cannot be read\n", file.string());
      return 1;
    }
    for (const Json& item : all.at("cases")) {
      const auto id = item.at("scorer").get<std::string>();
      const auto rule = rules().find(id);
      if (rule == rules().end()) {
        ++others[id];
        continue;
      }
      Tally& tally = offered[id];
      ++tally.cases;
      const std::string difference = check(rule->second, item);
      if (difference.empty()) {
        ++tally.agree;
      } else {
        tally.differences.push_back(item.at("id").get<std::string>() + ": " + difference);
      }
    }
  }
  std::size_t wrong = 0;
  std::size_t cases = 0;
  std::size_t agree = 0;
  for (const auto& [id, tally] : offered) {
    const bool exact = rules().find(id)->second.exact;
    const bool fails = exact && tally.agree != tally.cases;
    wrong += fails ? 1 : 0;
    cases += tally.cases;
    agree += tally.agree;
    fmt::print("{:<42} {:>4} of {:>4}  {}\n",
               id,
               tally.agree,
               tally.cases,
               fails   ? "FAILS"
               : exact ? "exact"
                       : "rate");
    for (const std::string& difference : tally.differences) {
      fmt::print("    {}\n", display_text(difference));
    }
  }
  std::size_t left = 0;
  for (const auto& [id, count] : others) {
    left += count;
  }
  fmt::print("{} of {} cases agree; {} cases of {} ids belong to no scorer of ours\n",
             agree,
             cases,
             left,
             others.size());
  if (std::getenv("FACEOFF_CONFORMANCE_OTHERS") != nullptr) {
    for (const auto& [id, count] : others) {
      fmt::print("    {} ({})\n", id, count);
    }
  }
  return wrong == 0 && cases > 0 ? 0 : 1;
}

}  // namespace

const std::map<std::string, Rule, std::less<>>& rules() {
  static const auto table = [] {
    std::map<std::string, Rule, std::less<>> all;
    add_text_rules(all);
    add_corpus_rules(all);
    add_extraction_rules(all);
    add_format_rules(all);
    return all;
  }();
  return table;
}

std::string differs(const Json& expected, double found, const Json& item) {
  const double wanted = expected.is_boolean()  ? (expected.get<bool>() ? 1.0 : 0.0)
                        : expected.is_number() ? expected.get<double>()
                                               : std::numeric_limits<double>::quiet_NaN();
  const double tolerance = item.value("tolerance", 1e-9);
  return std::abs(wanted - found) <= tolerance
             ? std::string()
             : fmt::format("{} in place of {} for {}", found, wanted, item.at("prediction").dump());
}

std::string differs(std::string_view expected, std::string_view found) {
  return expected == found ? std::string() : fmt::format("'{}' in place of '{}'", found, expected);
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : value.dump();
}

std::vector<std::string> texts(const Json& value) {
  std::vector<std::string> out;
  if (!value.is_array()) {
    out.push_back(text_of(value));
    return out;
  }
  for (const Json& item : value) {
    out.push_back(text_of(item));
  }
  return out;
}

double value_of(std::string_view scorer,
                const Json& options,
                const std::vector<std::string>& targets,
                const std::string& answer) {
  const std::string yaml = options.is_null() || options.empty() ? std::string() : options.dump();
  const Score score = score_of(scorer, yaml, targets, answer);
  return score.verdict == Verdict::unscored ? std::numeric_limits<double>::quiet_NaN()
         : score.verdict == Verdict::scored ? score.value
                                            : 0.0;
}

}  // namespace faceoff::score::conformance

int main() {
  return faceoff::score::conformance::run();
}
