// Columns of tables, views and composite types, and their defaults.
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

constexpr std::array<LetterName, 4> storages{
    {{'p', "plain"}, {'e', "external"}, {'m', "main"}, {'x', "extended"}}};
constexpr std::array<LetterName, 2> compressions{{{'p', "pglz"}, {'l', "lz4"}}};

std::string columns_of_relations(const CatalogReader& reader) {
  return fmt::format(
      "c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND c.relnamespace = ANY ({}) AND a.attnum > 0 "
      "AND NOT a.attisdropped",
      reader.namespaces());
}

// What every column has.
struct CommonFields {
  std::string name;
  std::string type;
  std::string collation;
};

// A type with its modifier: few, among many columns.
struct TypeFacts {
  std::string name;
  CatalogOid collation = 0;
  char storage = '\0';
};
using TypeTable = std::map<std::pair<CatalogOid, std::int64_t>, TypeFacts>;

TypeTable read_type_names(CatalogReader& reader) {
  TypeTable types;
  const std::string sql = fmt::format(
      "SELECT u.atttypid::int8, u.atttypmod, format_type(u.atttypid, u.atttypmod), "
      "t.typcollation::int8, t.typstorage FROM (SELECT DISTINCT a.atttypid, a.atttypmod FROM "
      "pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE {}) u JOIN pg_type t ON t.oid = "
      "u.atttypid",
      columns_of_relations(reader));
  reader.each(sql, [&](Fields& row) {
    const std::pair<CatalogOid, std::int64_t> key{row.oid(), row.integer()};
    types[key] = {.name = row.text(), .collation = row.oid(), .storage = row.letter()};
  });
  return types;
}

Column read_column(Fields& row, CommonFields&& common, char usual_storage) {
  Column column;
  column.type = std::move(common.type);
  column.collation = std::move(common.collation);
  column.not_null = row.flag();
  if (const char identity = row.letter(); identity != '\0')
    column.identity = Identity{.always = identity == 'a', .options = {}, .sequence = {}};
  if (const char generated = row.letter(); generated != '\0')
    column.generated = Generated{.expression = {}, .stored = generated == 's'};
  if (const char storage = row.letter(); storage != usual_storage)
    column.storage = name_of_letter(storages, storage);
  column.compression = name_of_letter(compressions, row.letter());
  column.statistics = static_cast<int>(row.integer());
  column.options = row.options();
  column.foreign_options = row.options();
  column.inherited = row.flag();
  column.local = row.flag();
  return column;
}

void read_collation_names(CatalogReader& reader) {
  // The columns of indexes are in pg_attribute too.
  reader.each(
      "SELECT co.oid::int8, quote_ident(n.nspname) || '.' || quote_ident(co.collname) FROM "
      "pg_collation co JOIN pg_namespace n ON n.oid = co.collnamespace WHERE co.oid IN (SELECT "
      "a.attcollation FROM pg_attribute a WHERE a.attrelid >= 16384)",
      [&](Fields& row) {
        const CatalogOid oid = row.oid();
        reader.set_collation_name(oid, row.text());
      });
}

ViewColumn read_view_column(CommonFields&& common) {
  ViewColumn column;
  column.name = std::move(common.name);
  column.type = std::move(common.type);
  column.collation = std::move(common.collation);
  return column;
}

// A materialized view's column can be altered in ways that its definition does not hold.
void note_settings(CatalogReader& reader, const Object& view, const Column& column,
                   const std::string& name) {
  if (column.storage.empty() && column.compression.empty() && column.statistics == -1 &&
      column.options.empty())
    return;
  reader.unmodelled(fmt::format("storage settings of column {} of {}", name, to_string(view.id)));
}

}  // namespace

void read_columns(CatalogReader& reader) {
  read_collation_names(reader);
  const TypeTable types = read_type_names(reader);
  const std::string sql = fmt::format(
      "SELECT a.attrelid::int8, a.attnum, a.atttypid::int8, a.atttypmod, a.attcollation::int8, "
      "a.attname, a.attnotnull, a.attidentity, a.attgenerated, a.attstorage, {}, "
      "coalesce(a.attstattarget, -1), a.attoptions, a.attfdwoptions, a.attinhcount > 0, "
      "a.attislocal "
      "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE {} ORDER BY a.attrelid, "
      "a.attnum",
      reader.since(14, "a.attcompression", "NULL"), columns_of_relations(reader));
  CatalogOid current = 0;
  int position = 0;
  reader.each(sql, [&](Fields& row) {
    const CatalogOid table = row.oid();
    const auto number = static_cast<std::int32_t>(row.integer());
    ColumnFacts facts;
    facts.type = row.oid();
    const TypeFacts& type = types.at({facts.type, row.integer()});
    facts.collation = row.oid();
    CommonFields common{.name = row.text(), .type = type.name, .collation = {}};
    if (facts.collation != type.collation)
      common.collation = reader.collation_name(facts.collation);
    facts.name = common.name;
    reader.set_column(table, number, std::move(facts));
    Object* owner = reader.relation(table);
    if (owner == nullptr) return;
    if (current != table) position = 0;
    current = table;
    ++position;
    if (auto* view = std::get_if<View>(&owner->definition)) {
      view->columns.push_back(read_view_column(std::move(common)));
    } else if (auto* filled = std::get_if<MaterializedView>(&owner->definition)) {
      note_settings(reader, *owner, read_column(row, {}, type.storage), common.name);
      filled->columns.push_back(read_view_column(std::move(common)));
    } else if (auto* composite = std::get_if<Composite>(&owner->definition)) {
      composite->attributes.push_back({.name = std::move(common.name),
                                       .type = std::move(common.type),
                                       .collation = std::move(common.collation)});
    } else {
      ObjectId id{Kind::column, owner->id.schema, owner->id.name, common.name};
      Column column = read_column(row, std::move(common), type.storage);
      column.position = position;
      if (column.generated) reader.note_generated(table);
      Object& object =
          reader.add({catalog::relation, table, number}, std::move(id), std::move(column));
      reader.depend(object, *owner);
    }
  });
}

void read_defaults(CatalogReader& reader) {
  // With a relation at hand the server prepares to name its columns, which only the expression of
  // a generated column does.
  const std::string sql = fmt::format(
      "SELECT d.oid::int8, d.adrelid::int8, d.adnum, pg_get_expr(d.adbin, CASE WHEN d.adrelid = "
      "ANY "
      "({}) THEN d.adrelid ELSE 0 END) FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid "
      "WHERE "
      "c.relnamespace = ANY ({})",
      reader.generated(), reader.namespaces());
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::column_default, row.oid()};
    const CatalogOid table = row.oid();
    const auto number = static_cast<std::int32_t>(row.integer());
    std::string expression = row.text();
    if (Object* column = reader.find({catalog::relation, table, number})) {
      if (auto& generated = as<Column>(*column).generated; generated) {
        generated->expression = std::move(expression);
        reader.add_piece(address, *column);
        return;
      }
      ObjectId id = column->id;
      id.kind = Kind::column_default;
      Object& object = reader.add(address, std::move(id), ColumnDefault{std::move(expression)});
      reader.depend(object, *column);
      return;
    }
    Object* owner = reader.relation(table);
    if (owner == nullptr) return;
    reader.add_piece(address, *owner);
    if (auto* view = std::get_if<View>(&owner->definition)) {
      const std::string& name = reader.column_name(table, number);
      const auto found =
          std::find_if(view->columns.begin(), view->columns.end(),
                       [&](const ViewColumn& column) { return column.name == name; });
      if (found != view->columns.end()) found->default_expression = std::move(expression);
    }
  });
}

}  // namespace limbeck::postgres
