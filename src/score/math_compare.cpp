#include "math_text.h"
#include "python_text.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace faceoff::score {
namespace {

// Sets are compared part against part: more than these are compared as texts.
constexpr std::size_t kMostMembers = 64;

// Parts at commas outside of brackets.
std::vector<std::string> cut(std::string_view list) {
  std::vector<std::string> out(1);
  int depth = 0;
  for (const char c : list) {
    depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
    if (c == ',' && depth == 0) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

// (a, b), [a, b), {a, b} or a, b.
struct List {
  char open = ' ';  // ' ': no brackets, or those of a set: the order says nothing
  char close = ' ';
  std::vector<std::string> members;
};

List list_of(std::string_view text) {
  const std::string bare(strip(replaced(replaced(text, "\\{", "{"), "\\}", "}")));
  List list{.open = ' ', .close = ' ', .members = cut(bare)};
  const bool enclosed = bare.size() > 1 &&
                        std::string_view("([{").find(bare.front()) != std::string_view::npos &&
                        std::string_view(")]}").find(bare.back()) != std::string_view::npos;
  if (list.members.size() == 1 && enclosed) {
    auto inner = cut(std::string_view(bare).substr(1, bare.size() - 2));
    if (inner.size() > 1) {
      list.members = std::move(inner);
      list.open = bare.front() == '{' ? ' ' : bare.front();
      list.close = bare.back() == '}' ? ' ' : bare.back();
    }
  }
  return list;
}

// "x = 5" as a member of a list is 5.
std::string_view bare_member(std::string_view member) {
  const auto equals = member.find('=');
  const bool name = equals != std::string_view::npos && equals <= 8 &&
                    member.substr(0, equals).find_first_of("+-*/^<>") == std::string_view::npos;
  return strip(name ? member.substr(equals + 1) : member);
}

bool equal_part(std::string_view a, std::string_view b) {
  const auto left = math_value(a);
  const auto right = math_value(b);
  if (left && right) {
    return equal(*left, *right);
  }
  return math_string_equal(strip(a), strip(b)) || same_expression(a, b);
}

bool same_members(const List& a, const List& b) {
  const auto same = [](const std::string& x, const std::string& y) {
    const std::string left(bare_member(x));
    const std::string right(bare_member(y));
    const List inner_left = list_of(left);
    const List inner_right = list_of(right);
    // One level of tuples inside a set.
    return equal_part(left, right) ||
           (inner_left.members.size() > 1 &&
            inner_left.members.size() == inner_right.members.size() &&
            inner_left.open == inner_right.open && inner_left.close == inner_right.close &&
            std::ranges::equal(inner_left.members, inner_right.members, equal_part));
  };
  if (a.open != ' ' || b.open != ' ') {
    return a.open == b.open && a.close == b.close && std::ranges::equal(a.members, b.members, same);
  }
  std::vector<std::string> left = b.members;
  return std::ranges::all_of(a.members, [&](const std::string& member) {
    const auto found =
        std::ranges::find_if(left, [&](const std::string& other) { return same(member, other); });
    if (found == left.end()) {
      return false;
    }
    left.erase(found);
    return true;
  });
}

std::vector<std::string> distinct(std::vector<std::string> members) {
  for (std::string& member : members) {
    member = std::string(bare_member(member));
  }
  std::vector<std::string> out;
  for (std::string& member : members) {
    if (std::ranges::find(out, member) == out.end()) {
      out.push_back(std::move(member));
    }
  }
  return out;
}

bool equal_lists(const std::string& a, const std::string& b) {
  List left = list_of(a);
  List right = list_of(b);
  if (std::max(left.members.size(), right.members.size()) > kMostMembers) {
    return false;
  }
  if (left.open == ' ' && right.open == ' ') {
    left.members = distinct(std::move(left.members));
    right.members = distinct(std::move(right.members));
  }
  return left.members.size() > 1 && left.members.size() == right.members.size() &&
         same_members(left, right);
}

// a < b, or a < b < c; every sign turned to the left.
struct Relation {
  std::vector<std::string> sides;
  std::vector<bool> strict;
};

std::optional<Relation> relation_of(const std::string& text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kSigns{
      {{"\\leqslant", "\x01"},
       {"\\geqslant", "\x02"},
       {"\\leq", "\x01"},
       {"\\geq", "\x02"},
       {"\\le", "\x01"},
       {"\\ge", "\x02"},
       {"<=", "\x01"},
       {">=", "\x02"},
       {"\xE2\x89\xA4", "\x01"},
       {"\xE2\x89\xA5", "\x02"},
       {"\\lt", "<"},
       {"\\gt", ">"}}};
  std::string marked = replaced(text, "\\\\", "\\");
  for (const auto& [sign, mark] : kSigns) {
    marked = replaced(marked, sign, mark);
  }
  Relation found{.sides = {""}, .strict = {}};
  std::optional<bool> less;
  for (const char c : marked) {
    const bool sign = c == '<' || c == '>' || c == '\x01' || c == '\x02';
    if (!sign) {
      found.sides.back() += c;
      continue;
    }
    const bool to_left = c == '<' || c == '\x01';
    if (less.value_or(to_left) != to_left) {
      return std::nullopt;
    }
    less = to_left;
    found.strict.push_back(c == '<' || c == '>');
    found.sides.emplace_back();
  }
  if (!less || found.sides.size() > 3) {
    return std::nullopt;
  }
  if (!*less) {
    std::ranges::reverse(found.sides);
    std::vector<bool> turned(found.strict.rbegin(), found.strict.rend());
    found.strict = std::move(turned);
  }
  return found;
}

// -2 < x <= 7 as (-2,7].
std::string as_interval(const Relation& relation) {
  return (relation.strict[0] ? "(" : "[") + relation.sides[0] + "," + relation.sides[2] +
         (relation.strict[1] ? ")" : "]");
}

bool equal_relations(const std::string& a, const std::string& b) {
  const auto left = relation_of(a);
  const auto right = relation_of(b);
  if (left && right) {
    return left->strict == right->strict &&
           std::ranges::equal(left->sides, right->sides, equal_part);
  }
  if (left && left->sides.size() == 3) {
    return equal_lists(as_interval(*left), b);
  }
  return right && right->sides.size() == 3 && equal_lists(a, as_interval(*right));
}

// Between tuples "or" is a comma.
std::string without_or(std::string_view text) {
  return replaced(replaced(replaced(text, ")or(", "),("), ") or (", "),("), ") and (", "),(");
}

}  // namespace

bool math_equal(const std::string& a, const std::string& b) {
  return equal_part(a, b) || equal_relations(a, b) || equal_lists(without_or(a), without_or(b));
}

}  // namespace faceoff::score
