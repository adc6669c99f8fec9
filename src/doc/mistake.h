#pragma once

#include <faceoff/doc/diagnostic.h>

#include <string>
#include <utility>

namespace faceoff::doc {

// A diagnostic with what each of them has.
[[nodiscard]] inline Diagnostic mistake(SourcePtr source,
                                        Span span,
                                        std::string code,
                                        std::string message) {
  Diagnostic diagnostic;
  diagnostic.code = std::move(code);
  diagnostic.message = std::move(message);
  diagnostic.source = std::move(source);
  diagnostic.span = span;
  return diagnostic;
}

}  // namespace faceoff::doc
