#include "keys.h"

#include "key_program.h"

#include <faceoff/backend/backend.h>
#include <faceoff/base/files.h>
#include <faceoff/base/log.h>
#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faceoff::cli {
namespace {

constexpr std::size_t kMostBytes = 65536;
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

std::string expand_home(const std::string& path, const Context& context) {
  const auto home = context.environment("HOME");
  return path.starts_with("~/") && home ? *home + path.substr(1) : path;
}

void warn_of_readers(int fd, const std::string& path) {
  struct stat info {};
  if (::fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & kOthers) != 0) {
    log::warn(fmt::format("{}: others may read this file of a key (mode {:04o}); run chmod 600 {}",
                          path,
                          info.st_mode & 07777U,
                          shell_word(path)));
  }
}

// Reads to the end; an error of kind io names `what`.
Result<Secret> read_secret(int fd, const std::string& what) {
  std::string text(kMostBytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t n = ::read(fd, text.data() + size, text.size() - size);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return fail(ErrorKind::io, fmt::format("{}: cannot be read: {}", what, errno_text(errno)));
    }
    if (n == 0) {
      break;
    }
    size += static_cast<std::size_t>(n);
  }
  if (size > kMostBytes) {
    return fail(ErrorKind::usage, fmt::format("{}: is too large for a key", what));
  }
  text.resize(size);
  return Secret(std::move(text));
}

Result<Secret> read_key_file(const std::string& named, const Context& context) {
  if (named == "-") {
    return read_secret(STDIN_FILENO, "--api-key-file -: standard input");
  }
  const std::string path = expand_home(named, context);
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) {
    return fail(ErrorKind::io,
                fmt::format("{}: the file of a key cannot be read: {}", path, errno_text(errno)));
  }
  warn_of_readers(fd.get(), path);
  return read_secret(fd.get(), path);
}

void set_key(backend::Spec& spec, Secret key, std::string source) {
  redactor().add(Secret(std::string(trim(key.reveal()))));
  spec.key = std::move(key);
  spec.key_source = std::move(source);
}

bool takes_key(const backend::Spec& spec) {
  const backend::Info* info = backend::find(spec.adapter);
  return info != nullptr && !info->key_env.empty() && spec.simulate.empty() &&
         !spec.model.ends_with(".gguf");
}

bool needs_key(const backend::Spec& spec) {
  return takes_key(spec) && backend::find(spec.adapter)->needs_key;
}

// The one backend that a PATH without a name is meant for.
Result<backend::Spec*> only_taker(std::vector<backend::Spec>& specs) {
  for (const auto filter : {needs_key, takes_key}) {
    if (std::ranges::count_if(specs, filter) == 1) {
      return &*std::ranges::find_if(specs, filter);
    }
  }
  std::vector<std::string> names;
  for (const auto& spec : specs) {
    if (takes_key(spec)) {
      names.push_back(spec.name);
    }
  }
  return fail(ErrorKind::usage,
              names.empty() ? std::string("--api-key-file: no backend of this run takes a key")
                            : fmt::format("--api-key-file: {} take keys; write NAME=PATH",
                                          join(names, " and ")));
}

// NAME=PATH; a path that holds a '=' needs a '/' before it.
Status read_flag(const std::string& word,
                 const Context& context,
                 std::vector<backend::Spec>& specs) {
  const auto equals = word.find('=');
  backend::Spec* spec = nullptr;
  std::string path = word;
  if (equals != std::string::npos && word.substr(0, equals).find('/') == std::string::npos) {
    const std::string name = word.substr(0, equals);
    path = word.substr(equals + 1);
    const auto named = std::ranges::find(specs, name, &backend::Spec::name);
    if (named == specs.end()) {
      return fail(ErrorKind::usage,
                  fmt::format("--api-key-file: no backend of this run is called '{}'", name));
    }
    spec = &*named;
  } else {
    FACEOFF_TRY_ASSIGN(spec, only_taker(specs));
  }
  FACEOFF_TRY_ASSIGN(Secret key, read_key_file(path, context));
  set_key(*spec, std::move(key), path == "-" ? "standard input" : path);
  return {};
}

Status read_configured(const Context& context, KeyCommands commands, backend::Spec& spec) {
  if (spec.key_file) {
    FACEOFF_TRY_ASSIGN(Secret key, read_key_file(*spec.key_file, context));
    set_key(spec, std::move(key), *spec.key_file);
  } else if (!spec.key_command.empty() && commands == KeyCommands::leave_out) {
    set_key(spec, Secret("not-asked-for-in-a-dry-run"), "the output of api_key_command");
  } else if (!spec.key_command.empty()) {
    FACEOFF_TRY_ASSIGN(Secret key, run_key_program(spec.key_command, context.clock));
    set_key(spec, std::move(key), "the output of api_key_command");
  }
  return {};
}

}  // namespace

Status load_keys(const Arguments& arguments,
                 const Context& context,
                 KeyCommands commands,
                 std::vector<backend::Spec>& specs) {
  for (const auto& word : arguments.values("api-key-file")) {
    FACEOFF_TRY(read_flag(word, context, specs));
  }
  for (auto& spec : specs) {
    if (!spec.key) {
      FACEOFF_TRY(read_configured(context, commands, spec));
    }
    if (spec.key && trim(spec.key->reveal()).empty()) {
      return fail(ErrorKind::usage,
                  fmt::format("backend '{}': {} holds no key", spec.name, spec.key_source));
    }
  }
  return {};
}

Status load_keys_of(const Arguments& arguments,
                    const Context& context,
                    KeyCommands commands,
                    std::vector<backend::Spec>& specs,
                    std::vector<backend::Spec>& judges) {
  const auto count = static_cast<std::ptrdiff_t>(specs.size());
  std::vector<backend::Spec> all = std::move(specs);
  std::ranges::move(judges, std::back_inserter(all));
  Status loaded = load_keys(arguments, context, commands, all);
  specs.assign(std::make_move_iterator(all.begin()), std::make_move_iterator(all.begin() + count));
  judges.assign(std::make_move_iterator(all.begin() + count), std::make_move_iterator(all.end()));
  return loaded;
}

void warn_of_key_log(const Context& context) {
  static bool said = false;
  const auto file = context.environment("SSLKEYLOGFILE");
  if (!said && file && !file->empty()) {
    said = true;
    log::warn(
        fmt::format("SSLKEYLOGFILE is set: whoever reads {} can read the TLS sessions of this "
                    "run, keys and prompts included; unset it",
                    *file));
  }
}

}  // namespace faceoff::cli
