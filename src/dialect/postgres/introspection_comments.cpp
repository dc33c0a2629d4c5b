// Comments on objects of every kind, read by address.
#include <fmt/format.h>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

// How people call the piece of an object that stands at the address.
std::string_view piece_name(const Address& address, const Object& object) {
  if (address.catalog == catalog::type) return "type";
  if (object.id.kind == Kind::column) return "sequence";
  return object.id.kind == Kind::constraint ? "index" : "expression";
}

template <class Columns>
void comment_column(Columns& columns, const std::string& name, const std::string& comment) {
  for (auto& column : columns)
    if (column.name == name) column.comment = comment;
}

void comment_part(CatalogReader& reader, const Address& address, const std::string& comment) {
  Object* owner = reader.relation(address.object);
  if (owner == nullptr) return;
  const std::string& name = reader.column_name(address.object, address.part);
  if (auto* view = std::get_if<View>(&owner->definition))
    comment_column(view->columns, name, comment);
  else if (auto* filled = std::get_if<MaterializedView>(&owner->definition))
    comment_column(filled->columns, name, comment);
  else if (auto* composite = std::get_if<Composite>(&owner->definition))
    comment_column(composite->attributes, name, comment);
}

}  // namespace

void read_comments(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT d.classoid::int8, d.objoid::int8, d.objsubid, d.description FROM pg_description d "
      "WHERE d.objoid >= 16384 OR (d.classoid = {} AND d.objoid = 2200 AND d.description <> "
      "'standard public schema')",
      catalog::name_space);
  reader.each(sql, [&](Fields& row) {
    const Address address{row.oid(), row.oid(), static_cast<std::int32_t>(row.integer())};
    std::string comment = row.text();
    Object* object = reader.find(address);
    if (object == nullptr) {
      if (address.part != 0) comment_part(reader, address, comment);
      return;
    }
    if (reader.is_piece(address)) {
      reader.unmodelled(fmt::format("comment on the {} of {}", piece_name(address, *object),
                                    to_string(object->id)));
      return;
    }
    object->comment = std::move(comment);
  });
}

}  // namespace limbeck::postgres
