#pragma once

// What a finished run was asked, for the commands that go on from it. Private to cli.

#include "command.h"
#include "config.h"
#include "run_options.h"

#include <faceoff/store/run_folder.h>

#include <filesystem>
#include <span>
#include <string_view>

namespace faceoff::cli {

struct Recorded {
  store::Run run;  // its folder is absolute
  // Of `faceoff run` then, for choose_backends(); keys and allowed hosts are those of now.
  Arguments arguments;
  Config config;       // as it is now
  RunOptions options;  // of then, but for what the present command says
  std::filesystem::path results;
};

// Finds the run that the first positional names and reads its command line again. Relative paths in
// it start where the run was started, so the working folder becomes that one; paths of the present
// command are made absolute before. Flags named in `own` are taken from the present command alone.
// Mistakes of the configuration go to `diagnostics`.
[[nodiscard]] Result<Recorded> recall(const Arguments& arguments,
                                      std::span<const std::string_view> own,
                                      const Context& context,
                                      doc::Diagnostics& diagnostics);

// Runs the inside of such a command: prints what it has found wrong, or its error.
[[nodiscard]] Exit with_diagnostics(Result<Exit> (*go)(const Arguments& arguments,
                                                       Context& context,
                                                       doc::Diagnostics& diagnostics),
                                    const Arguments& arguments,
                                    Context& context);

}  // namespace faceoff::cli
