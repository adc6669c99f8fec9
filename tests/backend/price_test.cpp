#include <faceoff/backend/price.h>
#include <faceoff/backend/price_table.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/doc/reader.h>

#include <limits>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::backend {
namespace {

using ::testing::HasSubstr;

const Price kGpt4o{.input = {2'500'000},
                   .cached = Money{1'250'000},
                   .output = {10'000'000},
                   .as_of = "2026-05",
                   .source = ""};

chat::Usage usage(std::int64_t prompt,
                  std::int64_t completion,
                  std::optional<std::int64_t> cached = std::nullopt) {
  chat::Usage out;
  out.prompt_tokens = prompt;
  out.completion_tokens = completion;
  out.cached_tokens = cached;
  return out;
}

// Reads entries of YAML as a configuration would; every mistake is a line of `mistakes`.
struct Table {
  PriceTable table;
  std::string mistakes;
};
Table read(const std::string& yaml, Origin origin = Origin::user, PriceTable under = {}) {
  Table out{std::move(under), {}};
  doc::Diagnostics diagnostics;
  const auto source =
      std::make_shared<const doc::Source>(doc::Source{.name = "p.yaml", .text = yaml});
  const auto root = doc::parse_yaml(source, diagnostics);
  if (root) {
    decode_prices({.source = source, .area = "prices", .diagnostics = &diagnostics},
                  *root,
                  origin,
                  out.table);
  }
  for (const auto& one : diagnostics.sorted()) {
    out.mistakes += doc::one_line(one) + "\n";
  }
  return out;
}

const PriceEntry* at_openai(const PriceTable& table, std::string_view model) {
  return table.find(
      {.base_url = "https://api.openai.com/v1", .asked = model, .resolved = "", .local = false});
}

TEST(Cost, IsExactInPicodollars) {
  // (1000 - 400) * 2.50 + 400 * 1.25 + 100 * 10.00 dollars a million
  EXPECT_EQ(cost_of(kGpt4o, usage(1000, 100, 400)), Money{3'000'000'000});
  EXPECT_EQ(decimal_dollars(*cost_of(kGpt4o, usage(1000, 100, 400))), "0.003");
  EXPECT_EQ(cost_of(kGpt4o, usage(1, 0)), Money{2'500'000});
  Money sum;
  for (int i = 0; i < 1'000'000; ++i) {
    sum += *cost_of(kGpt4o, usage(1, 1));
  }
  EXPECT_EQ(decimal_dollars(sum), "12.5");
}

TEST(Cost, CachedTokensWithoutAPriceOfTheirOwnCostLikeOthers) {
  Price price = kGpt4o;
  price.cached.reset();
  EXPECT_EQ(cost_of(price, usage(1000, 0, 400)), cost_of(price, usage(1000, 0)));
}

TEST(Cost, IsUnknownWithoutUsageNeverZero) {
  EXPECT_EQ(cost_of(kGpt4o, {}), std::nullopt);
  chat::Usage half;
  half.prompt_tokens = 10;
  EXPECT_EQ(cost_of(kGpt4o, half), std::nullopt);
}

TEST(Cost, OfImpossibleCountsIsUnknown) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(cost_of(kGpt4o, usage(kMost, 1)), std::nullopt);
  EXPECT_EQ(cost_of(kGpt4o, usage(-1, 1)), std::nullopt);
  // More cached tokens than there are tokens: a server's mistake must not lower the cost below 0.
  EXPECT_EQ(cost_of(kGpt4o, usage(10, 0, 1000)), Money{12'500'000});
  EXPECT_EQ(cost_of(kGpt4o, usage(10, 0, -5)), Money{25'000'000});
  EXPECT_EQ(cost_of_tokens(kGpt4o, kMost, 1), std::nullopt);
}

TEST(Prices, BuiltInOnesHoldAtTheirVendor) {
  const PriceEntry* entry = at_openai(PriceTable::built_in(), "gpt-4o-2024-11-20");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->price.input, Money{2'500'000});
  EXPECT_EQ(entry->price.cached, Money{1'250'000});
  EXPECT_EQ(entry->price.output, Money{10'000'000});
  EXPECT_EQ(entry->price.as_of, "2026-05");
  EXPECT_THAT(entry->price.source, HasSubstr("openai.com"));
  for (const PriceEntry& each : PriceTable::built_in().entries()) {
    EXPECT_FALSE(each.provider.empty()) << each.name;
    EXPECT_FALSE(each.price.as_of.empty()) << each.name;
    EXPECT_FALSE(each.price.source.empty()) << each.name;
  }
}

TEST(Prices, OfAModelThatIsNotListedAreUnknown) {
  // An alias moves from model to model, a fine-tuned model costs something else.
  for (const char* model : {"gpt-4o", "gpt-4o-2024-11-20-custom", "ft:gpt-4o-2024-11-20:me", ""}) {
    EXPECT_EQ(at_openai(PriceTable::built_in(), model), nullptr) << model;
  }
  const PriceQuery gateway{.base_url = "https://gateway.example/v1",
                           .asked = "gpt-4o-2024-11-20",
                           .resolved = "",
                           .local = false};
  EXPECT_EQ(PriceTable::built_in().find(gateway), nullptr);
}

TEST(Prices, AreLookedUpByWhatTheServerCallsTheModelToo) {
  const auto* entry = PriceTable::built_in().find({.base_url = "https://api.openai.com/v1",
                                                   .asked = "gpt-4o",
                                                   .resolved = "gpt-4o-2024-08-06",
                                                   .local = false});
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->name, "gpt-4o-2024-08-06");
}

TEST(Prices, DependOnTheHost) {
  const auto at = [](std::string_view url) {
    const auto* entry =
        PriceTable::built_in().find({.base_url = url,
                                     .asked = "meta-llama/Llama-4-Scout-17B-16E-Instruct",
                                     .resolved = "",
                                     .local = false});
    return entry == nullptr ? std::string() : decimal_dollars({entry->price.input.picodollars});
  };
  EXPECT_EQ(at("https://api.groq.com/openai/v1"), "0.00000011");
  EXPECT_EQ(at("https://api.deepinfra.com/v1/openai"), "0.00000008");
  EXPECT_EQ(at("https://api.groq.com.example/v1"), "");
  EXPECT_EQ(provider_of("https://my-resource.openai.azure.com"), "azure");
  EXPECT_EQ(provider_of("not a URL"), "");
}

TEST(Prices, ALocalServerHasOnlyThoseThatTheUserGives) {
  const PriceQuery local{
      .base_url = "http://127.0.0.1:8080", .asked = "m", .resolved = "", .local = true};
  PriceTable table;
  PriceEntry entry;
  entry.name = entry.model = "m";
  table.add(entry);
  EXPECT_EQ(table.find(local), nullptr);
  entry.origin = Origin::user;
  table.add(entry);
  EXPECT_NE(table.find(local), nullptr);
}

TEST(Prices, LaterSourcesWinAndIdsWinOverPatterns) {
  const std::string by_user =
      "m-*: {input: 1, output: 1}\nm-1: {input: \"2.50\", output: 2}\nx: {input: 9, output: 9}\n";
  Table table = read(by_user, Origin::user);
  EXPECT_EQ(table.mistakes, "");
  EXPECT_EQ(at_openai(table.table, "M-1")->price.input, Money{2'500'000});
  EXPECT_EQ(at_openai(table.table, "m-2")->price.input, Money{1'000'000});
  // In whatever order they are read, a project's win over the user's and a flag's over both.
  table = read("m-1: {input: 4, output: 4}", Origin::flag, std::move(table.table));
  table = read("m-1: {input: 3, output: 3}", Origin::project, std::move(table.table));
  EXPECT_EQ(at_openai(table.table, "m-1")->price.input, Money{4'000'000});
  EXPECT_EQ(at_openai(table.table, "x")->price.input, Money{9'000'000});
  table = read("m-2: {input: 5, output: 5}", Origin::project, std::move(table.table));
  EXPECT_EQ(at_openai(table.table, "m-2")->price.input, Money{5'000'000});
}

TEST(Prices, SayWhatIsWrongWithThem) {
  const auto mistakes = read(
                            "a: {input: cheap, output: \"1.00\"}\n"
                            "b: {input: \"1.00\"}\n"
                            "c: {input: \"1.0000001\", output: 1}\n"
                            "d: {input: -1, output: 1}\n"
                            "e: {input: 1, output: 1, outptu: 2}\n"
                            "f: 3\n")
                            .mistakes;
  EXPECT_THAT(mistakes, HasSubstr("p.yaml:1:12: 'input' must be dollars per million tokens"));
  EXPECT_THAT(mistakes, HasSubstr("p.yaml:2:"));
  EXPECT_THAT(mistakes, HasSubstr("p.yaml:3:12"));
  EXPECT_THAT(mistakes, HasSubstr("p.yaml:4:12"));
  EXPECT_THAT(mistakes, HasSubstr("unknown key 'outptu'"));
  EXPECT_THAT(mistakes, HasSubstr("p.yaml:6:"));
  EXPECT_THAT(read("[1, 2]").mistakes, HasSubstr("must be a mapping"));
}

}  // namespace
}  // namespace faceoff::backend
