#include "adapter_names.h"

#include <faceoff/backend/backend.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace faceoff::backend {

#define FACEOFF_BACKEND(id) extern const Info id##_backend;
#include "backends.def"
#undef FACEOFF_BACKEND

std::span<const Info> all() {
  // A static library drops objects that nothing names, so the table names each adapter.
  static const std::array table{
#define FACEOFF_BACKEND(id) id##_backend,
#include "backends.def"
#undef FACEOFF_BACKEND
  };
  return table;
}

const Info* find(std::string_view id) noexcept {
  const auto table = all();
  const auto it = std::ranges::find(table, id, &Info::id);
  return it == table.end() ? nullptr : &*it;
}

std::optional<std::string> nearest_adapter(std::string_view id) {
  std::vector<std::string_view> ids{"simulate"};
  for (const auto& info : all()) {
    ids.push_back(info.id);
  }
  return closest(id, ids);
}

std::string adapter_list() {
  std::vector<std::string> names;
  for (const auto& info : all()) {
    names.emplace_back(info.id);
  }
  return join(names, ", ");
}

Result<std::unique_ptr<Backend>> create(const Spec& spec, const Environment& environment) {
  if (const Info* info = find(spec.adapter)) {
    return info->create(spec, environment);
  }
  const auto nearest = nearest_adapter(spec.adapter);
  return fail(ErrorKind::usage,
              fmt::format("backend '{}': unknown adapter '{}'; {}",
                          spec.name,
                          spec.adapter,
                          nearest ? fmt::format("did you mean '{}'?", *nearest)
                                  : "known are " + adapter_list()));
}

}  // namespace faceoff::backend
