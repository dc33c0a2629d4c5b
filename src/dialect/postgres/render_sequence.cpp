// Sequences, and the sequences of identity columns.
#include <limits>
#include <string>

#include "dialect/postgres/object_name.h"
#include "dialect/postgres/render_attributes.h"
#include "dialect/postgres/render_definition.h"
#include "dialect/postgres/render_parts.h"
#include "dialect/postgres/sql_text.h"

namespace limbeck::postgres {
namespace {

template <class T>
void limit(SequenceOptions& options) {
  if (options.increment > 0)
    options.maximum = std::numeric_limits<T>::max();
  else
    options.minimum = std::numeric_limits<T>::min();
}

// What a sequence is when only its type and its direction are stated.
SequenceOptions usual(const SequenceOptions& stated) {
  SequenceOptions options{.type = stated.type, .increment = stated.increment};
  if (stated.increment < 0) options.maximum = -1;
  if (stated.type == "smallint")
    limit<std::int16_t>(options);
  else if (stated.type == "integer")
    limit<std::int32_t>(options);
  else
    limit<std::int64_t>(options);
  // The first value is the limit that it starts from.
  options.start = stated.increment > 0 ? stated.minimum : stated.maximum;
  return options;
}

std::vector<std::string> differences(const SequenceOptions& from, const SequenceOptions& to) {
  std::vector<std::string> items;
  const auto number = [&](const char* words, std::int64_t old, std::int64_t value) {
    if (old != value) items.push_back(words + std::to_string(value));
  };
  number("START WITH ", from.start, to.start);
  number("INCREMENT BY ", from.increment, to.increment);
  number("MINVALUE ", from.minimum, to.minimum);
  number("MAXVALUE ", from.maximum, to.maximum);
  number("CACHE ", from.cache, to.cache);
  if (from.cycle != to.cycle) items.emplace_back(to.cycle ? "CYCLE" : "NO CYCLE");
  return items;
}

std::string owner_column(const std::optional<ObjectId>& column) {
  return column ? container_of(*column) + "." + name_sql(column->part) : "NONE";
}

}  // namespace

std::vector<std::string> sequence_options(const SequenceOptions& options) {
  SequenceOptions without_increment = usual(options);
  without_increment.increment = 1;
  return differences(without_increment, options);
}

std::vector<std::string> sequence_changes(const SequenceOptions& from, const SequenceOptions& to) {
  return differences(from, to);
}

std::string sequence_name_of(const ObjectId& column) {
  constexpr std::size_t longest_name = 63;
  const std::string name = column.name + "_" + column.part + "_seq";
  return name.size() <= longest_name ? name : "";
}

bool apart(const SequenceOptions& from, const SequenceOptions& to) {
  return to.minimum > from.maximum || to.maximum < from.minimum;
}

void move_into_limits(Script& script, const RelationName& sequence, const SequenceOptions& from,
                      const SequenceOptions& to) {
  const auto move = [&](std::int64_t value, const char* comparison) {
    if (value < from.minimum || value > from.maximum) return;
    const std::string name = qualified_sql(sequence);
    script.add("SELECT pg_catalog.setval(" + literal_sql(name) + ", " + std::to_string(value) +
               ", false) FROM " + name + " WHERE last_value " + comparison + " " +
               std::to_string(value));
  };
  if (to.minimum > from.minimum) move(to.minimum, "<");
  if (to.maximum < from.maximum) move(to.maximum, ">");
}

void create_definition(Script& script, const Object& object, const Sequence& sequence) {
  std::string sql = sequence.persistence == Persistence::unlogged ? "CREATE UNLOGGED SEQUENCE "
                                                                  : "CREATE SEQUENCE ";
  sql += name_of(object);
  if (sequence.options.type != "bigint") sql += " AS " + sequence.options.type;
  for (const std::string& option : sequence_options(sequence.options)) sql += " " + option;
  script.add(sql);
  if (!sequence.owned_by) return;
  set_owner(script, object);
  script.add("ALTER SEQUENCE " + name_of(object) + " OWNED BY " + owner_column(sequence.owned_by));
}

void alter_definition(Script& script, const Object& object, const Sequence& from,
                      const Sequence& to) {
  const std::string start = "ALTER SEQUENCE " + name_of(object);
  std::vector<std::string> changes = sequence_changes(from.options, to.options);
  if (from.options.type != to.options.type)
    changes.insert(changes.begin(), "AS " + to.options.type);
  if (!changes.empty()) {
    if (apart(from.options, to.options))
      changes.push_back("RESTART WITH " + std::to_string(to.options.start));
    else
      move_into_limits(script, {object.id.schema, object.id.name}, from.options, to.options);
    script.add(start + " " + joined(changes, " "));
  }
  if (from.persistence != to.persistence)
    script.add(start + (to.persistence == Persistence::unlogged ? " SET UNLOGGED" : " SET LOGGED"));
  if (from.owned_by != to.owned_by) script.add(start + " OWNED BY " + owner_column(to.owned_by));
}

}  // namespace limbeck::postgres
