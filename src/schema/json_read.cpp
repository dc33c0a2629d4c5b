#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "limbeck/error.h"

#include "base/text_place.h"
#include "schema/json.h"
#include "schema/json_names.h"

namespace limbeck {
namespace {

using Json = nlohmann::json;

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

  const Json& object(const Json& json, const Path& path) const {
    if (!json.is_object()) refuse(path, "an object belongs here");
    return json;
  }
  const Json& array(const Json& json, const Path& path) const {
    if (!json.is_array()) refuse(path, "a list belongs here");
    return json;
  }

  void read(const Json& json, const Path& path, std::string& text) const {
    if (!json.is_string()) refuse(path, "a text belongs here");
    text = json.get_ref<const std::string&>();
    if (text.find('\0') != std::string::npos) refuse(path, "a text holds a NUL character");
  }

  void read(const Json& json, const Path& path, bool& truth) const {
    if (!json.is_boolean()) refuse(path, "true or false belongs here");
    truth = json.get<bool>();
  }

  template <class T>
  requires std::is_integral_v<T>
  void read(const Json& json, const Path& path, T& number) const {
    if (!json.is_number_integer()) refuse(path, "a whole number belongs here");
    const bool fits =
        json.is_number_unsigned()
            ? json.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<T>::max())
            : std::is_signed_v<T> && json.get<std::int64_t>() >=
                                         static_cast<std::int64_t>(std::numeric_limits<T>::min());
    if (!fits) refuse(path, "this number is too large");
    number = json.get<T>();
  }

  template <class T>
  requires std::is_enum_v<T>
  void read(const Json& json, const Path& path, T& enumerator) const {
    std::string name;
    read(json, path, name);
    constexpr auto names = names_of(T{});
    const auto* found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) refuse(path, fmt::format("\"{}\" is not known here", name));
    enumerator = static_cast<T>(found - names.begin());
  }

  void read(const Json& json, const Path& path, Kind& kind) const {
    std::string name;
    read(json, path, name);
    const auto known = kind_named(name);
    if (!known) refuse(path, fmt::format("there is no kind \"{}\"", name));
    kind = *known;
  }

  // Calls read_member(name, value, path), which returns whether it knows the name.
  template <class ReadMember>
  void members(const Json& json, const Path& path, const ReadMember& read_member) const {
    for (const auto& [name, value] : object(json, path).items()) {
      const Path here{&path, name, 0};
      if (!read_member(name, value, here)) refuse(here, "this is not known");
    }
  }

  bool id_member(const std::string& name, const Json& value, const Path& here, ObjectId& id) const {
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

  void read(const Json& json, const Path& path, ObjectId& id) const {
    if (!json.is_object() || !json.contains("kind")) refuse(path, "this has no kind");
    members(json, path, [&](const std::string& name, const Json& value, const Path& here) {
      return id_member(name, value, here, id);
    });
  }

  void read(const Json& json, const Path& path, RelationName& relation) const {
    members(json, path, [&](const std::string& name, const Json& value, const Path& here) {
      if (name != "schema" && name != "name") return false;
      read(value, here, name == "schema" ? relation.schema : relation.name);
      return true;
    });
  }

  template <HasFields T>
  void read(const Json& json, const Path& path, T& into) const {
    members(json, path, [&](const std::string& name, const Json& value, const Path& here) {
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
  void read(const Json& json, const Path& path, std::optional<T>& content) const {
    content.reset();
    if (json.is_null()) return;
    T value{};
    read(json, path, value);
    content = std::move(value);
  }

  template <class T>
  void read(const Json& json, const Path& path, std::vector<T>& list) const {
    list.clear();
    list.reserve(array(json, path).size());
    for (std::size_t i = 0; i < json.size(); ++i) {
      read(json[i], Path{&path, {}, i}, list.emplace_back());
    }
  }

  void read(const Json& json, const Path& path, Object& into) const {
    if (!json.is_object() || !json.contains("kind")) refuse(path, "this has no kind");
    read(json["kind"], Path{&path, "kind", 0}, into.id.kind);
    into.definition = fresh_definition(into.id.kind);
    members(json, path, [&](const std::string& name, const Json& value, const Path& here) {
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
    ((Index == wanted ? (definition.emplace<Index>(), true) : false) || ...);
    return definition;
  }
  static Definition fresh_definition(Kind kind) {
    return definition_at(static_cast<std::size_t>(kind),
                         std::make_index_sequence<std::variant_size_v<Definition>>());
  }

  const ObjectId& at(const Json& json, const Path& path, const std::vector<ObjectId>& ids) const {
    std::size_t index = 0;
    read(json, path, index);
    if (index >= ids.size()) refuse(path, fmt::format("there is no object {}", index));
    return ids[index];
  }

  void read_objects(const Json& json, const Path& path, Schema& schema,
                    std::vector<ObjectId>& ids) const {
    for (std::size_t i = 0; i < array(json, path).size(); ++i) {
      const Path here{&path, {}, i};
      Object object;
      read(json[i], here, object);
      ids.push_back(object.id);
      if (schema.find(object.id) != nullptr)
        refuse(here, fmt::format("{} stands here twice", to_string(object.id)));
      ObjectId id = object.id;
      schema.objects.emplace_hint(schema.objects.end(), std::move(id), std::move(object));
    }
  }

  void read_dependencies(const Json& json, const Path& path, const std::vector<ObjectId>& ids,
                         Schema& schema) const {
    for (std::size_t i = 0; i < array(json, path).size(); ++i) {
      const Path here{&path, {}, i};
      const Json& pair = array(json[i], here);
      if (pair.size() != 2) refuse(here, "two numbers belong here");
      schema.dependencies.emplace_hint(schema.dependencies.end(),
                                       Dependency{at(pair[0], here, ids), at(pair[1], here, ids)});
    }
  }

  Snapshot snapshot(const Json& json) const {
    const Path top;
    if (!json.is_object() || !json.contains("limbeck_schema")) {
      refuse(top, "it is no schema of Limbeck's: it has no \"limbeck_schema\"");
    }
    int format = 0;
    read(json["limbeck_schema"], Path{&top, "limbeck_schema", 0}, format);
    if (format != schema_json_format) {
      refuse(top, fmt::format("it has the format {}, and this Limbeck reads {}", format,
                              schema_json_format));
    }
    if (!json.contains("dialect") || !json.contains("objects"))
      refuse(top, "it has no \"dialect\" or no \"objects\"");
    Snapshot result;
    std::vector<ObjectId> ids;
    read_objects(json["objects"], Path{&top, "objects", 0}, result.schema, ids);
    if (json.contains("others")) {
      std::vector<ObjectId> others;
      read(json["others"], Path{&top, "others", 0}, others);
      ids.insert(ids.end(), others.begin(), others.end());
    }
    members(json, top, [&](const std::string& name, const Json& value, const Path& here) {
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
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::parse_error& error) {
    const std::size_t offset = std::min(error.byte == 0 ? 0 : error.byte - 1, text.size());
    throw fault_at(text, offset, {file, 1, 1, {}},
                   offset >= text.size() ? "This JSON ends too early." : "This is no JSON.",
                   "make the snapshot anew with \"limbeck inspect --format json\"");
  }
  return Reader{file}.snapshot(json);
}

}  // namespace limbeck
