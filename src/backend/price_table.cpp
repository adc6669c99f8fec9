#include <faceoff/backend/price_table.h>
#include <faceoff/base/check.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/doc/reader.h>
#include <faceoff/net/url.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <utility>

#include <fmt/format.h>

namespace faceoff::backend {

// src/backend/prices.yaml, by CMake.
extern const std::string_view kPricesText;

namespace {

constexpr std::int64_t kTokensOfAPrice = 1'000'000;

struct HostRow {
  std::string_view host;  // itself, or when it begins with a dot: whatever ends so
  std::string_view provider;
};
constexpr std::array kHosts{HostRow{"api.openai.com", "openai"},
                            HostRow{".azure.com", "azure"},
                            HostRow{".azure.us", "azure"},
                            HostRow{".azure.cn", "azure"},
                            HostRow{"api.deepinfra.com", "deepinfra"},
                            HostRow{"api.groq.com", "groq"},
                            HostRow{"api.novita.ai", "novita"},
                            HostRow{".googleapis.com", "google"},
                            HostRow{"api.together.xyz", "together"},
                            HostRow{"api.together.ai", "together"},
                            HostRow{"api.parasail.io", "parasail"},
                            HostRow{"api.sambanova.ai", "sambanova"},
                            HostRow{"api.cerebras.ai", "cerebras"},
                            HostRow{".amazonaws.com", "aws-bedrock"}};

// A project's prices win over those of the user, as its other settings do.
int rank(Origin origin) {
  switch (origin) {
    case Origin::built_in:
      return 0;
    case Origin::user:
      return 1;
    case Origin::project:
      return 2;
    case Origin::environment:
    case Origin::flag:
      return 3;
  }
  return 0;
}
int rank_of(const PriceEntry& entry) {
  return rank(entry.origin);
}

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// `*` stands for any characters; letters fit in either case.
bool fits(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && lower(pattern[p]) == lower(text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::optional<Money> read_amount(const doc::Context& context,
                                 const doc::Node& node,
                                 std::string_view key) {
  const auto text = doc::as_string(context, node, key);
  if (!text) {
    return std::nullopt;
  }
  const auto dollars = parse_dollars(*text);
  if (!dollars || dollars->picodollars % kTokensOfAPrice != 0) {
    context.error(node.span,
                  "bad-price",
                  fmt::format("'{}' must be dollars per million tokens, found '{}'", key, *text),
                  {},
                  "write e.g. \"2.50\"; at most six decimals");
    return std::nullopt;
  }
  return Money{dollars->picodollars / kTokensOfAPrice};
}

std::string read_text(const doc::Context& context,
                      doc::MappingReader& reader,
                      std::string_view key) {
  const doc::Node* node = reader.get(key);
  return node == nullptr ? std::string() : doc::as_string(context, *node, key).value_or("");
}

std::optional<PriceEntry> decode_entry(const doc::Context& context,
                                       const doc::Member& member,
                                       Origin origin) {
  const std::size_t before = context.diagnostics->size();
  doc::MappingReader reader(context, member.value, "a price");
  if (!member.value.is_mapping()) {
    return std::nullopt;
  }
  PriceEntry entry;
  entry.name = member.key;
  entry.origin = origin;
  entry.provider = read_text(context, reader, "provider");
  entry.model = read_text(context, reader, "model");
  if (entry.model.empty()) {
    entry.model = entry.name;
  }
  if (const doc::Node* input = reader.require("input")) {
    entry.price.input = read_amount(context, *input, "input").value_or(Money{});
  }
  if (const doc::Node* cached = reader.get("cached_input")) {
    entry.price.cached = read_amount(context, *cached, "cached_input");
  }
  if (const doc::Node* output = reader.require("output")) {
    entry.price.output = read_amount(context, *output, "output").value_or(Money{});
  }
  entry.price.as_of = read_text(context, reader, "as_of");
  entry.price.source = read_text(context, reader, "source");
  entry.note = read_text(context, reader, "note");
  reader.finish();
  return context.diagnostics->size() == before ? std::optional(std::move(entry)) : std::nullopt;
}

}  // namespace

std::string_view provider_of(std::string_view base_url) {
  const auto url = net::parse_url(base_url);
  if (!url) {
    return {};
  }
  const auto is_row = [&](const HostRow& row) {
    return row.host.front() == '.' ? std::string_view(url->host).ends_with(row.host)
                                   : url->host == row.host;
  };
  const auto* const row = std::ranges::find_if(kHosts, is_row);
  return row == kHosts.end() ? std::string_view() : row->provider;
}

const PriceTable& PriceTable::built_in() {
  static const PriceTable table = [] {
    doc::Diagnostics diagnostics;
    const auto source = std::make_shared<const doc::Source>(
        doc::Source{.name = "prices.yaml", .text = std::string(kPricesText)});
    const auto root = doc::parse_yaml(source, diagnostics);
    FACEOFF_CHECK(root.has_value(), "the built-in prices cannot be read");
    PriceTable made;
    const doc::Context context{.source = source, .area = "prices", .diagnostics = &diagnostics};
    if (const doc::Node* prices = root->find("prices")) {
      decode_prices(context, *prices, Origin::built_in, made);
    }
    FACEOFF_CHECK(diagnostics.empty(), "the built-in prices have mistakes");
    return made;
  }();
  return table;
}

void PriceTable::add(PriceEntry entry) {
  std::erase_if(entries_, [&](const PriceEntry& old) {
    return old.origin == entry.origin && old.name == entry.name;
  });
  const auto behind = std::ranges::upper_bound(entries_, rank_of(entry), {}, rank_of);
  entries_.insert(behind, std::move(entry));
}

const PriceEntry* PriceTable::find(const PriceQuery& query) const {
  const std::string_view provider = provider_of(query.base_url);
  const PriceEntry* best = nullptr;
  // The model as asked counts before what the server made of it.
  for (const std::string_view model : {query.asked, query.resolved}) {
    for (const PriceEntry& entry : entries_) {
      const bool foreign = query.local && entry.origin == Origin::built_in;
      const bool other = !entry.provider.empty() && entry.provider != provider;
      if (model.empty() || foreign || other || !fits(entry.model, model)) {
        continue;
      }
      const bool by_pattern = entry.model.find('*') != std::string::npos;
      if (best == nullptr || rank_of(*best) < rank_of(entry) || !by_pattern) {
        best = &entry;
      }
    }
    if (best != nullptr) {
      return best;
    }
  }
  return nullptr;
}

void decode_prices(const doc::Context& context,
                   const doc::Node& node,
                   Origin origin,
                   PriceTable& table) {
  if (!node.is_mapping()) {
    context.error(node.span,
                  "wrong-type",
                  fmt::format("'prices' must be a mapping of models to prices, found {}",
                              doc::describe(node)));
    return;
  }
  for (const doc::Member& member : node.members) {
    if (auto entry = decode_entry(context, member, origin)) {
      table.add(*std::move(entry));
    }
  }
}

}  // namespace faceoff::backend
