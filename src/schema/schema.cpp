#include "schema/schema.h"

#include <algorithm>

namespace limbeck {

const Object* Schema::find(const ObjectId& id) const {
  const auto found = objects.find(id);
  return found == objects.end() ? nullptr : &found->second;
}

void Schema::put(Object object) {
  ObjectId id = object.id;
  objects.insert_or_assign(std::move(id), std::move(object));
}

std::vector<const Object*> parts_of(const Schema& schema, Kind kind, const std::string& schema_name,
                                    const std::string& table) {
  std::vector<const Object*> parts;
  for (auto at = schema.objects.lower_bound(ObjectId{kind, schema_name, table, ""});
       at != schema.objects.end() && at->first.kind == kind && at->first.schema == schema_name &&
       at->first.name == table;
       ++at)
    parts.push_back(&at->second);
  return parts;
}

std::vector<const Object*> columns_of(const Schema& schema, const std::string& schema_name,
                                      const std::string& table) {
  std::vector<const Object*> columns = parts_of(schema, Kind::column, schema_name, table);
  std::sort(columns.begin(), columns.end(), [](const Object* left, const Object* right) {
    return as<Column>(*left).position < as<Column>(*right).position;
  });
  return columns;
}

}  // namespace limbeck
