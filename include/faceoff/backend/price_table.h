#pragma once

#include <faceoff/backend/price.h>
#include <faceoff/backend/spec.h>
#include <faceoff/doc/decoder.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::backend {

// One price and for whom it holds.
struct PriceEntry {
  std::string name;      // of the entry in its file
  std::string provider;  // openai, azure, groq, ...; empty: whoever serves the model
  std::string model;     // an id; `*` stands for any characters, and the case of letters is ignored
  Price price;
  std::string note;  // what the figures leave out, for people
  Origin origin = Origin::built_in;
};

// Who is asked for a price: a model behind an address.
struct PriceQuery {
  std::string_view base_url;
  std::string_view asked;     // the model id as the user wrote it
  std::string_view resolved;  // as the server names it; may be empty
  bool local = false;         // on this machine, or a stand-in
};

// Prices from several sources. A later source wins over an earlier one; within one, an id wins over
// a pattern. The built-in prices hold for the hosts of their vendors only, never for a local
// server.
class PriceTable {
 public:
  PriceTable() = default;
  // What src/backend/prices.yaml says.
  [[nodiscard]] static const PriceTable& built_in();

  // A later entry of the same name replaces an earlier one of the same origin.
  void add(PriceEntry entry);
  // nullptr: not known, which is not the same as free.
  [[nodiscard]] const PriceEntry* find(const PriceQuery& query) const;
  [[nodiscard]] const std::vector<PriceEntry>& entries() const noexcept { return entries_; }

 private:
  std::vector<PriceEntry> entries_;  // by origin, weakest first
};

// Reads a `prices:` mapping (the form is in src/backend/prices.yaml) into `table`. Mistakes go to
// the context's diagnostics.
void decode_prices(const doc::Context& context,
                   const doc::Node& node,
                   Origin origin,
                   PriceTable& table);

// Whose prices hold at an address: "openai" for https://api.openai.com/v1; empty when not known.
[[nodiscard]] std::string_view provider_of(std::string_view base_url);

// What a prompt of so many tokens and an answer of so many would cost; nullopt beyond the range of
// Money.
[[nodiscard]] std::optional<Money> cost_of_tokens(const Price& price,
                                                  std::int64_t prompt,
                                                  std::int64_t completion);

}  // namespace faceoff::backend
