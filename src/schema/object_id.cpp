#include "schema/object_id.h"

#include <algorithm>
#include <array>
#include <functional>

namespace limbeck {
namespace {

struct KindFacts {
  std::string_view name;
  bool part;  // stands inside a table, view or domain
};

// In the order of Kind.
constexpr std::array<KindFacts, static_cast<std::size_t>(Kind::opaque) + 1> kinds{{
    {"schema", false},
    {"extension", false},
    {"collation", false},
    {"enum", false},
    {"composite type", false},
    {"domain", false},
    {"range type", false},
    {"sequence", false},
    {"table", false},
    {"column", true},
    {"default", true},
    {"constraint", true},
    {"domain constraint", true},
    {"index", false},
    {"view", false},
    {"materialized view", false},
    {"routine", false},
    {"aggregate", false},
    {"trigger", true},
    {"event trigger", false},
    {"rule", true},
    {"policy", true},
    {"statistics", false},
    {"foreign-data wrapper", false},
    {"server", false},
    {"user mapping", false},
    {"publication", false},
    {"subscription", false},
    {"default privileges", false},
    {"object", false},
}};

}  // namespace

std::string_view to_string(Kind kind) {
  return kinds[static_cast<std::size_t>(kind)].name;
}

std::optional<Kind> kind_named(std::string_view name) {
  const auto* found = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const KindFacts& facts) { return facts.name == name; });
  if (found == kinds.end()) return std::nullopt;
  return static_cast<Kind>(found - kinds.begin());
}

std::size_t ObjectIdHash::operator()(const ObjectId& id) const {
  constexpr std::size_t factor = 0x9E3779B97F4A7C15U;
  auto mixed = static_cast<std::size_t>(id.kind);
  for (const std::string* text : {&id.schema, &id.name, &id.part})
    mixed = (mixed ^ std::hash<std::string>{}(*text)) * factor;
  return mixed;
}

bool is_part(Kind kind) {
  return kinds[static_cast<std::size_t>(kind)].part;
}

std::string to_string(const ObjectId& id) {
  const bool opaque = id.kind == Kind::opaque;
  std::string text(opaque ? std::string_view(id.part) : to_string(id.kind));
  text += ' ';
  if (!id.schema.empty()) text += id.schema + '.';
  text += id.name;
  if (id.kind == Kind::routine || id.kind == Kind::aggregate)
    text += '(' + id.part + ')';
  else if (is_part(id.kind))
    text += '.' + id.part;
  return text;
}

}  // namespace limbeck
