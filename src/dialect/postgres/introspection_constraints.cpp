// Constraints of tables and domains.
#include <fmt/format.h>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

constexpr std::array<LetterName, 5> referential_actions{{{'a', "NO ACTION"},
                                                         {'r', "RESTRICT"},
                                                         {'c', "CASCADE"},
                                                         {'n', "SET NULL"},
                                                         {'d', "SET DEFAULT"}}};
constexpr std::array<LetterName, 3> matches{{{'s', "SIMPLE"}, {'f', "FULL"}, {'p', "PARTIAL"}}};

ConstraintType type_of(char letter) {
  switch (letter) {
    case 'p':
      return ConstraintType::primary_key;
    case 'u':
      return ConstraintType::unique;
    case 'f':
      return ConstraintType::foreign_key;
    case 'x':
      return ConstraintType::exclusion;
    default:
      return ConstraintType::check;
  }
}

// What stands between EXCLUDE and what other fields say.
std::string exclusion_of(std::string definition, const Constraint& constraint) {
  constexpr std::string_view start = "EXCLUDE ";
  if (definition.compare(0, start.size(), start) == 0) definition.erase(0, start.size());
  const auto drop_end = [&](std::string_view end) {
    if (definition.size() > end.size() &&
        definition.compare(definition.size() - end.size(), end.size(), end) == 0)
      definition.erase(definition.size() - end.size());
  };
  if (constraint.initially_deferred) drop_end(" INITIALLY DEFERRED");
  if (constraint.deferrable) drop_end(" DEFERRABLE");
  return definition;
}

void read_constraint(CatalogReader& reader, Fields& row, const Address& address, ObjectId id,
                     ConstraintType type, CatalogOid table) {
  Constraint constraint;
  constraint.type = type;
  constraint.validated = row.flag();
  constraint.deferrable = row.flag();
  constraint.initially_deferred = row.flag();
  // Of any other type it says nothing: a key is never inherited.
  constraint.no_inherit = row.flag() && type == ConstraintType::check;
  constraint.inherited = row.flag();
  constraint.local = row.flag();
  constraint.columns = reader.column_names(table, row.numbers());
  std::string text = row.text();
  const CatalogOid referenced = row.oid();
  if (type == ConstraintType::foreign_key) {
    constraint.foreign_key =
        ForeignKey{.table = reader.relation_name(referenced),
                   .columns = reader.column_names(referenced, row.numbers()),
                   .on_update = name_of_letter(referential_actions, row.letter()),
                   .on_delete = name_of_letter(referential_actions, row.letter()),
                   .on_delete_columns = {},
                   .match = name_of_letter(matches, row.letter())};
    constraint.foreign_key->on_delete_columns = reader.column_names(table, row.numbers());
  } else {
    for (int i = 0; i < 5; ++i) row.skip();
  }
  const CatalogOid index = row.oid();
  if (type == ConstraintType::check) {
    constraint.expression = std::move(text);
  } else if (type == ConstraintType::exclusion) {
    constraint.exclusion = exclusion_of(std::move(text), constraint);
  } else if (index != 0) {
    std::vector<std::int64_t> all = row.numbers();
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(constraint.columns.size()));
    constraint.include = reader.column_names(table, all);
    constraint.nulls_not_distinct = row.flag();
    constraint.options = row.options();
  }
  if (type == ConstraintType::exclusion)
    for (int i = 0; i < 3; ++i) row.skip();
  if (index != 0) constraint.tablespace = row.text();
  Object& object = reader.add(address, std::move(id), std::move(constraint));
  reader.depend(object, *reader.relation(table));
  if (index != 0) reader.add_piece({catalog::relation, index}, object);
}

}  // namespace

void read_constraints(CatalogReader& reader) {
  // A foreign key to a partitioned table has a copy for each of its partitions, which no statement
  // names.
  const std::string sql = fmt::format(
      "SELECT con.oid::int8, con.conname, con.contype, con.conrelid::int8, con.contypid::int8, "
      "con.convalidated, con.condeferrable, con.condeferred, con.connoinherit, "
      "con.coninhcount > 0 OR con.conparentid <> 0, con.conislocal, con.conkey::text, "
      "CASE con.contype WHEN 'c' THEN pg_get_expr(con.conbin, con.conrelid) "
      "WHEN 'x' THEN pg_get_constraintdef(con.oid) END, "
      "con.confrelid::int8, con.confkey::text, con.confupdtype, con.confdeltype, "
      "con.confmatchtype, "
      "{}::text, CASE WHEN con.contype IN ('p', 'u', 'x') THEN con.conindid ELSE 0 END::int8, "
      "ix.indkey::text, {}, ic.reloptions, ts.spcname "
      "FROM pg_constraint con LEFT JOIN pg_constraint parent ON con.contype = 'f' AND parent.oid = "
      "con.conparentid AND parent.confrelid <> con.confrelid "
      "LEFT JOIN pg_index ix ON ix.indexrelid = con.conindid AND con.contype IN ('p', 'u', 'x') "
      "LEFT JOIN pg_class ic ON ic.oid = ix.indexrelid "
      "LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace "
      "WHERE con.contype IN ('p', 'u', 'f', 'c', 'x') AND con.connamespace = ANY ({}) AND "
      "parent.oid IS NULL",
      reader.since(15, "con.confdelsetcols", "NULL"),
      reader.since(15, "ix.indnullsnotdistinct", "false"), reader.namespaces());
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::constraint, row.oid()};
    std::string name = row.text();
    const ConstraintType type = type_of(row.letter());
    const CatalogOid table = row.oid();
    const Object* domain = reader.find({catalog::type, row.oid()});
    if (table != 0) {
      const Object* owner = reader.relation(table);
      if (owner == nullptr) return;
      ObjectId id{Kind::constraint, owner->id.schema, owner->id.name, std::move(name)};
      read_constraint(reader, row, address, std::move(id), type, table);
    } else if (domain != nullptr) {
      ObjectId id{Kind::domain_constraint, domain->id.schema, domain->id.name, std::move(name)};
      DomainConstraint constraint{.expression = {}, .validated = row.flag()};
      for (int i = 0; i < 6; ++i) row.skip();
      constraint.expression = row.text();
      const Object& object = reader.add(address, std::move(id), std::move(constraint));
      reader.depend(object, *domain);
    }
  });
}

// A partition's key belongs to the partitioned table's key, or to an index of it that is no
// constraint's.
void read_constraint_parents(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT con.oid::int8, con.conparentid::int8, NULL::int8 FROM pg_constraint con "
      "WHERE con.contype = 'f' AND con.conparentid <> 0 AND con.connamespace = ANY ({0}) "
      "UNION ALL SELECT con.oid::int8, NULL, h.inhparent::int8 FROM pg_constraint con "
      "JOIN pg_inherits h ON h.inhrelid = con.conindid "
      "WHERE con.contype IN ('p', 'u', 'x') AND con.connamespace = ANY ({0})",
      reader.namespaces());
  reader.each(sql, [&](Fields& row) {
    Object* object = reader.find({catalog::constraint, row.oid()});
    const CatalogOid constraint = row.oid();
    const CatalogOid index = row.oid();
    const Object* parent =
        constraint != 0 ? reader.find({catalog::constraint, constraint}) : reader.relation(index);
    if (object == nullptr || parent == nullptr) return;
    as<Constraint>(*object).parent = parent->id;
    as<Constraint>(*object).inherited = true;
    reader.depend(*object, *parent);
  });
}

}  // namespace limbeck::postgres
