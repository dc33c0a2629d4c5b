#include <fmt/format.h>
#include <type_traits>
#include <unordered_map>

#include "base/letter_case.h"
#include "schema/json.h"
#include "schema/json_names.h"

namespace limbeck {
namespace {

void write(const std::string& text, JsonWriter& json) {
  json.value(text);
}

template <class T>
requires std::is_arithmetic_v<T>
void write(T number, JsonWriter& json) {
  json.value(number);
}

template <class T>
requires std::is_enum_v<T>
void write(T enumerator, JsonWriter& json) {
  json.value(names_of(enumerator)[static_cast<std::size_t>(enumerator)]);
}

void write(const ObjectId& id, JsonWriter& json) {
  write_id(id, json);
}

void write(const RelationName& relation, JsonWriter& json) {
  json.begin_object();
  if (!relation.schema.empty()) json.member("schema", relation.schema);
  json.member("name", relation.name).end_object();
}

template <class T>
void write(const std::optional<T>& content, JsonWriter& json);
template <class T>
void write(const std::vector<T>& list, JsonWriter& json);

// The members that differ from those of a fresh object.
template <HasFields T>
void write(const T& object, JsonWriter& json) {
  [[maybe_unused]] static const T fresh{};  // a struct may have no members
  json.begin_object();
  for_each_field<T>([&](const auto& field) {
    if (object.*field.member == fresh.*field.member) return;
    json.key(field.name);
    write(object.*field.member, json);
  });
  json.end_object();
}

template <class T>
void write(const std::optional<T>& content, JsonWriter& json) {
  if (content) return write(*content, json);
  json.null();
}

template <class T>
void write(const std::vector<T>& list, JsonWriter& json) {
  json.begin_array();
  for (const T& element : list) write(element, json);
  json.end_array();
}

// ---- secrets ----

bool speaks_of_secrets(std::string_view option) {
  const std::string name = lower_case(option);
  for (const std::string_view word : {"pass", "secret", "token", "credential", "key"}) {
    if (name.find(word) != std::string::npos) return true;
  }
  return false;
}

bool hide(std::string& secret) {
  if (secret.empty()) return false;
  secret = hidden;
  return true;
}

// Whether there was any.
bool hide_secrets(Object& object) {
  bool found = false;
  if (auto* mapping = std::get_if<UserMapping>(&object.definition)) {
    for (Option& option : mapping->options) {
      if (speaks_of_secrets(option.name)) found = hide(option.value) || found;
    }
  } else if (auto* server = std::get_if<Server>(&object.definition)) {
    for (Option& option : server->options) {
      if (speaks_of_secrets(option.name)) found = hide(option.value) || found;
    }
  } else if (auto* subscription = std::get_if<Subscription>(&object.definition)) {
    found = hide(subscription->connection);
  }
  return found;
}

bool may_hold_secrets(Kind kind) {
  return kind == Kind::user_mapping || kind == Kind::server || kind == Kind::subscription;
}

// ---- objects ----

void write_id_members(const ObjectId& id, JsonWriter& json) {
  json.member("kind", to_string(id.kind));
  if (!id.schema.empty()) json.member("schema", id.schema);
  json.member("name", id.name);
  if (!id.part.empty()) json.member("part", id.part);
}

void write_members(const Object& object, JsonWriter& json) {
  json.begin_object();
  write_id_members(object.id, json);
  if (!object.comment.empty()) json.member("comment", object.comment);
  if (!object.owner.empty()) json.member("owner", object.owner);
  if (!object.source.text.empty()) json.member("source", object.source.text);
  if (object.privileges) {
    json.key("privileges");
    write(*object.privileges, json);
  }
  json.key("definition");
  std::visit([&](const auto& definition) { write(definition, json); }, object.definition);
  json.end_object();
}

// Numbers the objects, and after them whatever else an edge names.
class Numbers {
 public:
  explicit Numbers(const Schema& schema) {
    for (const auto& [id, object] : schema.objects) numbers_.emplace(id, numbers_.size());
  }

  std::size_t of(const ObjectId& id) {
    const auto [found, added] = numbers_.try_emplace(id, numbers_.size());
    if (added) others_.push_back(id);
    return found->second;
  }
  const std::vector<ObjectId>& others() const { return others_; }

 private:
  std::unordered_map<ObjectId, std::size_t, ObjectIdHash> numbers_;
  std::vector<ObjectId> others_;
};

std::string quoted_json(std::string_view text) {
  JsonWriter json;
  json.value(text);
  return json.text();
}

// "name":[ one element a line ]
template <class List, class Write>
void write_list(std::string_view name, const List& list, const Write& write_element,
                std::string& text) {
  text += fmt::format(",\n\"{}\":[", name);
  bool first = true;
  for (const auto& element : list) {
    text += first ? "\n" : ",\n";
    first = false;
    JsonWriter json;
    write_element(element, json);
    text += json.text();
  }
  text += first ? "]" : "\n]";
}

}  // namespace

void write_id(const ObjectId& id, JsonWriter& json) {
  json.begin_object();
  write_id_members(id, json);
  json.end_object();
}

void write_object(const Object& object, JsonWriter& json) {
  if (!may_hold_secrets(object.id.kind)) return write_members(object, json);
  Object shown = object;
  hide_secrets(shown);
  write_members(shown, json);
}

Schema without_secrets(Schema schema) {
  for (auto& [id, object] : schema.objects) {
    if (may_hold_secrets(id.kind)) hide_secrets(object);
  }
  return schema;
}

std::string snapshot_json(const Snapshot& snapshot) {
  const Schema& schema = snapshot.schema;
  Numbers numbers(schema);
  std::string edges;
  for (const Dependency& edge : schema.dependencies) {
    edges += fmt::format("{}[{},{}]", edges.empty() ? "" : ",", numbers.of(edge.dependent),
                         numbers.of(edge.on));
  }
  std::string text = fmt::format("{{\"limbeck_schema\":{},\n\"dialect\":{}", schema_json_format,
                                 quoted_json(snapshot.dialect));
  if (!snapshot.server.empty()) text += ",\n\"server\":" + quoted_json(snapshot.server);
  write_list(
      "objects", schema.objects,
      [](const auto& entry, JsonWriter& json) { write_object(entry.second, json); }, text);
  if (!numbers.others().empty()) write_list("others", numbers.others(), write_id, text);
  text += ",\n\"dependencies\":[" + edges + "]";
  if (!schema.unmodelled.empty()) {
    write_list(
        "unmodelled", schema.unmodelled,
        [](const Unmodelled& it, JsonWriter& json) { json.value(it.what); }, text);
  }
  return text + "\n}\n";
}

}  // namespace limbeck
