#include "version.h"

#include "command.h"

#include <faceoff/net/curl_transport.h>

#include <array>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::array kFlags{Flag{.name = "json", .help = "as one JSON object"}};

Exit execute(const Arguments& arguments, Context& context) {
  const std::string text =
      arguments.has("json")
          ? fmt::format("{{\"name\": \"faceoff\", \"version\": \"{}\", \"curl\": \"{}\"}}\n",
                        version_text(),
                        net::curl_version_text())
          : fmt::format("faceoff {}\n{}\n", version_text(), net::curl_version_text());
  const auto printed = print_out(text);
  return printed ? Exit::ok : report_error(printed.error(), context);
}

}  // namespace

extern const Command version_command;
const Command version_command{.name = "version",
                              .summary = "print the version of faceoff and of libcurl",
                              .positional = {},
                              .flags = kFlags,
                              .examples = "faceoff version --json",
                              .run = execute};

}  // namespace faceoff::cli
