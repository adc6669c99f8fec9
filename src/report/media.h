#pragma once

// The one way for foreign text (of models, servers, suites, files) into each medium; for the
// terminal it is display_text() of base/text.h. Everything here first makes what deceives the eye
// visible, as display_text() does: control and bidi characters, zero-width ones, commands of CI
// runners. Annotations of GitHub's runner: annotation.h. Private to report.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace faceoff::report {

// --- XML 1.0 -------------------------------------------------------------------------------------

// For an element's body and, line ends and tabs as references, for an attribute in double quotes.
// What XML 1.0 has no place for becomes U+FFFD.
[[nodiscard]] std::string xml_text(std::string_view foreign);
[[nodiscard]] std::string xml_attribute(std::string_view foreign);

// --- CSV (RFC 4180) ------------------------------------------------------------------------------

enum class CsvText : std::uint8_t {
  safe,  // a cell that a spreadsheet could take for a formula begins with an apostrophe
  raw,   // as it came, for machines; only invalid UTF-8 and NUL become U+FFFD
};
// One field, in quotes where it needs them. Figures of ours are written as they are.
[[nodiscard]] std::string csv_field(std::string_view foreign, CsvText kind = CsvText::safe);

// --- GitHub Markdown -----------------------------------------------------------------------------

// Nothing is a mention, a link, an image or HTML in these; the fence is longer than any run inside.
enum class Place : std::uint8_t { text, table_cell };
[[nodiscard]] std::string code_span(std::string_view foreign, Place place = Place::text);
// Lines beyond `most_lines` are left out, longer ones than 500 columns cut.
[[nodiscard]] std::string code_fence(std::string_view foreign, std::size_t most_lines);
// An invisible line by which a later comment of the same kind finds this one: <!-- name -->. Only
// letters, digits and . _ : / - of the name stand in it.
[[nodiscard]] std::string hidden_marker(std::string_view foreign);

// --- OpenMetrics ---------------------------------------------------------------------------------

// The value of a label, with its quotes.
[[nodiscard]] std::string metric_label(std::string_view foreign);

}  // namespace faceoff::report
