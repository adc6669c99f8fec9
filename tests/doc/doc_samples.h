#pragma once

#include <faceoff/doc/diagnostic.h>
#include <faceoff/doc/reader.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace faceoff::doc {

inline SourcePtr make_source(std::string text, std::string name = "a.yaml") {
  auto source = std::make_shared<Source>();
  source->name = std::move(name);
  source->text = std::move(text);
  return source;
}

struct Parsed {
  std::optional<Node> root;
  Diagnostics diagnostics;

  // "3:1 yaml::syntax" for each mistake.
  [[nodiscard]] std::vector<std::string> places() const {
    std::vector<std::string> result;
    for (const auto& d : diagnostics.sorted()) {
      result.push_back(std::to_string(d.span.begin.line) + ":" +
                       std::to_string(d.span.begin.column) + " " + d.code);
    }
    return result;
  }
  // "1:4 the text begins here" for each note of the first mistake.
  [[nodiscard]] std::vector<std::string> notes() const {
    std::vector<std::string> result;
    const auto sorted = diagnostics.sorted();
    for (const auto& note : sorted.front().notes) {
      result.push_back(std::to_string(note.span.begin.line) + ":" +
                       std::to_string(note.span.begin.column) + " " + note.message);
    }
    return result;
  }
  [[nodiscard]] std::string message() const { return diagnostics.sorted().front().message; }
};

inline Parsed yaml(std::string text) {
  Parsed parsed;
  parsed.root = parse_yaml(make_source(std::move(text)), parsed.diagnostics);
  return parsed;
}

inline Parsed json(std::string text) {
  Parsed parsed;
  parsed.root = parse_json(make_source(std::move(text), "a.json"), parsed.diagnostics);
  return parsed;
}

}  // namespace faceoff::doc
