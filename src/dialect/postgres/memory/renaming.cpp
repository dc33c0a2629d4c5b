#include "dialect/postgres/memory/renaming.h"

#include <map>
#include <type_traits>

#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

bool is_name_byte(char c) {
  return c == '_' || c == '$' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

struct Change {
  std::map<ObjectId, ObjectId> ids = {};
  ObjectId from = {};
  ObjectId to = {};
  // In text, and as a raw name.
  std::string text_from = {};
  std::string text_to = {};

  void apply(ObjectId& id) const {
    if (const auto found = ids.find(id); found != ids.end()) id = found->second;
  }
  void apply(RelationName& name) const {
    if (from.part.empty() && name == RelationName{from.schema, from.name})
      name = {to.schema, to.name};
  }
};

// Every text and name in the fields of a definition.
class Visitor {
 public:
  // owner: the object is the one that is renamed or a part of it, or depends on it.
  explicit Visitor(const Change& change) : change_(change) {}

  template <class T>
  void visit(T& value) const {
    if constexpr (std::is_same_v<T, ObjectId> || std::is_same_v<T, RelationName>) {
      change_.apply(value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (!change_.from.part.empty() && value == change_.from.part)
        value = change_.to.part;
      else
        value = with_renamed(value, change_.text_from, change_.text_to);
    } else if constexpr (HasFields<T>) {
      for_each_field<T>([&](const auto& field) { visit(value.*field.member); });
    } else if constexpr (requires { value.has_value(); }) {
      if (value) visit(*value);
    } else if constexpr (requires { value.begin(); }) {
      for (auto& each : value) visit(each);
    }
  }

 private:
  const Change& change_;
};

// Only the fields that hold ids and names of relations.
class LinkVisitor {
 public:
  explicit LinkVisitor(const Change& change) : change_(change) {}

  template <class T>
  void visit(T& value) const {
    if constexpr (std::is_same_v<T, ObjectId> || std::is_same_v<T, RelationName>)
      change_.apply(value);
    else if constexpr (HasFields<T>)
      for_each_field<T>([&](const auto& field) { visit(value.*field.member); });
    else if constexpr (std::is_same_v<T, std::string>)
      return;
    else if constexpr (requires { value.has_value(); }) {
      if (value) visit(*value);
    } else if constexpr (requires { value.begin(); }) {
      for (auto& each : value) visit(each);
    }
  }

 private:
  const Change& change_;
};

template <class V>
void visit_definition(Object& object, const V& visitor) {
  std::visit([&](auto& definition) { visitor.visit(definition); }, object.definition);
}

Change change_of(const Catalog& catalog, const ObjectId& from, const ObjectId& to) {
  Change change{.from = from, .to = to};
  change.ids[from] = to;
  if (is_part(from.kind)) {
    change.text_from = identifier(from.part);
    change.text_to = identifier(to.part);
    if (from.kind == Kind::column) {
      ObjectId value_from = from;
      ObjectId value_to = to;
      value_from.kind = value_to.kind = Kind::column_default;
      if (catalog.schema().find(value_from) != nullptr) change.ids[value_from] = value_to;
    }
    return change;
  }
  change.text_from = qualified(from);
  change.text_to = qualified(to);
  for (const auto& [id, object] : catalog.schema().objects) {
    if (from.kind == Kind::schema) {
      if (id.schema != from.name) continue;
      ObjectId moved = id;
      moved.schema = to.name;
      change.ids[id] = std::move(moved);
    } else if (is_part(id.kind) && id.schema == from.schema && id.name == from.name) {
      ObjectId moved = id;
      moved.schema = to.schema;
      moved.name = to.name;
      change.ids[id] = std::move(moved);
    }
  }
  return change;
}

}  // namespace

std::string with_renamed(const std::string& text, const std::string& from, const std::string& to) {
  if (from.empty() || text.find(from) == std::string::npos) return text;
  std::string renamed;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '\'') {
      // A name in a text is one only in what nextval() takes.
      std::size_t end = at + 1;
      while (end < text.size() && text[end] != '\'') ++end;
      const std::size_t stop = std::min(end + 1, text.size());
      std::string literal = text.substr(at, stop - at);
      if (literal == "'" + from + "'" && text.compare(stop, 10, "::regclass") == 0)
        literal = "'" + to + "'";
      renamed += literal;
      at = stop;
      continue;
    }
    const bool starts = (at == 0 || (!is_name_byte(text[at - 1]) && text[at - 1] != '"')) &&
                        text.compare(at, from.size(), from) == 0;
    const std::size_t after = at + from.size();
    const bool ends = after >= text.size() || !is_name_byte(text[after]);
    const bool call = after < text.size() && text[after] == '(';
    if (starts && ends && !call) {
      renamed += to;
      at = after;
    } else {
      renamed += text[at++];
    }
  }
  return renamed;
}

void Catalog::rename(const ObjectId& from, const ObjectId& to) {
  const Change change = change_of(*this, from, to);
  gone_.insert(from.part.empty() ? from.name : from.part);
  std::set<ObjectId> spoken;  // what depends on it, whose texts may name it
  for (const Dependency& edge : state_.schema.dependencies)
    if (change.ids.count(edge.on) != 0) spoken.insert(edge.dependent);
  const Visitor everything(change);
  const LinkVisitor links(change);
  std::map<ObjectId, Object> objects;
  for (auto& [id, object] : state_.schema.objects) {
    note_relation(object, false);
    // A view keeps the names of its columns, and its query is doubted below.
    const bool view = id.kind == Kind::view || id.kind == Kind::materialized_view;
    if ((spoken.count(id) != 0 && !view) || id == from)
      visit_definition(object, everything);
    else
      visit_definition(object, links);
    ObjectId now = id;
    change.apply(now);
    object.id = now;
    objects.emplace(std::move(now), std::move(object));
  }
  state_.schema.objects = std::move(objects);
  for (const auto& [id, object] : state_.schema.objects) note_relation(object, true);
  std::set<Dependency> edges;
  for (Dependency edge : state_.schema.dependencies) {
    change.apply(edge.dependent);
    change.apply(edge.on);
    if (edge.on.kind == Kind::schema && edge.dependent == to && from.schema != to.schema)
      edge.on.name = to.schema;
    edges.insert(std::move(edge));
  }
  state_.schema.dependencies = std::move(edges);
  read_dependents();
  std::map<ObjectId, std::string> uncertain;
  for (auto& [id, why] : state_.uncertain) {
    ObjectId now = id;
    change.apply(now);
    uncertain.emplace(std::move(now), std::move(why));
  }
  // A query keeps the names that it gave to what is renamed below it.
  for (ObjectId id : spoken) {
    if ((id.kind != Kind::view && id.kind != Kind::materialized_view) || id == from) continue;
    change.apply(id);
    uncertain.try_emplace(std::move(id), "something that it selects from was renamed");
  }
  state_.uncertain = std::move(uncertain);
}

void rename_object(Catalog& catalog, const ObjectId& from, const ObjectId& to) {
  catalog.rename(from, to);
}

}  // namespace limbeck::postgres::memory
