#pragma once

// faceoff.yaml: found, read and merged. Private to cli.

#include "command.h"

#include <faceoff/backend/price_table.h>
#include <faceoff/backend/spec.h>
#include <faceoff/compare/gate.h>
#include <faceoff/doc/diagnostic.h>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace faceoff::cli {

struct Config {
  std::vector<backend::Spec> backends;           // project over user, in file order
  std::optional<std::filesystem::path> results;  // folder for runs
  std::filesystem::path results_file;            // that named it
  backend::PriceTable prices;                    // the built-in ones and those of the files
  std::vector<std::string> allow_hosts;          // of the user's file: hosts that may have keys
  std::vector<std::filesystem::path> files;      // that were read
  std::vector<compare::Gate> gates;              // of every suite, the user's first
  // Of the user's file: programs that exec scorers may start by name.
  std::map<std::string, std::vector<std::string>, std::less<>> programs;
};

// The project's file (faceoff.yaml in the working folder or the nearest one above it, up to the
// folder that holds .git, or home) over the user's ($XDG_CONFIG_HOME/faceoff/config.yaml). --config
// names the project's file; --no-config reads none. Mistakes go to `diagnostics`.
[[nodiscard]] Result<Config> load_config(const Arguments& arguments,
                                         const Context& context,
                                         doc::Diagnostics& diagnostics);

// The backends that -b names, in order; without -b all of the configuration. Paths of models and
// scripts in a configuration file are relative to that file. Error of kind usage: unknown name
// (with a suggestion), the same name twice, none at all.
[[nodiscard]] Result<std::vector<backend::Spec>> choose_backends(const Arguments& arguments,
                                                                 const Config& config);

// The prices of the configuration with those of --prices FILE over them.
[[nodiscard]] Result<backend::PriceTable> load_prices(const Arguments& arguments,
                                                      const Config& config,
                                                      doc::Diagnostics& diagnostics);

// Where runs are kept: --results, FACEOFF_RESULTS, the configuration, "results".
[[nodiscard]] std::filesystem::path results_folder(const Arguments& arguments,
                                                   const Config& config);

}  // namespace faceoff::cli
