#include "source/filter.h"

#include <algorithm>

namespace limbeck {
namespace {

// "kind:pattern" or a pattern; kinds are written with or without blanks: "materialized view".
struct ObjectPattern {
  std::string_view kind = {};
  std::string_view name = {};
};

ObjectPattern parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !kind_named(text.substr(0, colon))) return {{}, text};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

bool fits(const ObjectId& id, std::string_view text) {
  const ObjectPattern pattern = parse(text);
  if (!pattern.kind.empty() && pattern.kind != to_string(id.kind)) return false;
  const std::string qualified = id.schema.empty() ? id.name : id.schema + "." + id.name;
  if (matches(id.name, pattern.name) || matches(qualified, pattern.name)) return true;
  return is_part(id.kind) && matches(qualified + "." + id.part, pattern.name);
}

bool any_fits(const ObjectId& id, const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return fits(id, pattern); });
}

// The schema that an object stands in, or is.
const std::string& schema_of(const ObjectId& id) {
  return id.kind == Kind::schema ? id.name : id.schema;
}

bool passes(const ObjectId& id, const Filter& filter) {
  if (!filter.schemas.empty()) {
    const std::string& name = schema_of(id);
    if (name.empty() || std::none_of(filter.schemas.begin(), filter.schemas.end(),
                                     [&](const std::string& it) { return matches(name, it); }))
      return false;
  }
  if (any_fits(id, filter.exclude)) return false;
  return filter.include.empty() || any_fits(id, filter.include);
}

// An index belongs to its table, though its id does not say so.
const RelationName* table_of(const Object& object) {
  if (const auto* index = std::get_if<Index>(&object.definition)) return &index->table;
  if (const auto* statistics = std::get_if<Statistics>(&object.definition))
    return &statistics->table;
  return nullptr;
}

bool passes(const Object& object, const Filter& filter) {
  if (passes(object.id, filter)) {
    const RelationName* table = table_of(object);
    return table == nullptr ||
           !any_fits({Kind::table, table->schema, table->name, {}}, filter.exclude);
  }
  if (const RelationName* table = table_of(object))
    return !any_fits(object.id, filter.exclude) &&
           passes(ObjectId{Kind::table, table->schema, table->name, {}}, filter);
  return false;
}

}  // namespace

// Goes back to the last star alone, so that no pattern takes more than the product of both lengths.
bool matches(std::string_view text, std::string_view pattern) {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resumed = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resumed = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resumed;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

Schema filtered(Schema schema, const Filter& filter) {
  if (filter.empty()) return schema;
  std::erase_if(schema.objects, [&](const auto& entry) { return !passes(entry.second, filter); });
  std::erase_if(schema.dependencies, [&](const Dependency& edge) {
    return schema.find(edge.dependent) == nullptr || schema.find(edge.on) == nullptr;
  });
  return schema;
}

}  // namespace limbeck
