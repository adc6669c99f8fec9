#pragma once

// The JSON Schemas of schemas/, compiled in. Private to cli.

#include <array>
#include <string_view>

namespace faceoff::cli {

inline constexpr std::array<std::string_view, 4> kSchemaNames{
    "results", "records", "events", "suite"};

// Empty: there is none of this name.
[[nodiscard]] std::string_view schema_text(std::string_view name);

}  // namespace faceoff::cli
