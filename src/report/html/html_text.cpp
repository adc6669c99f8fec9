#include "html_text.h"

#include <faceoff/base/text.h>

#include <cctype>

#include <fmt/format.h>

namespace faceoff::report {

Html& Html::raw(Literal ours) {
  out_ += ours.text;
  return *this;
}

void Html::escape(std::string_view shown) {
  for (const char c : shown) {
    switch (c) {
      case '&':
        out_ += "&amp;";
        break;
      case '<':
        out_ += "&lt;";
        break;
      case '>':
        out_ += "&gt;";
        break;
      case '"':
        out_ += "&quot;";
        break;
      case '\'':
        out_ += "&#39;";
        break;
      default:
        out_ += c;
    }
  }
}

Html& Html::text(std::string_view foreign) {
  escape(display_text(foreign));
  return *this;
}

Html& Html::lines(std::string_view foreign) {
  escape(display_text(foreign, Lines::keep));
  return *this;
}

Html& Html::count(std::uint64_t value) {
  out_ += std::to_string(value);
  return *this;
}

Html& Html::decimal(double value, int decimals) {
  out_ += fmt::format("{:.{}f}", value, decimals);
  return *this;
}

Html& Html::attribute(Literal name, std::string_view value) {
  out_ += ' ';
  out_ += name.text;
  out_ += "=\"";
  escape(display_text(value));
  out_ += '"';
  return *this;
}

Html& Html::attribute(Literal name, double value) {
  out_ += fmt::format(" {}=\"{:.6g}\"", name.text, value);
  return *this;
}

Html& Html::line(const Line& line) {
  for (const Span& span : line) {
    const bool name = span.foreign;
    switch (span.style) {
      case Style::bold:
        raw("<b>").text(span.text).raw("</b>");
        break;
      case Style::good:
        raw("<span class=\"good\">").text(span.text).raw("</span>");
        break;
      case Style::bad:
        raw("<span class=\"bad\">").text(span.text).raw("</span>");
        break;
      case Style::dim:
        raw("<span class=\"dim\">").text(span.text).raw("</span>");
        break;
      case Style::plain:
        if (name) {
          raw("<bdi>").text(span.text).raw("</bdi>");
        } else {
          text(span.text);
        }
    }
  }
  return *this;
}

void Html::grid(const Section& section) {
  raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\"").attribute("aria-label", [&] {
    std::string label;
    for (const Span& span : section.heading) {
      label += span.text;
    }
    return label;
  }());
  raw("><table><caption class=\"sr\">").line(section.heading).raw("</caption><thead><tr>");
  for (const GridColumn& column : section.grid.columns) {
    raw("<th scope=\"col\">").line(column.header).raw("</th>");
  }
  raw("</tr></thead><tbody>");
  for (const auto& row : section.grid.rows) {
    raw("<tr>");
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i == 0) {
        raw("<th scope=\"row\">").line(row[i]).raw("</th>");
      } else {
        raw("<td>").line(row[i]).raw("</td>");
      }
    }
    raw("</tr>");
  }
  raw("</tbody></table></div>");
}

Html& Html::section(const Section& section) {
  raw("<h3>").line(section.heading).raw("</h3>");
  if (!section.grid.columns.empty()) {
    grid(section);
  }
  if (!section.paragraphs.empty()) {
    raw("<ul class=\"plain\">");
    for (const Paragraph& paragraph : section.paragraphs) {
      raw("<li>");
      if (!paragraph.lead.empty()) {
        raw("<span class=\"lead\">").line(paragraph.lead).raw("</span> ");
      }
      line(paragraph.text).raw("</li>");
    }
    raw("</ul>");
  }
  for (const Quote& quote : section.quotes) {
    raw("<figure><figcaption>").line(quote.intro).raw("</figcaption><pre>");
    lines(quote.text).raw("</pre></figure>");
  }
  for (const Line& note : section.footnotes) {
    raw("<p class=\"note\">").line(note).raw("</p>");
  }
  return *this;
}

Html& Html::json(const Json& value) {
  for (const char c : value.dump(-1, ' ', true, Json::error_handler_t::replace)) {
    switch (c) {
      case '<':
        out_ += "\\u003c";
        break;
      case '>':
        out_ += "\\u003e";
        break;
      case '&':
        out_ += "\\u0026";
        break;
      default:
        out_ += c;
    }
  }
  return *this;
}

Html& Html::ours(std::string_view embedded) {
  out_ += embedded;
  return *this;
}

std::string case_fragment(std::string_view id) {
  std::string out = "#case=";
  for (const char c : to_valid_utf8(id)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.')) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

std::string cut_text(std::string_view text, std::size_t bytes) {
  if (text.size() > bytes) {
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) {
      --bytes;
    }
    text = text.substr(0, bytes);
  }
  return to_valid_utf8(text);
}

}  // namespace faceoff::report
