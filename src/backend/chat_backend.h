#pragma once

#include "http_backend.h"
#include "parameters.h"

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::backend {

// How one server's dialect of Chat Completions differs; data, filled by its adapter.
struct ChatWire {
  std::string path = "/chat/completions";  // behind the base URL, with its query
  std::span<const WireName> names;
  std::string model;                 // sent as `model`; empty: left out
  std::string limit = "max_tokens";  // what this model calls max_tokens
  // Known to be refused by the model unless reasoning_effort is "none": left out.
  std::vector<Parameter> refused;
  bool developer_role = false;   // else sent as system
  bool obfuscation_off = false;  // stream_options.include_obfuscation: false
};

// The shared part of the adapters that speak Chat Completions.
class ChatBackend : public HttpBackend {
 public:
  ChatBackend(Wiring wiring, ChatWire wire);

  [[nodiscard]] Result<net::HttpRequest> encode(const chat::Request& request) const final;
  [[nodiscard]] std::vector<std::string> left_out(const chat::Request& request) const final;
  [[nodiscard]] std::unique_ptr<Decoder> decoder() const final;
  [[nodiscard]] std::unique_ptr<Decoder> decoder_for(const chat::Request& request) const final;
  [[nodiscard]] std::optional<Adjusted> adjust(const chat::Request& request,
                                               const Failure& failure) const final;

 protected:
  // Fields that only this server knows.
  virtual void add_native(OrderedJson& body) const { static_cast<void>(body); }

 private:
  // How a repeated request differs from the first.
  struct Change {
    std::optional<Parameter> drop;
    std::optional<std::string> limit;
    bool without_obfuscation_field = false;
  };
  [[nodiscard]] Result<net::HttpRequest> encode_with(const chat::Request& request,
                                                     const Change& change) const;
  [[nodiscard]] Status add_parameters(OrderedJson& body,
                                      const chat::Params& params,
                                      const Change& change) const;
  [[nodiscard]] std::set<Parameter> left_out_of(const chat::Params& params) const;
  [[nodiscard]] std::optional<Change> change_for(std::string_view parameter,
                                                 const chat::Params& params,
                                                 std::string& note) const;

  ChatWire wire_;
};

// The messages as [{"role", "content"}].
[[nodiscard]] OrderedJson encode_messages(const chat::Request& request, bool developer_role);

}  // namespace faceoff::backend
