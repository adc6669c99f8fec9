#include "parameters.h"

#include <faceoff/base/names.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

constexpr Names kNames{std::array{Named{Parameter::max_tokens, "max_tokens"},
                                  Named{Parameter::temperature, "temperature"},
                                  Named{Parameter::top_p, "top_p"},
                                  Named{Parameter::top_k, "top_k"},
                                  Named{Parameter::min_p, "min_p"},
                                  Named{Parameter::repeat_penalty, "repeat_penalty"},
                                  Named{Parameter::presence_penalty, "presence_penalty"},
                                  Named{Parameter::frequency_penalty, "frequency_penalty"},
                                  Named{Parameter::seed, "seed"},
                                  Named{Parameter::top_logprobs, "top_logprobs"},
                                  Named{Parameter::stop, "stop"},
                                  Named{Parameter::reasoning_effort, "reasoning_effort"},
                                  Named{Parameter::response_format, "response_format"}}};

constexpr std::size_t kMaxSchema = 256UL * 1024;

template <class T>
void add(std::vector<Setting>& settings, Parameter parameter, const std::optional<T>& value) {
  if (value) {
    settings.emplace_back(parameter, *value);
  }
}

Result<OrderedJson> read_format(const std::string& format) {
  if (format == "json") {
    return OrderedJson("json");
  }
  // The order of its properties is the order in which servers let the model write them.
  const auto checked = format.size() <= kMaxSchema ? parse_untrusted(format) : std::nullopt;
  OrderedJson schema = checked ? OrderedJson::parse(format, nullptr, false) : OrderedJson();
  if (!schema.is_object()) {
    return fail(ErrorKind::usage,
                "'response_format' must be 'json' or a JSON Schema: an object of at most 64 levels "
                "and 256 KiB");
  }
  return schema;
}

}  // namespace

std::string_view to_string(Parameter parameter) noexcept {
  return kNames.of(parameter);
}

Result<std::vector<Setting>> settings_of(const chat::Params& params) {
  std::vector<Setting> settings;
  add(settings, Parameter::max_tokens, params.max_tokens);
  add(settings, Parameter::temperature, params.temperature);
  add(settings, Parameter::top_p, params.top_p);
  add(settings, Parameter::top_k, params.top_k);
  add(settings, Parameter::min_p, params.min_p);
  add(settings, Parameter::repeat_penalty, params.repeat_penalty);
  add(settings, Parameter::presence_penalty, params.presence_penalty);
  add(settings, Parameter::frequency_penalty, params.frequency_penalty);
  add(settings, Parameter::seed, params.seed);
  add(settings, Parameter::top_logprobs, params.top_logprobs);
  if (!params.stop.empty()) {
    settings.emplace_back(Parameter::stop, params.stop);
  }
  add(settings, Parameter::reasoning_effort, params.reasoning_effort);
  if (params.response_format) {
    FACEOFF_TRY_ASSIGN(OrderedJson format, read_format(*params.response_format));
    settings.emplace_back(Parameter::response_format, std::move(format));
  }
  for (const auto& [parameter, value] : settings) {
    // JSON has no such numbers; the library would write null.
    if (value.is_number_float() && !std::isfinite(value.get<double>())) {
      return fail(ErrorKind::usage, fmt::format("'{}' is not a number", to_string(parameter)));
    }
  }
  return settings;
}

Result<std::string_view> wire_name(std::span<const WireName> table,
                                   Parameter parameter,
                                   std::string_view adapter) {
  const auto it = std::ranges::find(table, parameter, &WireName::parameter);
  if (it == table.end()) {
    return fail(ErrorKind::usage,
                fmt::format("parameter '{}' cannot be sent by adapter '{}'; remove it, or set it "
                            "under 'params' of the backends that take it",
                            to_string(parameter),
                            adapter));
  }
  return it->name;
}

}  // namespace faceoff::backend
