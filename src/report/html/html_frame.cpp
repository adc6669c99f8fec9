#include "html_frame.h"

#include <faceoff/base/base64.h>
#include <faceoff/base/digest.h>

#include <string>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

std::string csp_hash(std::string_view content) {
  const std::string hex = sha256_hex(content);
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    const auto nibble = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    bytes += static_cast<char>(nibble(hex[i]) * 16 + nibble(hex[i + 1]));
  }
  return "'sha256-" + to_base64(bytes) + "'";
}

}  // namespace

void page_head(Html& out, std::string_view title, Html::Literal what, std::string_view script) {
  out.raw(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\"");
  out.attribute("content",
                fmt::format("default-src 'none'; script-src {}; style-src {}; img-src data:; "
                            "base-uri 'none'; form-action 'none'",
                            csp_hash(script),
                            csp_hash(kHtmlStyle)));
  out.raw(
      ">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
  out.text(cut_text(title, 80)).raw(" – ").raw(what).raw("</title>\n<style>");
  out.ours(kHtmlStyle).raw("</style>\n</head>\n");
}

void page_end(Html& out, std::string_view script) {
  out.raw("<script>").ours(script).raw("</script>\n</body>\n</html>\n");
}

}  // namespace faceoff::report
