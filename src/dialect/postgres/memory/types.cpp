#include "dialect/postgres/memory/types.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

struct BuiltIn {
  std::string_view name;    // in pg_type
  std::string_view format;  // "%" stands for the modifier; at the end when there is none
  char category;
  bool preferred = false;
  bool collatable = false;
  char storage = 'p';
};

// Sorted by name.
constexpr std::array built_ins = std::to_array<BuiltIn>({
    {"any", "\"any\"", 'P'},
    {"anyarray", "anyarray", 'P', false, false, 'x'},
    {"anycompatible", "anycompatible", 'P'},
    {"anycompatiblearray", "anycompatiblearray", 'P', false, false, 'x'},
    {"anyelement", "anyelement", 'P'},
    {"anyenum", "anyenum", 'P'},
    {"anynonarray", "anynonarray", 'P'},
    {"anyrange", "anyrange", 'P', false, false, 'x'},
    {"bit", "bit", 'V', false, false, 'x'},
    {"bool", "boolean", 'B', true},
    {"box", "box", 'G'},
    {"bpchar", "character", 'S', false, true, 'x'},
    {"bytea", "bytea", 'U', false, false, 'x'},
    {"char", "\"char\"", 'Z'},
    {"cid", "cid", 'U'},
    {"cidr", "cidr", 'I', false, false, 'm'},
    {"circle", "circle", 'G'},
    {"cstring", "cstring", 'P'},
    {"date", "date", 'D'},
    {"datemultirange", "datemultirange", 'R', false, false, 'x'},
    {"daterange", "daterange", 'R', false, false, 'x'},
    {"event_trigger", "event_trigger", 'P'},
    {"fdw_handler", "fdw_handler", 'P'},
    {"float4", "real", 'N'},
    {"float8", "double precision", 'N', true},
    {"inet", "inet", 'I', true, false, 'm'},
    {"int2", "smallint", 'N'},
    {"int4", "integer", 'N'},
    {"int4multirange", "int4multirange", 'R', false, false, 'x'},
    {"int4range", "int4range", 'R', false, false, 'x'},
    {"int8", "bigint", 'N'},
    {"int8multirange", "int8multirange", 'R', false, false, 'x'},
    {"int8range", "int8range", 'R', false, false, 'x'},
    {"internal", "internal", 'P'},
    {"interval", "interval", 'T', true},
    {"json", "json", 'U', false, false, 'x'},
    {"jsonb", "jsonb", 'U', false, false, 'x'},
    {"jsonpath", "jsonpath", 'U', false, false, 'x'},
    {"language_handler", "language_handler", 'P'},
    {"line", "line", 'G'},
    {"lseg", "lseg", 'G'},
    {"macaddr", "macaddr", 'U'},
    {"macaddr8", "macaddr8", 'U'},
    {"money", "money", 'N'},
    {"name", "name", 'S', false, true},
    {"numeric", "numeric", 'N', false, false, 'm'},
    {"nummultirange", "nummultirange", 'R', false, false, 'x'},
    {"numrange", "numrange", 'R', false, false, 'x'},
    {"oid", "oid", 'N', true},
    {"path", "path", 'G', false, false, 'x'},
    {"pg_lsn", "pg_lsn", 'U'},
    {"point", "point", 'G'},
    {"polygon", "polygon", 'G', false, false, 'x'},
    {"record", "record", 'P', false, false, 'x'},
    {"regclass", "regclass", 'N'},
    {"regconfig", "regconfig", 'N'},
    {"regnamespace", "regnamespace", 'N'},
    {"regoper", "regoper", 'N'},
    {"regproc", "regproc", 'N'},
    {"regprocedure", "regprocedure", 'N'},
    {"regrole", "regrole", 'N'},
    {"regtype", "regtype", 'N'},
    {"table_am_handler", "table_am_handler", 'P'},
    {"text", "text", 'S', true, true, 'x'},
    {"tid", "tid", 'U'},
    {"time", "time% without time zone", 'D'},
    {"timestamp", "timestamp% without time zone", 'D'},
    {"timestamptz", "timestamp% with time zone", 'D', true},
    {"timetz", "time% with time zone", 'D'},
    {"trigger", "trigger", 'P'},
    {"tsmultirange", "tsmultirange", 'R', false, false, 'x'},
    {"tsquery", "tsquery", 'U'},
    {"tsrange", "tsrange", 'R', false, false, 'x'},
    {"tstzmultirange", "tstzmultirange", 'R', false, false, 'x'},
    {"tstzrange", "tstzrange", 'R', false, false, 'x'},
    {"tsvector", "tsvector", 'U', false, false, 'x'},
    {"uuid", "uuid", 'U'},
    {"varbit", "bit varying", 'V', true, false, 'x'},
    {"varchar", "character varying", 'S', false, true, 'x'},
    {"void", "void", 'P'},
    {"xid", "xid", 'U'},
    {"xid8", "xid8", 'U'},
    {"xml", "xml", 'U', false, false, 'x'},
});

const BuiltIn* built_in_named(std::string_view name) {
  const auto* found = std::lower_bound(
      built_ins.begin(), built_ins.end(), name,
      [](const BuiltIn& row, std::string_view wanted) { return row.name < wanted; });
  return found != built_ins.end() && found->name == name ? found : nullptr;
}

std::string format_scalar(const Type& type, const std::string& modifier) {
  const BuiltIn* row = type.object ? nullptr : built_in_named(type.name);
  if (row == nullptr) return type.name + modifier;
  // Without a length these are other types of SQL.
  if (row->name == "bpchar" && modifier.empty()) return "bpchar";
  if (row->name == "bit" && modifier.empty()) return "\"bit\"";
  std::string text(row->format);
  const std::size_t place = text.find('%');
  if (place == std::string::npos) return text + modifier;
  return text.replace(place, 1, modifier);
}

// interval's first modifier is a set of fields, as bits.
constexpr std::array interval_fields = std::to_array<std::pair<int, std::string_view>>({
    {1 << 2, " year"},
    {1 << 1, " month"},
    {1 << 3, " day"},
    {1 << 10, " hour"},
    {1 << 11, " minute"},
    {1 << 12, " second"},
    {(1 << 2) | (1 << 1), " year to month"},
    {(1 << 3) | (1 << 10), " day to hour"},
    {(1 << 3) | (1 << 10) | (1 << 11), " day to minute"},
    {(1 << 3) | (1 << 10) | (1 << 11) | (1 << 12), " day to second"},
    {(1 << 10) | (1 << 11), " hour to minute"},
    {(1 << 10) | (1 << 11) | (1 << 12), " hour to second"},
    {(1 << 11) | (1 << 12), " minute to second"},
});

std::string modifier_text(const Node* node) {
  if (node->node_case == PG_QUERY__NODE__NODE_A_CONST) {
    const PgQuery__AConst& value = *node->a_const;
    if (value.val_case == PG_QUERY__A__CONST__VAL_IVAL) return std::to_string(value.ival->ival);
    if (value.val_case == PG_QUERY__A__CONST__VAL_SVAL) return text(value.sval->sval);
    if (value.val_case == PG_QUERY__A__CONST__VAL_FVAL) return text(value.fval->fval);
  }
  return expression_text(node);
}

std::string interval_modifier(Nodes modifiers) {
  std::string fields;
  const std::string first = modifier_text(modifiers[0]);
  for (const auto& [bits, name] : interval_fields)
    if (std::to_string(bits) == first) fields = name;
  if (modifiers.size() > 1) fields += fmt::format("({})", modifier_text(modifiers[1]));
  return fields;
}

std::string modifier_of(const Type& type, Nodes modifiers) {
  if (modifiers.empty()) return {};
  if (type.name == "interval") return interval_modifier(modifiers);
  std::string text;
  for (const Node* node : modifiers) {
    if (!text.empty()) text += ',';
    text += modifier_text(node);
  }
  // numeric(5) is numeric(5,0)
  if (type.name == "numeric" && modifiers.size() == 1) text += ",0";
  return "(" + text + ")";
}

Type user_type(const Object& object) {
  return {.name = qualified(object.id), .object = object.id};
}

constexpr std::initializer_list<Kind> kinds_of_types{
    Kind::enumeration, Kind::domain, Kind::composite,        Kind::range,
    Kind::table,       Kind::view,   Kind::materialized_view};

// Types of extensions that come with PostgreSQL or are well known.
constexpr std::array extension_types =
    std::to_array<std::pair<std::string_view, std::string_view>>({
        {"citext", "citext"},
        {"cube", "cube"},
        {"geography", "postgis"},
        {"geometry", "postgis"},
        {"halfvec", "vector"},
        {"hstore", "hstore"},
        {"isbn", "isn"},
        {"lquery", "ltree"},
        {"ltree", "ltree"},
        {"ltxtquery", "ltree"},
        {"seg", "seg"},
        {"sparsevec", "vector"},
        {"vector", "vector"},
    });

std::optional<Type> extension_type(Catalog& catalog, const Name& name) {
  bool any = false;
  const auto& objects = catalog.schema().objects;
  for (auto at = objects.lower_bound(ObjectId{Kind::extension, "", "", ""});
       at != objects.end() && at->first.kind == Kind::extension; ++at) {
    const auto& [id, object] = *at;
    any = true;
    for (const auto& [type, extension] : extension_types) {
      if (type != name.name || extension != id.name) continue;
      const std::string& schema = as<Extension>(object).schema;
      if (!name.schema.empty() && name.schema != schema) continue;
      return Type{.name = qualified(schema, name.name), .object = id};
    }
  }
  if (!any) return std::nullopt;
  return Type{.name = qualified(name.schema.empty() ? "public" : name.schema, name.name),
              .doubt = fmt::format("the type {} may be one of an extension", name.name)};
}

}  // namespace

RelationName unquoted(std::string_view text) {
  RelationName name;
  std::string part;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"') {
      part += '"';
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == '.' && !quoted) {
      name.schema = std::move(part);
      part.clear();
    } else {
      part += text[i];
    }
  }
  name.name = std::move(part);
  return name;
}

Type built_in(std::string_view key) {
  Type type;
  type.array = !key.empty() && key[0] == '_';
  type.name = std::string(key.substr(type.array ? 1 : 0));
  return type;
}

std::string format(const Type& type) {
  return format_scalar(type, type.modifier) + (type.array ? "[]" : "");
}

std::string label(const Type& type) {
  Type bare = type;
  bare.modifier.clear();
  return format(bare);
}

Type resolve(Catalog& catalog, const PgQuery__TypeName& name) {
  const Nodes names{name.names, name.n_names};
  const Name written = name_of(names);
  Type type;
  const bool searched = written.schema.empty();
  std::string plain = written.name;
  bool array = name.n_array_bounds > 0;
  // _int4 is the name that the server gives to the array type.
  if (plain.size() > 1 && plain[0] == '_' && built_in_named(plain.substr(1)) != nullptr) {
    array = true;
    plain.erase(0, 1);
  }
  if ((searched || written.schema == "pg_catalog") && built_in_named(plain) != nullptr) {
    type.name = plain;
  } else if (const Object* object = catalog.search(kinds_of_types, written)) {
    type = user_type(*object);
  } else if (auto found = extension_type(catalog, written)) {
    type = std::move(*found);
  } else {
    catalog.fail_missing("type", written);
  }
  type.array = array;
  type.modifier = modifier_of(type, {name.typmods, name.n_typmods});
  // What the parser gives to char and bit without a length.
  if (type.modifier.empty() && !searched && (type.name == "bpchar" || type.name == "bit"))
    type.modifier = name.n_typmods > 0 ? type.modifier : std::string();
  return type;
}

Type parse_type(const Catalog& catalog, const std::string& text) {
  Type type;
  std::string scalar = text;
  if (scalar.size() > 2 && scalar.compare(scalar.size() - 2, 2, "[]") == 0) {
    type.array = true;
    scalar.resize(scalar.size() - 2);
  }
  const std::size_t open = scalar.find('(');
  if (open != std::string::npos) {
    const std::size_t close = scalar.find(')', open);
    if (close != std::string::npos) {
      type.modifier = scalar.substr(open, close + 1 - open);
      scalar.erase(open, close + 1 - open);
    }
  }
  if (scalar == "bpchar") scalar = "character";
  if (scalar == "\"bit\"") scalar = "bit";
  for (const BuiltIn& row : built_ins) {
    std::string bare(row.format);
    if (const std::size_t place = bare.find('%'); place != std::string::npos) bare.erase(place, 1);
    if (bare == scalar) {
      type.name = row.name;
      return type;
    }
  }
  if (scalar.compare(0, 9, "interval ") == 0) {
    type.modifier = scalar.substr(8) + type.modifier;
    type.name = "interval";
    return type;
  }
  type.name = scalar;
  const RelationName name = unquoted(scalar);
  for (const Kind kind : kinds_of_types)
    if (catalog.find(kind, name.schema, name.name) != nullptr)
      type.object = ObjectId{kind, name.schema, name.name, ""};
  if (!type.object)
    for (const auto& [extension_type_name, extension] : extension_types)
      if (extension_type_name == name.name &&
          catalog.find(Kind::extension, "", std::string(extension)) != nullptr)
        type.object = ObjectId{Kind::extension, "", std::string(extension), ""};
  return type;
}

Type base_type(const Catalog& catalog, const Type& type) {
  Type base = type;
  for (int depth = 0; depth < 32 && !base.array && base.object; ++depth) {
    const Object* object = catalog.schema().find(*base.object);
    const auto* domain = object == nullptr ? nullptr : std::get_if<Domain>(&object->definition);
    if (domain == nullptr) break;
    base = parse_type(catalog, domain->type);
  }
  return base;
}

char category(const Catalog& catalog, const Type& type) {
  if (type.array) return 'A';
  const Type base = base_type(catalog, type);
  if (base.array) return 'A';
  if (base.unknown()) return 'X';
  if (const BuiltIn* row = base.object ? nullptr : built_in_named(base.name)) return row->category;
  if (!base.object) return 'U';
  switch (base.object->kind) {
    case Kind::enumeration:
      return 'E';
    case Kind::range:
      return 'R';
    case Kind::extension:
      return base.name.find("citext") != std::string::npos ? 'S' : 'U';
    default:
      return 'C';
  }
}

bool is_preferred(const Type& type) {
  if (type.array || type.object) return false;
  const BuiltIn* row = built_in_named(type.name);
  return row != nullptr && row->preferred;
}

bool is_collatable(const Catalog& catalog, const Type& type) {
  const Type base = base_type(catalog, type);
  if (base.object) return base.object->kind == Kind::extension && category(catalog, base) == 'S';
  const BuiltIn* row = built_in_named(base.name);
  return row != nullptr && row->collatable;
}

std::string_view default_storage(const Catalog& catalog, const Type& type) {
  const Type base = base_type(catalog, type);
  if (base.array) return "extended";
  const BuiltIn* row = base.object ? nullptr : built_in_named(base.name);
  if (row == nullptr)
    return base.object && base.object->kind == Kind::enumeration ? "plain" : "extended";
  return row->storage == 'p' ? "plain" : row->storage == 'm' ? "main" : "extended";
}

std::string_view serial_type(const PgQuery__TypeName& name) {
  if (name.n_names != 1 || name.n_array_bounds != 0) return {};
  constexpr std::array serials = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"serial", "int4"},
      {"serial4", "int4"},
      {"bigserial", "int8"},
      {"serial8", "int8"},
      {"smallserial", "int2"},
      {"serial2", "int2"},
  });
  const std::string written = text(name.names[0]);
  for (const auto& [serial, type] : serials)
    if (written == serial) return type;
  return {};
}

std::string collation_of(const Catalog& catalog, Type type) {
  while (type.object && !type.array) {
    const Object* object = catalog.schema().find(*type.object);
    const auto* domain = object == nullptr ? nullptr : std::get_if<Domain>(&object->definition);
    if (domain == nullptr) break;
    if (!domain->collation.empty()) return domain->collation;
    type = parse_type(catalog, domain->type);
  }
  return "pg_catalog.\"default\"";
}

std::string resolve_collation(Catalog& catalog, Nodes names) {
  const Name name = name_of(names);
  if (const Object* found = catalog.search({Kind::collation}, name)) return qualified(found->id);
  return "pg_catalog." + identifier(name.name);
}

std::optional<ObjectId> user_collation(const Catalog& catalog, const std::string& qualified) {
  const RelationName name = unquoted(qualified);
  ObjectId id{Kind::collation, name.schema, name.name, ""};
  if (catalog.schema().find(id) == nullptr) return std::nullopt;
  return id;
}

}  // namespace limbeck::postgres::memory
