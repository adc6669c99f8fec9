#include <faceoff/base/secret.h>
#include <faceoff/doc/user_keys.h>

#include <array>
#include <string>

#include <fmt/format.h>

namespace faceoff::doc {
namespace {

constexpr std::string_view kUserConfig = "the user config, ~/.config/faceoff/config.yaml";

// What a stranger's file may not say, and where it belongs.
struct Row {
  std::string_view key;
  std::string_view place;
};
constexpr std::array kRows{
    Row{"key_env", "put this backend into the user config, ~/.config/faceoff/config.yaml"},
    Row{"api_key_file", "use --api-key-file, or the user config, ~/.config/faceoff/config.yaml"},
    Row{"api_key_command", "put it into the user config, ~/.config/faceoff/config.yaml"},
    Row{"allow_hosts", "use --allow-host, or the user config, ~/.config/faceoff/config.yaml"},
    Row{"tls", "TLS is always verified; name a certificate authority in SSL_CERT_FILE"},
    Row{"proxy", "proxies come from the environment: HTTPS_PROXY, http_proxy, NO_PROXY"},
    Row{"sandbox", "programs to run are the user's choice, not a file's"},
    Row{"hooks", "programs to run are the user's choice, not a file's"},
    Row{"exec",
        "put programs into the user config, ~/.config/faceoff/config.yaml, or use --allow-exec"},
};

void refuse_literal_key(const Context& context, MappingReader& reader, const Node& mapping) {
  // Only a key that is there is made known: the reader lists the known ones to who misspells one.
  const Node* node = mapping.find("api_key") == nullptr ? nullptr : reader.get("api_key");
  if (node == nullptr) {
    return;
  }
  if (node->is_scalar()) {
    redactor().add(Secret(node->text));
  }
  context.error(node->span,
                "key-in-file",
                "'api_key' is not accepted in any file: keys in files get copied and committed",
                {},
                fmt::format("set the vendor's variable, use --api-key-file, or name 'api_key_file' "
                            "or 'api_key_command' in {}",
                            kUserConfig));
}

}  // namespace

void refuse_user_keys(const Context& context,
                      MappingReader& reader,
                      const Node& node,
                      Owner owner) {
  if (!node.is_mapping()) {
    return;
  }
  refuse_literal_key(context, reader, node);
  if (owner == Owner::user) {
    return;
  }
  const std::string_view file = owner == Owner::suite ? "a suite" : "a project file";
  for (const Row& row : kRows) {
    const Member* member = node.find_member(row.key);
    if (member == nullptr || reader.get(row.key) == nullptr) {
      continue;
    }
    context.error(member->key_span,
                  "not-in-project",
                  fmt::format("'{}' is not accepted in {}: it may come from a stranger, and this "
                              "decides where your keys and prompts go or what runs",
                              row.key,
                              file),
                  {},
                  std::string(row.place));
  }
}

}  // namespace faceoff::doc
