#include "case.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::suite {
namespace {

using chat::Message;
using chat::Role;

class CaseDecoder {
 public:
  CaseDecoder(const doc::Context& context, const doc::Node& node, const Defaults& defaults)
      : context_(context), node_(node), defaults_(defaults), reader_(context, node, "a case") {}

  std::optional<Case> decode(std::string fallback_id) {
    const std::size_t mistakes = context_.diagnostics->size();
    read_id(std::move(fallback_id));
    const doc::Node* prompt = reader_.get("prompt");
    const doc::Node* messages = reader_.get("messages");
    const doc::Node* target = read_target_node();
    fields_ = read_fields(context_, reader_);
    if (const auto* cluster = reader_.get("cluster"); cluster != nullptr) {
      case_.cluster = as_name(context_, *cluster, "cluster").value_or("");
    }
    if (const auto* human = reader_.get("human"); human != nullptr) {
      read_human(*human);
    }
    const std::size_t before_finish = context_.diagnostics->size();
    reader_.finish();
    unknown_keys_ = context_.diagnostics->size() != before_finish;
    if (node_.is_mapping()) {
      read_messages(prompt, messages);
    }
    if (target != nullptr) {
      read_targets(*target);
    }
    if (context_.diagnostics->size() != mistakes) {
      return std::nullopt;
    }
    settle();
    return std::move(case_);
  }

 private:
  void read_id(std::string fallback_id) {
    case_.source = context_.source;
    case_.span = node_.span;
    const doc::Node* id = reader_.get("id");
    if (id != nullptr) {
      case_.span = id->span;
      case_.id = as_name(context_, *id, "id").value_or("");
    } else {
      case_.id = std::move(fallback_id);
    }
  }

  const doc::Node* read_target_node() {
    const doc::Node* target = reader_.get("target");
    const doc::Node* targets = reader_.get("targets");
    if (target != nullptr && targets != nullptr) {
      context_.error(node_.find_member("targets")->key_span,
                     "target-twice",
                     "'target' and 'targets' are the same key; a case has one of them",
                     {},
                     "write several targets as a list: target: [7, seven]");
    }
    return target != nullptr ? target : targets;
  }

  [[nodiscard]] Scope scope() const {
    return {context_, fields_.vars, defaults_.fields.vars, case_.span};
  }

  void read_messages(const doc::Node* prompt, const doc::Node* messages) {
    if (prompt != nullptr && messages != nullptr) {
      context_.error(node_.find_member("messages")->key_span,
                     "prompt-and-messages",
                     "a case has 'prompt' or 'messages', not both");
      return;
    }
    if (messages != nullptr) {
      read_message_list(*messages);
    } else if (prompt != nullptr) {
      if (doc::as_string(context_, *prompt, "prompt")) {
        add_message(Role::user, {*prompt, context_.source, "the prompt"});
      }
    } else if (defaults_.prompt != nullptr) {
      add_message(Role::user, {*defaults_.prompt, defaults_.source, "the prompt", true});
    } else if (!unknown_keys_) {
      // An unknown key is most likely the prompt under a wrong name.
      context_.error(case_.span,
                     "missing-prompt",
                     "a case needs 'prompt' or 'messages'",
                     {},
                     "or give all cases one prompt with variables under 'defaults'");
    }
    put_system_in_front();
  }

  void put_system_in_front() {
    const bool has_own = std::ranges::any_of(case_.messages, [](const Message& message) {
      return message.role == Role::system || message.role == Role::developer;
    });
    const bool from_case = fields_.system != nullptr;
    const doc::Node* system = from_case ? fields_.system : defaults_.fields.system;
    // An empty text switches the system message of the defaults off.
    if (system == nullptr || has_own || system->text.empty()) {
      return;
    }
    const Template text{
        *system, from_case ? context_.source : defaults_.source, "the system message", !from_case};
    if (auto filled = fill_in(scope(), text)) {
      case_.messages.insert(case_.messages.begin(), Message{Role::system, *std::move(filled)});
    }
  }

  void read_message_list(const doc::Node& list) {
    if (!list.is_sequence() || list.items.empty()) {
      context_.error(list.span,
                     "wrong-type",
                     fmt::format("'messages' must be a list of {{role, content}}, found {}",
                                 list.is_sequence() ? "an empty one" : doc::describe(list)));
      return;
    }
    for (const auto& item : list.items) {
      read_message(item);
    }
  }

  void read_message(const doc::Node& node) {
    doc::MappingReader reader(context_, node, "a message");
    const doc::Node* role = reader.require("role");
    const doc::Node* content = reader.require("content");
    reader.finish();
    constexpr std::array kRoles{
        Role::system, Role::developer, Role::user, Role::assistant, Role::tool};
    std::vector<std::string_view> names;
    for (const auto known : kRoles) {
      names.push_back(chat::to_string(known));
    }
    const auto choice = role != nullptr ? as_choice(context_, *role, "role", names) : std::nullopt;
    if (content != nullptr && doc::as_string(context_, *content, "content")) {
      add_message(choice ? kRoles[*choice] : Role::user,
                  {*content, context_.source, "the message"});
    }
  }

  void add_message(Role role, const Template& text) {
    if (auto filled = fill_in(scope(), text)) {
      case_.messages.push_back({role, *std::move(filled)});
    }
  }

  // One label for every judge, or a mapping by scorer.
  void read_human(const doc::Node& node) {
    if (!node.is_mapping()) {
      if (auto label = doc::as_string(context_, node, "human")) {
        case_.human.push_back({.scorer = {}, .label = *std::move(label)});
      }
      return;
    }
    for (const auto& member : node.members) {
      if (auto label = doc::as_string(context_, member.value, member.key)) {
        case_.human.push_back({.scorer = member.key, .label = *std::move(label)});
      }
    }
  }

  void read_targets(const doc::Node& node) {
    if (!node.is_sequence()) {
      add_target(node);
      return;
    }
    if (node.items.empty()) {
      context_.error(node.span,
                     "wrong-value",
                     "'target' must not be an empty list",
                     {},
                     "leave the key out when there is no target");
    }
    for (const auto& item : node.items) {
      add_target(item);
    }
  }

  void add_target(const doc::Node& node) {
    if (!node.is_scalar()) {
      if (const auto filled = fill_in_all(node)) {
        case_.targets.push_back(doc::to_json(*filled));
      }
      return;
    }
    if (!doc::as_string(context_, node, "target")) {
      return;
    }
    if (auto filled = fill_in(scope(), {node, context_.source, "the target"})) {
      case_.targets.push_back(*std::move(filled));
    }
  }

  // A structured target with its texts filled in.
  std::optional<doc::Node> fill_in_all(const doc::Node& node) {
    doc::Node result = node;
    if (node.is_scalar()) {
      auto filled = fill_in(scope(), {node, context_.source, "the target"});
      result.text = std::move(filled).value_or("");
      return filled ? std::optional(std::move(result)) : std::nullopt;
    }
    for (auto& item : result.items) {
      auto filled = fill_in_all(item);
      if (!filled) {
        return std::nullopt;
      }
      item = *std::move(filled);
    }
    for (auto& member : result.members) {
      auto filled = fill_in_all(member.value);
      if (!filled) {
        return std::nullopt;
      }
      member.value = *std::move(filled);
    }
    return result;
  }

  // What the case leaves open comes from the defaults.
  void settle() {
    const Fields& base = defaults_.fields;
    case_.params = chat::merge(base.params, fields_.params);
    case_.scorers = fields_.scorers ? *std::move(fields_.scorers)
                                    : base.scorers.value_or(std::vector<ScorerSpecPtr>());
    case_.tags = base.tags;
    for (auto& tag : fields_.tags) {
      if (std::ranges::find(case_.tags, tag) == case_.tags.end()) {
        case_.tags.push_back(std::move(tag));
      }
    }
    case_.repeat = fields_.repeat.value_or(base.repeat.value_or(1));
    case_.local_only = fields_.local_only.value_or(base.local_only.value_or(false));
    case_.on_truncated =
        fields_.on_truncated.value_or(base.on_truncated.value_or(OnTruncated::zero));
    case_.combine = fields_.combine ? fields_.combine : base.combine;
    case_.threshold = fields_.threshold ? fields_.threshold : base.threshold;
    case_.digest = prompt_digest(case_.messages, case_.params);
  }

  const doc::Context& context_;
  const doc::Node& node_;
  const Defaults& defaults_;
  doc::MappingReader reader_;
  Fields fields_;
  Case case_;
  bool unknown_keys_ = false;
};

}  // namespace

std::optional<Case> decode_case(const doc::Context& context,
                                const doc::Node& node,
                                const Defaults& defaults,
                                std::string fallback_id) {
  return CaseDecoder(context, node, defaults).decode(std::move(fallback_id));
}

}  // namespace faceoff::suite
