#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <type_traits>

#include "limbeck/error.h"

#include "base/text_place.h"
#include "schema/json.h"
#include "schema/json_document.h"
#include "schema/json_names.h"

namespace limbeck {
namespace {

using Type = JsonValue::Type;

// Where the reader stands in the JSON, as text for an error: built only when one is thrown.
struct Path {
  const Path* outer = nullptr;
  std::string_view member = {};
  std::size_t index = 0;

  std::string text() const {
    if (outer == nullptr) return {};
    const std::string before = outer->text();
    if (member.empty()) return fmt::format("{}[{}]", before, index);
    return before + (before.empty() ? "" : ".") + std::string(member);
  }
};

struct Reader {
  const std::string& file;

  [[noreturn]] void refuse(const Path& path, std::string_view what) const {
    const std::string where = path.text();
    throw Error({.code = ExitCode::invalid_project,
                 .message = fmt::format("{}: {}", where.empty() ? "this snapshot" : where, what),
                 .place = Place{.file = file},
                 .hint = "make the snapshot anew with \"limbeck inspect --format json\""});
  }

  JsonValue object(JsonValue json, const Path& path) const {
    if (json.type() != Type::object) refuse(path, "an object belongs here");
    return json;
  }
  JsonValue list(JsonValue json, const Path& path) const {
    if (json.type() != Type::list) refuse(path, "a list belongs here");
    return json;
  }

  void read(JsonValue json, const Path& path, std::string& text) const {
    if (json.type() != Type::text) refuse(path, "a text belongs here");
    text = json.text();
    if (text.find('\0') != std::string::npos) refuse(path, "a text holds a NUL character");
  }

  void read(JsonValue json, const Path& path, bool& truth) const {
    if (json.type() != Type::truth) refuse(path, "true or false belongs here");
    truth = json.truth();
  }

  template <class T>
  requires std::is_integral_v<T>
  void read(JsonValue json, const Path& path, T& number) const {
    const bool natural = json.type() == Type::natural;
    if (!natural && json.type() != Type::integer) refuse(path, "a whole number belongs here");
    const bool fits =
        natural ? json.natural() <= static_cast<std::uint64_t>(std::numeric_limits<T>::max())
                : std::is_signed_v<T> &&
                      json.integer() >= static_cast<std::int64_t>(std::numeric_limits<T>::min());
    if (!fits) refuse(path, "this number is too large");
    number = natural ? static_cast<T>(json.natural()) : static_cast<T>(json.integer());
  }

  template <class T>
  requires std::is_enum_v<T>
  void read(JsonValue json, const Path& path, T& enumerator) const {
    std::string name;
    read(json, path, name);
    constexpr auto names = names_of(T{});
    const auto* found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) refuse(path, fmt::format("\"{}\" is not known here", name));
    enumerator = static_cast<T>(found - names.begin());
  }

  void read(JsonValue json, const Path& path, Kind& kind) const {
    std::string name;
    read(json, path, name);
    const auto known = kind_named(name);
    if (!known) refuse(path, fmt::format("there is no kind \"{}\"", name));
    kind = *known;
  }

  // Calls read_member(name, value, path), which returns whether it knows the name.
  template <class ReadMember>
  void members(JsonValue json, const Path& path, const ReadMember& read_member) const {
    for (const JsonValue value : object(json, path)) {
      const Path here{&path, value.name(), 0};
      if (!read_member(value.name(), value, here)) refuse(here, "this is not known");
    }
  }

  bool id_member(std::string_view name, JsonValue value, const Path& here, ObjectId& id) const {
    if (name == "kind")
      read(value, here, id.kind);
    else if (name == "schema")
      read(value, here, id.schema);
    else if (name == "name")
      read(value, here, id.name);
    else if (name == "part")
      read(value, here, id.part);
    else
      return false;
    return true;
  }

  JsonValue kind_of(JsonValue json, const Path& path) const {
    const auto kind = json.type() == Type::object ? json.find("kind") : std::nullopt;
    if (!kind) refuse(path, "this has no kind");
    return *kind;
  }

  void read(JsonValue json, const Path& path, ObjectId& id) const {
    kind_of(json, path);
    members(json, path, [&](std::string_view name, JsonValue value, const Path& here) {
      return id_member(name, value, here, id);
    });
  }

  void read(JsonValue json, const Path& path, RelationName& relation) const {
    members(json, path, [&](std::string_view name, JsonValue value, const Path& here) {
      if (name != "schema" && name != "name") return false;
      read(value, here, name == "schema" ? relation.schema : relation.name);
      return true;
    });
  }

  template <HasFields T>
  void read(JsonValue json, const Path& path, T& into) const {
    members(json, path, [&](std::string_view name, JsonValue value, const Path& here) {
      bool known = false;
      for_each_field<T>([&](const auto& field) {
        if (field.name != name) return;
        known = true;
        read(value, here, into.*field.member);
      });
      return known;
    });
  }

  template <class T>
  void read(JsonValue json, const Path& path, std::optional<T>& content) const {
    content.reset();
    if (json.type() == Type::null) return;
    T value{};
    read(json, path, value);
    content = std::move(value);
  }

  template <class T>
  void read(JsonValue json, const Path& path, std::vector<T>& items) const {
    items.clear();
    for (const JsonValue item : list(json, path)) {
      const Path here{&path, {}, items.size()};
      read(item, here, items.emplace_back());
    }
  }

  void read(JsonValue json, const Path& path, Object& into) const {
    read(kind_of(json, path), Path{&path, "kind", 0}, into.id.kind);
    into.definition = fresh_definition(into.id.kind);
    members(json, path, [&](std::string_view name, JsonValue value, const Path& here) {
      if (name == "comment")
        read(value, here, into.comment);
      else if (name == "source")
        read(value, here, into.source.text);
      else if (name == "owner")
        read(value, here, into.owner);
      else if (name == "privileges")
        read(value, here, into.privileges);
      else if (name == "definition")
        std::visit([&](auto& definition) { read(value, here, definition); }, into.definition);
      else
        return id_member(name, value, here, into.id);
      return true;
    });
  }

  // An empty definition of the type that belongs to the kind.
  template <std::size_t... Index>
  static Definition definition_at(std::size_t wanted, std::index_sequence<Index...>) {
    Definition definition;
    static_cast<void>(((Index == wanted ? (definition.emplace<Index>(), true) : false) || ...));
    return definition;
  }
  static Definition fresh_definition(Kind kind) {
    return definition_at(static_cast<std::size_t>(kind),
                         std::make_index_sequence<std::variant_size_v<Definition>>());
  }

  using Ids = std::vector<const ObjectId*>;

  const ObjectId& at(JsonValue json, const Path& path, const Ids& ids) const {
    std::size_t index = 0;
    read(json, path, index);
    if (index >= ids.size()) refuse(path, fmt::format("there is no object {}", index));
    return *ids[index];
  }

  void read_objects(JsonValue json, const Path& path, Schema& schema, Ids& ids) const {
    for (const JsonValue item : list(json, path)) {
      const Path here{&path, {}, ids.size()};
      Object object;
      read(item, here, object);
      ObjectId id = object.id;
      const auto added =
          schema.objects.emplace_hint(schema.objects.end(), std::move(id), std::move(object));
      ids.push_back(&added->first);
      if (schema.objects.size() != ids.size())
        refuse(here, fmt::format("{} stands here twice", to_string(added->first)));
    }
  }

  void read_dependencies(JsonValue json, const Path& path, const Ids& ids, Schema& schema) const {
    std::size_t index = 0;
    for (const JsonValue pair : list(json, path)) {
      const Path here{&path, {}, index++};
      if (list(pair, here).size() != 2) refuse(here, "two numbers belong here");
      auto end = pair.begin();
      const ObjectId& dependent = at(*end, here, ids);
      const ObjectId& on = at(*++end, here, ids);
      schema.dependencies.emplace_hint(schema.dependencies.end(), Dependency{dependent, on});
    }
  }

  Snapshot snapshot(JsonValue json) const {
    const Path top;
    const bool is_object = json.type() == Type::object;
    const auto written = is_object ? json.find("limbeck_schema") : std::nullopt;
    if (!written) refuse(top, "it is no schema of Limbeck's: it has no \"limbeck_schema\"");
    int format = 0;
    read(*written, Path{&top, "limbeck_schema", 0}, format);
    if (format != schema_json_format) {
      refuse(top, fmt::format("it has the format {}, and this Limbeck reads {}", format,
                              schema_json_format));
    }
    const auto objects = json.find("objects");
    if (!json.find("dialect") || !objects) refuse(top, "it has no \"dialect\" or no \"objects\"");
    Snapshot result;
    Ids ids;
    read_objects(*objects, Path{&top, "objects", 0}, result.schema, ids);
    std::vector<ObjectId> others;
    if (const auto named = json.find("others")) read(*named, Path{&top, "others", 0}, others);
    for (const ObjectId& id : others) ids.push_back(&id);
    members(json, top, [&](std::string_view name, JsonValue value, const Path& here) {
      if (name == "dialect") {
        read(value, here, result.dialect);
      } else if (name == "server") {
        read(value, here, result.server);
      } else if (name == "dependencies") {
        read_dependencies(value, here, ids, result.schema);
      } else if (name == "unmodelled") {
        std::vector<std::string> texts;
        read(value, here, texts);
        for (std::string& text : texts) result.schema.unmodelled.insert({std::move(text)});
      } else {
        return name == "limbeck_schema" || name == "objects" || name == "others";
      }
      return true;
    });
    return result;
  }
};

}  // namespace

Snapshot read_snapshot(std::string_view text, const std::string& file) {
  try {
    const JsonDocument document(text);
    return Reader{file}.snapshot(document.root());
  } catch (const JsonDocument::Fault& fault) {
    const std::size_t offset = std::min(fault.offset, text.size());
    throw fault_at(text, offset, {file, 1, 1, {}},
                   offset >= text.size() ? "This JSON ends too early." : "This is no JSON.",
                   "make the snapshot anew with \"limbeck inspect --format json\"");
  }
}

}  // namespace limbeck
