#include "operation/json.h"

#include "operation/match.h"
#include "schema/json.h"

namespace limbeck {
namespace {

void write_list(std::string_view name, const std::vector<Object>& objects, JsonWriter& json) {
  json.key(name).begin_array();
  for (const Object& object : objects) write_object(object, json);
  json.end_array();
}

void write_one(std::string_view name, const Object& object, JsonWriter& json) {
  json.key(name);
  write_object(object, json);
}

template <class Pair>
void write_pairs(std::string_view name, const std::vector<Pair>& pairs, JsonWriter& json) {
  json.key(name).begin_array();
  for (const Pair& pair : pairs) {
    json.begin_object();
    write_one("from", pair.from, json);
    write_one("to", pair.to, json);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

void write_members(const Operation& operation, JsonWriter& json) {
  match(
      operation,
      [&](const Create& it) {
        json.member("operation", "create");
        write_one("object", it.object, json);
        write_list("parts", it.parts, json);
      },
      [&](const Drop& it) {
        json.member("operation", "drop");
        write_one("object", it.object, json);
        write_list("parts", it.parts, json);
      },
      [&](const Alter& it) {
        json.member("operation", "alter");
        write_one("from", it.from, json);
        write_one("to", it.to, json);
      },
      [&](const Rename& it) {
        json.member("operation", "rename");
        write_one("from", it.from, json);
        write_one("to", it.to, json);
      },
      [&](const ReplaceTypes& it) {
        json.member("operation", "replace types");
        write_pairs("types", it.types, json);
        write_pairs("columns", it.columns, json);
        write_list("old_constraints", it.old_constraints, json);
        write_list("new_constraints", it.new_constraints, json);
      },
      [&](const RebuildTable& it) {
        json.member("operation", "rebuild table");
        write_list("from", it.from, json);
        write_list("to", it.to, json);
      });
  json.member("description", describe(operation));
}

}  // namespace limbeck
