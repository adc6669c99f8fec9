#include <faceoff/base/random.h>
#include <faceoff/compare/gate.h>
#include <faceoff/doc/reader.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Gate parsed(std::string_view text) {
  const auto gate = parse_gate(text);
  EXPECT_TRUE(gate) << text << ": " << (gate ? "" : gate.error().message);
  return gate.value_or(Gate{});
}

TEST(GateText, ReadsEveryKind) {
  struct Row {
    std::string_view text;
    Gate gate;
  };
  const std::vector<Row> rows{
      {"alarm", {}},
      {"alarm(llama) 2pp", {.backend = "llama", .limit = 0.02}},
      {"not-worse(llama, 3pp)", {.kind = GateKind::not_worse, .backend = "llama", .limit = 0.03}},
      {"non-inferior margin 3pp", {.kind = GateKind::not_worse, .limit = 0.03}},
      {"equivalent(2pp)", {.kind = GateKind::equivalent, .limit = 0.02}},
      {"score(llama) >= 80%", {.kind = GateKind::score, .backend = "llama", .limit = 0.8}},
      {"score>=0.8", {.kind = GateKind::score, .limit = 0.8}},
      {"ttft.p95(gpt-4o) <= 1.5s",
       {.kind = GateKind::quantile,
        .backend = "gpt-4o",
        .metric = Metric::ttft,
        .quantile = 0.95,
        .limit = 1.5}},
      {"e2e.p50 <= 300ms",
       {.kind = GateKind::quantile, .metric = Metric::e2e, .quantile = 0.5, .limit = 0.3}},
      {"error-rate <= 2%", {.kind = GateKind::error_rate, .limit = 0.02}},
      {"max-drop 3pp", {.kind = GateKind::max_drop, .limit = 0.03}},
      {"max-slowdown 20%", {.kind = GateKind::max_slowdown, .metric = Metric::e2e, .limit = 0.2}},
      {"ttft.max-slowdown(llama, 20%)",
       {.kind = GateKind::max_slowdown, .backend = "llama", .metric = Metric::ttft, .limit = 0.2}},
      {"cost-per-1k(gpt-4o) <= $2.50", {.kind = GateKind::cost, .backend = "gpt-4o", .limit = 2.5}},
      {"cost-per-1k<=0.31", {.kind = GateKind::cost, .limit = 0.31}},
      {"alarm on tag:math", {.tag = "math"}},
      {"alarm on tag:*", {.tag = "*"}},
      {"score(\"a b\") >= 80% on tag:\"x (y)\"",
       {.kind = GateKind::score, .backend = "a b", .tag = "x (y)", .limit = 0.8}},
      {"alarm(llama3.1:8b@home)", {.backend = "llama3.1:8b@home"}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(parsed(row.text), row.gate) << row.text;
  }
}

TEST(GateText, ReadsAReasonToFailAsTheGateItBreaks) {
  struct Row {
    std::string_view text;
    std::string_view gate;
  };
  for (const Row& row :
       {Row{"score<0.8", "score >= 80%"},
        Row{"score(my_llama) < 80% on tag:math", "score(my_llama) >= 80% on tag:math"},
        Row{"score(\"a<b\")<80%", "score(\"a<b\") >= 80%"},
        Row{"ttft_p95>1.5s", "ttft.p95 <= 1.5s"},
        Row{"e2e.p50 > 300ms", "e2e.p50 <= 0.3s"},
        Row{"error_rate>2%", "error-rate <= 2%"},
        Row{"cost_per_1k>2", "cost-per-1k <= $2"}}) {
    const auto gate = parse_failure(row.text);
    ASSERT_TRUE(gate) << row.text << ": " << gate.error().message;
    EXPECT_EQ(to_string(*gate), row.gate) << row.text;
  }
}

TEST(GateText, NamesTheMistakeInAReasonToFail) {
  struct Row {
    std::string_view text;
    std::string_view at;
    std::string_view message;
  };
  for (const Row& row : {Row{"alarm", "alarm", "a reason to fail compares a figure with a limit"},
                         Row{"score<=0.8", "<=", "a reason to fail leaves the limit itself out"},
                         Row{"score>0.8", ">", "expected '>='"},
                         Row{"scor<80%", "scor", "unknown gate 'scor'"},
                         Row{"score<lots", "lots", "'lots' is no share"},
                         Row{"cost_per_1k>cheap", "cheap", "'cheap' is no amount of money"}}) {
    const auto gate = parse_failure(row.text);
    ASSERT_FALSE(gate) << row.text;
    EXPECT_TRUE(gate.error().message.starts_with(row.message)) << gate.error().message;
    EXPECT_EQ(row.text.substr(gate.error().begin, gate.error().end - gate.error().begin), row.at);
  }
}

TEST(GateText, NamesTheMistakeAndItsPlace) {
  struct Row {
    std::string_view text;
    std::size_t begin;
    std::string_view message;
    std::string_view help;
  };
  const std::vector<Row> rows{
      {"", 0, "begins with its kind", ""},
      {"scor >= 80%", 0, "unknown gate 'scor'", "'score'"},
      {"not-wrose 3pp", 0, "unknown gate", "'not-worse'"},
      {"not-worse", 9, "needs a margin", "not-worse 3pp"},
      {"not-worse(llama)", 16, "needs a margin", ""},
      {"equivalent on tag:x", 11, "needs a margin", ""},
      {"not-worse 3", 10, "'3' is no difference", "3pp"},
      {"not-worse 3%", 10, "'3%'", "3pp"},
      {"not-worse 0pp", 10, "above 0", ""},
      {"alarm -1pp", 6, "at least 0", ""},
      {"score 80%", 6, "expected '>='", "score >= 80%"},
      {"score <= 80%", 6, "expected '>='", ""},
      {"score >= 80", 9, "'80' is no share", "80%"},
      {"score >= 120%", 9, "from 0% to 100%", ""},
      {"score(llama, 80%)", 13, "takes a backend only", ""},
      {"ttft <= 1s", 0, "needs a quantile", "ttft.p95"},
      {"ttft.p0 <= 1s", 0, "no quantile", ""},
      {"ttft.mean <= 1s", 0, "unknown figure 'mean'", "ttft.p95"},
      {"e2e.p95 <= 2", 11, "not a time", ""},
      {"max-slowdown 20% on tag:x", 20, "over all cases", ""},
      {"max-slowdown 1.2", 13, "no slowdown", "20%"},
      {"alarm on math", 9, "expected tag:NAME", ""},
      {"alarm on tag:", 9, "no name", ""},
      {"alarm(", 6, "expected a backend", ""},
      {"alarm(x", 7, "expected ')'", ""},
      {"alarm() ", 6, "expected a backend", ""},
      {"alarm(\"x", 8, "expected ')'", ""},
      {"alarm 1pp 2pp", 10, "unexpected '2pp'", ""},
  };
  for (const Row& row : rows) {
    const auto gate = parse_gate(row.text);
    ASSERT_FALSE(gate) << row.text;
    EXPECT_EQ(gate.error().begin, row.begin) << row.text << ": " << gate.error().message;
    EXPECT_THAT(gate.error().message, HasSubstr(row.message)) << row.text;
    EXPECT_THAT(gate.error().help, HasSubstr(row.help)) << row.text;
  }
}

TEST(GateText, ShowsTheMistakeUnderTheText) {
  const std::string_view text = "score(llama) > 80%";
  EXPECT_EQ(show(parse_gate(text).error(), text),
            "expected '>=', found '>'; write e.g. score >= 80%\n"
            "  score(llama) > 80%\n"
            "               ^");
}

Gate random_gate(Random& random) {
  const auto pick = [&](auto... options) {
    const std::vector<std::common_type_t<decltype(options)...>> all{options...};
    return all[random.below(all.size())];
  };
  Gate gate;
  gate.kind = static_cast<GateKind>(random.below(8));
  gate.backend =
      pick("", "llama", "gpt-4o", "llama3.1:8b", "a b", "x(1)", "3pp", "on", "größe", "=");
  gate.tag = pick("", "*", "math", "two words", "a,b", "tag:x");
  const double number = static_cast<double>(1 + random.below(99'999)) / 1000.0;
  gate.limit = number / 100.0;
  if (gate.kind == GateKind::quantile) {
    gate.metric = pick(Metric::ttft, Metric::e2e);
    gate.quantile = pick(50.0, 90.0, 95.0, 99.0, 99.9) / 100.0;
    gate.limit = to_seconds(from_ms(number * 1000.0));
  }
  if (gate.kind == GateKind::max_slowdown) {
    gate.metric = pick(Metric::ttft, Metric::e2e);
    gate.tag.clear();
  }
  return gate;
}

TEST(GateText, PrintsWhatItReads) {
  Random random(4);
  for (int i = 0; i < 20'000; ++i) {
    const Gate gate = random_gate(random);
    const std::string text = to_string(gate);
    const auto again = parse_gate(text);
    ASSERT_TRUE(again) << text << ": " << again.error().message;
    ASSERT_EQ(*again, gate) << text;
    ASSERT_EQ(to_string(*again), text);
  }
}

TEST(GateText, SurvivesAnyText) {
  Random random(5);
  const std::string_view alphabet = "alrmscoe()<>=,.%p \"ntaw-:*19\xC3\xA4";
  for (int i = 0; i < 20'000; ++i) {
    std::string text = i % 2 == 0 ? "score(" : "";
    for (std::size_t n = random.below(20); n > 0; --n) {
      text += alphabet[random.below(alphabet.size())];
    }
    const auto gate = parse_gate(text);
    if (!gate) {
      EXPECT_LE(gate.error().begin, gate.error().end) << text;
      EXPECT_LE(gate.error().end, text.size()) << text;
      EXPECT_FALSE(show(gate.error(), text).empty());
    }
  }
}

struct Decoded {
  std::vector<Gate> gates;
  std::vector<std::string> mistakes;
};
Decoded decoded(const std::string& yaml) {
  doc::Diagnostics diagnostics;
  const auto source = std::make_shared<doc::Source>(doc::Source{.name = "s.yaml", .text = yaml});
  const auto root = doc::parse_yaml(source, diagnostics);
  EXPECT_TRUE(root);
  Decoded out;
  out.gates = decode_gates({source, "suite", &diagnostics}, *root);
  for (const auto& diagnostic : diagnostics.sorted()) {
    out.mistakes.push_back(doc::one_line(diagnostic));
  }
  return out;
}

TEST(GateYaml, ReadsTextsAndMappings) {
  const Decoded out = decoded(
      "- alarm\n"
      "- score(llama) >= 80%\n"
      "- {gate: not-worse, backend: llama, margin: 3pp, tag: math}\n"
      "- gate: ttft.p95\n"
      "  limit: 1.5s\n"
      "- {gate: max-drop, limit: 3pp}\n");
  EXPECT_THAT(out.mistakes, IsEmpty());
  ASSERT_THAT(out.gates, SizeIs(5));
  EXPECT_EQ(to_string(out.gates[1]), "score(llama) >= 80%");
  EXPECT_EQ(out.gates[1].origin, "s.yaml:2:3");
  EXPECT_EQ(to_string(out.gates[2]), "not-worse(llama) 3pp on tag:math");
  EXPECT_EQ(to_string(out.gates[3]), "ttft.p95 <= 1.5s");
  EXPECT_EQ(to_string(out.gates[4]), "max-drop 3pp");
}

TEST(GateYaml, ReportsEveryMistakeAtItsPlace) {
  const Decoded out = decoded(
      "- alarm on tg:x\n"
      "- \"scor >= 80%\"\n"
      "- {gate: not-worse}\n"
      "- {gate: score, margin: 3pp}\n"
      "- {gate: score, limit: 80%, bakend: x}\n"
      "- {gate: max-slowdown, limit: 20%, tag: x}\n"
      "- [alarm]\n");
  ASSERT_THAT(out.mistakes, SizeIs(7));
  EXPECT_THAT(out.mistakes[0], HasSubstr("s.yaml:1:12: expected tag:NAME"));
  EXPECT_THAT(out.mistakes[1], HasSubstr("s.yaml:2:4: unknown gate 'scor'"));
  EXPECT_THAT(out.mistakes[1], HasSubstr("did you mean 'score'?"));
  EXPECT_THAT(out.mistakes[2], HasSubstr("needs a 'margin'"));
  EXPECT_THAT(out.mistakes[3], HasSubstr("takes a 'limit'"));
  EXPECT_THAT(out.mistakes[4], HasSubstr("'bakend'"));
  EXPECT_THAT(out.mistakes[5], HasSubstr("over all cases"));
  EXPECT_THAT(decoded("alarm").mistakes, SizeIs(1));
}

}  // namespace
}  // namespace faceoff::compare
