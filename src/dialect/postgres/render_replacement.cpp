// Types that are replaced under columns that use them, and renamed objects.
#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "dialect/postgres/object_name.h"
#include "dialect/postgres/render_attributes.h"
#include "dialect/postgres/render_definition.h"
#include "dialect/postgres/render_parts.h"
#include "dialect/postgres/sql_text.h"

namespace limbeck::postgres {
namespace {

constexpr std::size_t longest_name = 63;

// Cut where a character of UTF-8 ends.
std::string cut(std::string name, std::size_t length) {
  if (name.size() <= length) return name;
  const auto is_inside = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  while (length > 0 && is_inside(name[length])) --length;
  return name.substr(0, length);
}

bool names_a_type(const Schema& schema, const std::string& schema_name, const std::string& name) {
  constexpr std::array kinds{Kind::enumeration, Kind::composite, Kind::domain,
                             Kind::range,       Kind::table,     Kind::view,
                             Kind::sequence,    Kind::index,     Kind::materialized_view};
  return std::any_of(kinds.begin(), kinds.end(), [&](Kind kind) {
    return schema.find({kind, schema_name, name, ""}) != nullptr;
  });
}

std::string name_aside(const Script& script, const ObjectId& id) {
  for (int number = 1;; ++number) {
    const std::string end = number == 1 ? "_old" : "_old" + std::to_string(number);
    std::string name = cut(id.name, longest_name - end.size()) + end;
    if (!names_a_type(script.from, id.schema, name) && !names_a_type(script.to, id.schema, name))
      return name;
  }
}

// A range comes with functions that make its values, which keep their names when it is renamed.
void set_range_aside(Script& script, const Object& old, const std::string& aside) {
  const auto& range = as<Range>(old);
  const Object* now = script.to.find(old.id);
  if (now != nullptr && as<Range>(*now).subtype == range.subtype)
    for (const char* more : {"", ", text"})
      script.add("ALTER FUNCTION " + name_of(old) + "(" + range.subtype + ", " + range.subtype +
                 more + ") RENAME TO " + name_sql(aside));
  if (range.multirange.empty()) return;
  const std::string multirange = qualified_sql(old.id.schema, range.multirange);
  const ObjectId id{Kind::range, old.id.schema, range.multirange, ""};
  const std::string multirange_aside = name_sql(name_aside(script, id));
  script.add("ALTER TYPE " + multirange + " RENAME TO " + multirange_aside);
  if (now != nullptr && as<Range>(*now).multirange == range.multirange)
    script.add("ALTER FUNCTION " + multirange + "() RENAME TO " + multirange_aside);
}

Object set_aside(Script& script, const Object& old) {
  Object aside = old;
  aside.id.name = name_aside(script, old.id);
  script.add("ALTER " + address_of(old) + " RENAME TO " + name_sql(aside.id.name));
  if (old.id.kind == Kind::range) set_range_aside(script, old, aside.id.name);
  return aside;
}

const Composite* composite_named(const ReplaceTypes& replacement, const std::string& type,
                                 bool old) {
  for (const TypePair& pair : replacement.types) {
    const Object& object = old ? pair.from : pair.to;
    if (object.id.kind == Kind::composite && name_of(object) == type) return &as<Composite>(object);
  }
  return nullptr;
}

bool is_array(const std::string& type) {
  return type.size() > 2 && type.compare(type.size() - 2, 2, "[]") == 0;
}

// A row is taken apart by the names of its attributes, because their order may have changed; any
// other value goes through its text.
std::string recast(const ReplaceTypes& replacement, const std::string& value,
                   const std::string& from, const std::string& to) {
  const Composite* old_row = composite_named(replacement, from, true);
  const Composite* new_row = composite_named(replacement, to, false);
  if (old_row == nullptr || new_row == nullptr)
    return value + (is_array(from) && is_array(to) ? "::text[]::" : "::text::") + to;
  std::vector<std::string> items;
  for (const Attribute& attribute : new_row->attributes) {
    const auto old =
        std::find_if(old_row->attributes.begin(), old_row->attributes.end(),
                     [&](const Attribute& candidate) { return candidate.name == attribute.name; });
    items.push_back(old == old_row->attributes.end()
                        ? "NULL::" + attribute.type
                        : "(" + value + ")." + name_sql(attribute.name) +
                              "::text::" + attribute.type);
  }
  return "CASE WHEN " + value + " IS DISTINCT FROM NULL THEN ROW(" + joined(items) + ")::" + to +
         " END";
}

void recast_columns(Script& script, const ReplaceTypes& replacement) {
  std::map<std::string, std::vector<std::string>> actions;  // of each table
  std::vector<const Object*> columns;
  for (const RecastColumn& column : replacement.columns) {
    const auto& to = as<Column>(column.to);
    // The parent's statement changes its children.
    if (to.inherited && as<Column>(column.from).inherited) continue;
    const std::string name = name_of(column.to);
    std::string action = "ALTER COLUMN " + name + " TYPE " + to.type;
    if (!to.collation.empty()) action += " COLLATE " + to.collation;
    const Table* table = Script::table_of(script.to, column.to.id);
    if (table == nullptr || !table->foreign)
      action += " USING " + recast(replacement, name, as<Column>(column.from).type, to.type);
    actions[container_of(column.to.id)].push_back(action);
    columns.push_back(&column.to);
  }
  for (const auto& [table, changes] : actions)
    script.add("ALTER TABLE " + table + "\n    " + joined(changes, ",\n    "));
  for (const Object* column : columns)
    if (!as<Column>(*column).storage.empty())
      script.add(alter_column_sql(script, column->id) + " SET STORAGE " +
                 as<Column>(*column).storage);
}

void create_type(Script& script, const Object& object, const std::vector<Object>& constraints) {
  if (object.id.kind == Kind::enumeration)
    create_definition(script, object, as<Enumeration>(object));
  else if (object.id.kind == Kind::composite)
    create_definition(script, object, as<Composite>(object));
  else if (object.id.kind == Kind::domain) {
    Create create{object, {}};
    for (const Object& constraint : constraints)
      if (constraint.id.schema == object.id.schema && constraint.id.name == object.id.name)
        create.parts.push_back(constraint);
    create_definition(script, create, as<Domain>(object));
  } else
    create_definition(script, object, as<Range>(object));
  set_attributes(script, object);
}

// An enum whose labels alone have other names.
void rename_labels(Script& script, const Object& from, const Object& to) {
  const auto& before = as<Enumeration>(from).labels;
  const auto& after = as<Enumeration>(to).labels;
  for (std::size_t i = 0; i < before.size() && i < after.size(); ++i) {
    if (before[i] == after[i]) continue;
    script.add("ALTER TYPE " + name_of(to) + " RENAME VALUE " + literal_sql(before[i]) + " TO " +
               literal_sql(after[i]));
  }
}

}  // namespace

void replace_types(Script& script, const ReplaceTypes& replacement) {
  std::vector<Object> aside;
  for (const TypePair& pair : replacement.types) aside.push_back(set_aside(script, pair.from));
  for (const TypePair& pair : replacement.types)
    create_type(script, pair.to, replacement.new_constraints);
  recast_columns(script, replacement);
  std::reverse(aside.begin(), aside.end());
  for (const Object& old : aside) script.add("DROP " + address_of(old));
}

void rename(Script& script, const Rename& operation) {
  const Object& from = operation.from;
  const Object& to = operation.to;
  const auto say = [&](const std::string& what) { script.add("ALTER " + what); };
  if (from.id == to.id) {
    rename_labels(script, from, to);
  } else if (from.id.kind == Kind::column) {
    say("TABLE " + container_of(from.id) + " RENAME COLUMN " + name_of(from) + " TO " +
        name_of(to));
  } else if (from.id.kind == Kind::constraint) {
    say("TABLE " + container_of(from.id) + " RENAME CONSTRAINT " + name_of(from) + " TO " +
        name_of(to));
  } else if (from.id.kind == Kind::domain_constraint) {
    say("DOMAIN " + container_of(from.id) + " RENAME CONSTRAINT " + name_of(from) + " TO " +
        name_of(to));
  } else if (is_part(from.id.kind)) {
    say(address_of(from) + " RENAME TO " + name_of(to));
  } else {
    Object moved = from;
    if (from.id.name != to.id.name) {
      say(address_of(from) + " RENAME TO " + name_sql(to.id.name));
      moved.id.name = to.id.name;
    }
    if (from.id.schema != to.id.schema)
      say(address_of(moved) + " SET SCHEMA " + name_sql(to.id.schema));
  }
}

}  // namespace limbeck::postgres
