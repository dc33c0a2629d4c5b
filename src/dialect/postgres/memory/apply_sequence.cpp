// Sequences, free ones and those of identity columns.
#include <fmt/format.h>
#include <limits>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

std::int64_t lowest(const std::string& type) {
  if (type == "smallint") return std::numeric_limits<std::int16_t>::min();
  if (type == "integer") return std::numeric_limits<std::int32_t>::min();
  return std::numeric_limits<std::int64_t>::min();
}

std::int64_t highest(const std::string& type) {
  if (type == "smallint") return std::numeric_limits<std::int16_t>::max();
  if (type == "integer") return std::numeric_limits<std::int32_t>::max();
  return std::numeric_limits<std::int64_t>::max();
}

std::int64_t number_of(const Catalog& catalog, const PgQuery__DefElem& option) {
  const std::string digits = option_text(option);
  try {
    return std::stoll(digits);
  } catch (const std::exception&) {
    catalog.fail(fmt::format("{} of a sequence is no number: {}", text(option.defname), digits));
  }
}

void own(Catalog& catalog, const ObjectId& sequence, Nodes owner) {
  Object& object = *catalog.find(sequence);
  auto& owned_by = as<Sequence>(object).owned_by;
  if (owned_by) catalog.undepend(sequence, *owned_by);
  owned_by.reset();
  if (owner.size() < 2) return;  // NONE
  const Name table = name_of(Nodes{owner.first, owner.count - 1});
  const Object& found = catalog.need({Kind::table}, "relation", table);
  ObjectId column{Kind::column, found.id.schema, found.id.name, text(owner[owner.size() - 1])};
  if (catalog.find(column) == nullptr)
    catalog.fail(fmt::format("there is no column {} in {}", column.part, table.name));
  owned_by = column;
  catalog.depend(sequence, column);
}

}  // namespace

SequenceOptions sequence_of_type(std::string_view type) {
  SequenceOptions options;
  options.type = format(built_in(type));
  options.maximum = highest(options.type);
  return options;
}

SequenceChange sequence_options(Catalog& catalog, Nodes options, SequenceOptions from, bool fresh) {
  SequenceChange change{.options = std::move(from)};
  SequenceOptions& now = change.options;
  bool minimum = false;
  bool maximum = false;
  bool start = false;
  const std::string old_type = now.type;
  for (const Node* node : options) {
    const PgQuery__DefElem& option = *node->def_elem;
    const std::string name = text(option.defname);
    if (name == "as" && option.arg != nullptr &&
        option.arg->node_case == PG_QUERY__NODE__NODE_TYPE_NAME) {
      now.type = format(resolve(catalog, *option.arg->type_name));
      // Bounds that were those of the old type become those of the new one.
      if (now.type != old_type) {
        if (now.maximum == highest(old_type)) now.maximum = highest(now.type);
        if (now.minimum == lowest(old_type)) now.minimum = lowest(now.type);
      }
    } else if (name == "increment") {
      now.increment = number_of(catalog, option);
    } else if (name == "minvalue") {
      minimum = option.arg != nullptr;
      if (minimum)
        now.minimum = number_of(catalog, option);
      else
        now.minimum = now.increment < 0 ? lowest(now.type) : 1;
    } else if (name == "maxvalue") {
      maximum = option.arg != nullptr;
      if (maximum)
        now.maximum = number_of(catalog, option);
      else
        now.maximum = now.increment < 0 ? -1 : highest(now.type);
    } else if (name == "start") {
      now.start = number_of(catalog, option);
      start = true;
    } else if (name == "cache") {
      now.cache = number_of(catalog, option);
    } else if (name == "cycle") {
      now.cycle = option_text(option) != "false";
    } else if (name == "owned_by") {
      change.owned_by = items(option.arg);
    } else if (name == "sequence_name") {
      change.name = name_of(option.arg).name;
    }
  }
  if (fresh && now.increment < 0) {
    if (!maximum) now.maximum = -1;
    if (!minimum) now.minimum = lowest(now.type);
  }
  if (fresh && !start) now.start = now.increment < 0 ? now.maximum : now.minimum;
  return change;
}

void create_sequence(Catalog& catalog, const PgQuery__CreateSeqStmt& statement) {
  if (text(statement.sequence->relpersistence) == "t") return;
  const Name written = name_of(*statement.sequence);
  const ObjectId id{Kind::sequence, catalog.creation_schema(written.schema), written.name, ""};
  if (catalog.has_relation(id.schema, id.name)) {
    if (statement.if_not_exists != 0) return;
    catalog.fail(fmt::format("relation {}.{} already exists", id.schema, id.name));
  }
  SequenceChange change =
      sequence_options(catalog, {statement.options, statement.n_options}, SequenceOptions{}, true);
  Sequence sequence{.options = std::move(change.options)};
  if (text(statement.sequence->relpersistence) == "u") sequence.persistence = Persistence::unlogged;
  catalog.add(id, std::move(sequence));
  if (change.owned_by) own(catalog, id, *change.owned_by);
}

void alter_sequence(Catalog& catalog, const PgQuery__AlterSeqStmt& statement) {
  const Name name = name_of(*statement.sequence);
  const Nodes options{statement.options, statement.n_options};
  if (Object* found = catalog.search({Kind::sequence}, name)) {
    const ObjectId id = found->id;
    SequenceChange change = sequence_options(catalog, options, as<Sequence>(*found).options, false);
    as<Sequence>(*catalog.find(id)).options = std::move(change.options);
    if (change.owned_by) own(catalog, id, *change.owned_by);
    return;
  }
  // The sequence of an identity column.
  if (const auto holder = find_folded(catalog, name); holder && holder->kind == Kind::column) {
    SequenceOptions& now = as<Column>(*catalog.find(*holder)).identity->options;
    now = sequence_options(catalog, options, now, false).options;
    return;
  }
  if (statement.missing_ok == 0) catalog.fail_missing("sequence", name);
}

}  // namespace limbeck::postgres::memory
