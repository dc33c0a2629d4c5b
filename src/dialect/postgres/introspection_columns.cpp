// Columns of tables, views and composite types, and their defaults.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

constexpr std::array<LetterName, 4> storages{
    {{'p', "plain"}, {'e', "external"}, {'m', "main"}, {'x', "extended"}}};
constexpr std::array<LetterName, 2> compressions{{{'p', "pglz"}, {'l', "lz4"}}};

// What every column has.
struct CommonFields {
  std::string name;
  std::string type;
  std::string collation;
};

Column read_column(Fields& row, CommonFields&& common) {
  Column column;
  column.type = std::move(common.type);
  column.collation = std::move(common.collation);
  column.not_null = row.flag();
  if (const char identity = row.letter(); identity != '\0')
    column.identity = Identity{.always = identity == 'a', .options = {}, .sequence = {}};
  if (const char generated = row.letter(); generated != '\0')
    column.generated = Generated{.expression = {}, .stored = generated == 's'};
  column.storage = name_of_letter(storages, row.letter());
  column.compression = name_of_letter(compressions, row.letter());
  column.statistics = static_cast<int>(row.integer());
  column.options = row.options();
  column.foreign_options = row.options();
  column.inherited = row.flag();
  column.local = row.flag();
  return column;
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
  const std::string sql = fmt::format(
      "SELECT a.attrelid::int8, a.attnum, a.atttypid::int8, a.attcollation::int8, a.attname, "
      "format_type(a.atttypid, a.atttypmod), "
      "CASE WHEN co.oid IS NOT NULL THEN quote_ident(cn.nspname) || '.' || "
      "quote_ident(co.collname) "
      "END, "
      "a.attnotnull, a.attidentity, a.attgenerated, "
      "CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, "
      "{}, coalesce(a.attstattarget, -1), a.attoptions, a.attfdwoptions, a.attinhcount > 0, "
      "a.attislocal "
      "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
      "JOIN pg_type t ON t.oid = a.atttypid "
      "LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation "
      "LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace "
      "WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND c.relnamespace = ANY ({}) "
      "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum",
      reader.since(14, "a.attcompression", "NULL"), reader.namespaces());
  CatalogOid current = 0;
  int position = 0;
  reader.each(sql, [&](Fields& row) {
    const CatalogOid table = row.oid();
    const auto number = static_cast<std::int32_t>(row.integer());
    ColumnFacts facts;
    facts.type = row.oid();
    facts.collation = row.oid();
    CommonFields common{.name = row.text(), .type = row.text(), .collation = row.text()};
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
      note_settings(reader, *owner, read_column(row, {}), common.name);
      filled->columns.push_back(read_view_column(std::move(common)));
    } else if (auto* composite = std::get_if<Composite>(&owner->definition)) {
      composite->attributes.push_back({.name = std::move(common.name),
                                       .type = std::move(common.type),
                                       .collation = std::move(common.collation)});
    } else {
      ObjectId id{Kind::column, owner->id.schema, owner->id.name, common.name};
      Column column = read_column(row, std::move(common));
      column.position = position;
      Object& object =
          reader.add({catalog::relation, table, number}, std::move(id), std::move(column));
      reader.depend(object, *owner);
    }
  });
}

void read_defaults(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT d.oid::int8, d.adrelid::int8, d.adnum, pg_get_expr(d.adbin, d.adrelid) "
      "FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid WHERE c.relnamespace = ANY ({})",
      reader.namespaces());
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::column_default, row.oid()};
    const CatalogOid table = row.oid();
    const auto number = static_cast<std::int32_t>(row.integer());
    std::string expression = row.text();
    if (Object* column = reader.find({catalog::relation, table, number})) {
      if (auto& generated = as<Column>(*column).generated; generated) {
        generated->expression = std::move(expression);
        reader.alias(address, *column);
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
    reader.alias(address, *owner);
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
