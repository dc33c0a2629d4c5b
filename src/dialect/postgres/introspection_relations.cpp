// Schemas, and what pg_class holds: tables, views, composite types, sequences.
#include <fmt/format.h>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

Table read_table(Fields& row, char kind) {
  Table table;
  table.persistence = row.letter() == 'u' ? Persistence::unlogged : Persistence::permanent;
  table.access_method = row.text();
  table.tablespace = row.text();
  table.options = row.options();
  for (Option& option : row.options()) {
    option.name.insert(0, "toast.");
    table.options.push_back(std::move(option));
  }
  table.row_security = row.flag();
  table.force_row_security = row.flag();
  constexpr std::array<std::pair<char, ReplicaIdentity>, 3> identities{
      {{'n', ReplicaIdentity::nothing},
       {'f', ReplicaIdentity::full},
       {'i', ReplicaIdentity::index}}};
  const char identity = row.letter();
  // A foreign table has none to choose, whatever the catalog says.
  for (const auto& [letter, value] : identities)
    if (identity == letter && kind != 'f') table.replica_identity = value;
  row.skip();  // whether a materialized view is filled
  table.of_type = row.text();
  table.partition_key = row.text();
  if (std::string bound = row.text(); !bound.empty())
    table.partition_of = PartitionOf{.parent = {}, .bound = std::move(bound)};
  ForeignTable foreign{.server = row.text(), .options = row.options()};
  if (kind == 'f') table.foreign = std::move(foreign);
  return table;
}

MaterializedView read_materialized_view(Fields& row) {
  MaterializedView view;
  row.skip();  // persistence: they are never unlogged
  view.access_method = row.text();
  view.tablespace = row.text();
  view.options = row.options();
  for (Option& option : row.options()) {
    option.name.insert(0, "toast.");
    view.options.push_back(std::move(option));
  }
  row.skip();
  row.skip();
  row.skip();
  view.populated = row.flag();
  return view;
}

View read_view(Fields& row) {
  View view;
  for (int i = 0; i < 3; ++i) row.skip();
  view.options = row.options();
  return view;
}

void read_parents(CatalogReader& reader) {
  const std::string sql =
      "SELECT h.inhrelid::int8, h.inhparent::int8 FROM pg_inherits h JOIN pg_class c ON c.oid = "
      "h.inhrelid WHERE c.relkind IN ('r', 'p', 'f') ORDER BY h.inhrelid, h.inhseqno";
  reader.each(sql, [&](Fields& row) {
    Object* child = reader.relation(row.oid());
    const CatalogOid parent = row.oid();
    if (child == nullptr) return;
    auto& table = as<Table>(*child);
    if (table.partition_of)
      table.partition_of->parent = reader.relation_name(parent);
    else
      table.inherits.push_back(reader.relation_name(parent));
  });
}

}  // namespace

void read_namespaces(CatalogReader& reader) {
  std::string oids = "'{";
  reader.each(
      "SELECT n.oid::int8, n.nspname FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname "
      "<> 'information_schema'",
      [&](Fields& row) {
        const CatalogOid oid = row.oid();
        reader.add({catalog::name_space, oid}, {Kind::schema, "", row.text(), ""}, Namespace{});
        oids += fmt::format("{}{}", oids.size() > 2 ? "," : "", oid);
      });
  reader.set_namespaces(oids + "}'::oid[]");
}

void read_relations(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT c.oid::int8, c.relkind, n.nspname, c.relname, c.reltype::int8, c.relpersistence, "
      "am.amname, ts.spcname, c.reloptions, tc.reloptions, c.relrowsecurity, "
      "c.relforcerowsecurity, c.relreplident, c.relispopulated, "
      "CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END, "
      "CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, "
      "CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END, "
      "fs.srvname, ft.ftoptions "
      "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
      "LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid "
      "LEFT JOIN pg_am am ON am.oid = c.relam AND am.amname <> 'heap' "
      "LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace "
      "LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid "
      "LEFT JOIN pg_foreign_server fs ON fs.oid = ft.ftserver "
      "WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND c.relnamespace = ANY ({})",
      reader.namespaces());
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::relation, row.oid()};
    const char kind = row.letter();
    ObjectId id{Kind::table, row.text(), row.text(), ""};
    const Address row_type{catalog::type, row.oid()};
    Definition definition;
    if (kind == 'v') {
      id.kind = Kind::view;
      definition = read_view(row);
    } else if (kind == 'm') {
      id.kind = Kind::materialized_view;
      definition = read_materialized_view(row);
    } else if (kind == 'c') {
      id.kind = Kind::composite;
      definition = Composite{};
    } else {
      definition = read_table(row, kind);
    }
    Object& object = reader.add(address, std::move(id), std::move(definition));
    if (kind == 'c')
      reader.alias(row_type, object);
    else
      reader.add_piece(row_type, object);
    if (reader.is_member(address) || reader.is_member(row_type)) reader.hide(object);
  });
  read_parents(reader);
}

void read_sequences(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT c.oid::int8, n.nspname, c.relname, c.relpersistence, format_type(s.seqtypid, NULL), "
      "s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, d.deptype, "
      "d.refobjid::int8, d.refobjsubid "
      "FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid "
      "JOIN pg_namespace n ON n.oid = c.relnamespace "
      "LEFT JOIN pg_depend d ON d.classid = {0} AND d.objid = c.oid AND d.objsubid = 0 AND "
      "d.refclassid = {0} AND d.deptype IN ('a', 'i') "
      "WHERE c.relnamespace = ANY ({1})",
      catalog::relation, reader.namespaces());
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::relation, row.oid()};
    ObjectId id{Kind::sequence, row.text(), row.text(), ""};
    Sequence sequence;
    sequence.persistence = row.letter() == 'u' ? Persistence::unlogged : Persistence::permanent;
    sequence.options = {.type = row.text(),
                        .start = row.integer(),
                        .increment = row.integer(),
                        .minimum = row.integer(),
                        .maximum = row.integer(),
                        .cache = row.integer(),
                        .cycle = row.flag()};
    const bool of_identity = row.letter() == 'i';
    const CatalogOid table = row.oid();
    Object* column =
        reader.find({catalog::relation, table, static_cast<std::int32_t>(row.integer())});
    if (of_identity && column != nullptr) {
      if (auto& identity = as<Column>(*column).identity; identity) {
        identity->options = std::move(sequence.options);
        identity->sequence = id.name;
      }
      reader.add_piece(address, *column);
      return;
    }
    if (column != nullptr) sequence.owned_by = column->id;
    const Object& object = reader.add(address, std::move(id), std::move(sequence));
    if (reader.is_member(address)) reader.hide(object);
  });
}

void read_view_queries(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT c.oid::int8, pg_get_viewdef(c.oid) FROM pg_class c WHERE c.relkind IN ('v', 'm') AND "
      "c.relnamespace = ANY ({}) AND {}",
      reader.namespaces(), not_of_extension(catalog::relation, "c.oid"));
  reader.each(sql, [&](Fields& row) {
    Object* object = reader.relation(row.oid());
    if (object == nullptr) return;
    std::string query = row.text();
    query.erase(0, query.find_first_not_of(' '));
    if (!query.empty() && query.back() == ';') query.pop_back();
    if (auto* view = std::get_if<View>(&object->definition))
      view->query = std::move(query);
    else
      as<MaterializedView>(*object).query = std::move(query);
  });
}

}  // namespace limbeck::postgres
