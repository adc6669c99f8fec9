#include "options.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

doc::Node empty_mapping(doc::Span span) {
  doc::Node node;
  node.kind = doc::Kind::mapping;
  node.span = span;
  return node;
}

}  // namespace

Options::Options(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics)
    : context_{spec.source, "suite", &diagnostics},
      mistakes_before_(diagnostics.size()),
      what_(fmt::format("scorer '{}'", spec.name)),
      none_(empty_mapping(spec.span)),
      mapping_(spec.options.is_null() ? none_ : spec.options),
      reader_(context_, mapping_, what_) {}

bool Options::flag(std::string_view key, bool otherwise) {
  const doc::Node* value = reader_.get(key);
  return value == nullptr ? otherwise : doc::as_bool(context_, *value, key).value_or(otherwise);
}

std::optional<std::int64_t> Options::integer(std::string_view key) {
  const doc::Node* value = reader_.get(key);
  return value == nullptr ? std::nullopt : doc::as_integer(context_, *value, key);
}

std::vector<std::string> Options::texts(std::string_view key) {
  const doc::Node* value = reader_.get(key);
  if (value == nullptr) {
    return {};
  }
  auto read = doc::as_strings(context_, *value, key);
  if (!read) {
    return {};
  }
  if (read->empty() || std::ranges::any_of(*read, &std::string::empty)) {
    wrong(key, fmt::format("'{}' must name at least one text, and none may be empty", key));
  }
  return *std::move(read);
}

std::size_t Options::word(std::string_view key,
                          std::span<const std::string_view> words,
                          std::size_t otherwise) {
  const doc::Node* value = reader_.get(key);
  if (value == nullptr) {
    return otherwise;
  }
  const auto text = doc::as_string(context_, *value, key);
  if (!text) {
    return otherwise;
  }
  const auto found = std::ranges::find(words, std::string_view(*text));
  if (found != words.end()) {
    return static_cast<std::size_t>(found - words.begin());
  }
  const auto near = closest(*text, words);
  context_.error(value->span,
                 "wrong-value",
                 fmt::format("'{}' must be one of {}, found '{}'",
                             key,
                             fmt::join(words, ", "),
                             display_text(fit_width(to_valid_utf8(*text), 60))),
                 near ? fmt::format("did you mean '{}'?", *near) : std::string());
  return otherwise;
}

std::size_t Options::count(std::string_view key,
                           std::size_t otherwise,
                           std::size_t least,
                           std::size_t most) {
  const auto value = integer(key);
  if (!value) {
    return otherwise;
  }
  if (*value < static_cast<std::int64_t>(least) || *value > static_cast<std::int64_t>(most)) {
    wrong(key, fmt::format("'{}' must be from {} to {}, found {}", key, least, most, *value));
    return otherwise;
  }
  return static_cast<std::size_t>(*value);
}

double Options::number(std::string_view key, double otherwise, double least, double most) {
  const doc::Node* value = reader_.get(key);
  const auto number = value == nullptr ? std::nullopt : doc::as_number(context_, *value, key);
  if (!number) {
    return otherwise;
  }
  if (*number < least || *number > most) {
    wrong(key,
          fmt::format("'{}' must be from {} to {}, found '{}'", key, least, most, value->text));
    return otherwise;
  }
  return *number;
}

std::optional<std::string> Options::amount(std::string_view key) {
  const doc::Node* value = reader_.get(key);
  if (value == nullptr) {
    return std::nullopt;
  }
  const auto number = doc::as_number(context_, *value, key);
  if (!number) {
    return std::nullopt;
  }
  if (*number < 0) {
    wrong(key, fmt::format("'{}' must be at least 0, found '{}'", key, value->text));
    return std::nullopt;
  }
  return value->text;
}

void Options::wrong(std::string_view key, std::string message, std::string help) const {
  const doc::Node* value = mapping_.find(key);
  const doc::Span span = value == nullptr ? mapping_.span : value->span;
  context_.error(span, "wrong-value", std::move(message), {}, std::move(help));
}

bool Options::finish() {
  reader_.finish();
  return context_.diagnostics->size() == mistakes_before_;
}

}  // namespace faceoff::score
