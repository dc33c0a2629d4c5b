// Owners and privileges, read by address; and default privileges.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

struct OwnedCatalog {
  std::string_view table;
  std::string_view prefix;  // of its columns
  CatalogOid oid = 0;
};
constexpr std::array<OwnedCatalog, 19> owned{{
    {"pg_namespace", "nsp", catalog::name_space},
    {"pg_class", "rel", catalog::relation},
    {"pg_type", "typ", catalog::type},
    {"pg_proc", "pro", catalog::procedure},
    {"pg_collation", "coll", catalog::collation},
    {"pg_statistic_ext", "stx", catalog::statistics},
    {"pg_event_trigger", "evt", catalog::event_trigger},
    {"pg_foreign_data_wrapper", "fdw", catalog::foreign_data_wrapper},
    {"pg_foreign_server", "srv", catalog::foreign_server},
    {"pg_publication", "pub", catalog::publication},
    {"pg_subscription", "sub", catalog::subscription},
    {"pg_language", "lan", catalog::language},
    {"pg_operator", "opr", catalog::operation},
    {"pg_opclass", "opc", catalog::operator_class},
    {"pg_opfamily", "opf", catalog::operator_family},
    {"pg_conversion", "con", catalog::conversion},
    {"pg_ts_dict", "dict", catalog::text_search_dictionary},
    {"pg_ts_config", "cfg", catalog::text_search_configuration},
    {"pg_extension", "ext", catalog::extension},
}};

// The catalogs whose objects have privileges, and how acldefault() names their kind.
struct GrantableCatalog {
  std::string_view table;
  std::string_view prefix;
  CatalogOid oid = 0;
  std::string_view kind;
};
constexpr std::array<GrantableCatalog, 7> grantable_catalogs{{
    {"pg_namespace", "nsp", catalog::name_space, "'n'"},
    {"pg_class", "rel", catalog::relation,
     "CASE WHEN o.relkind = 'S' THEN 's'::\"char\" ELSE 'r'::\"char\" END"},
    {"pg_type", "typ", catalog::type, "'T'"},
    {"pg_proc", "pro", catalog::procedure, "'f'"},
    {"pg_foreign_data_wrapper", "fdw", catalog::foreign_data_wrapper, "'F'"},
    {"pg_foreign_server", "srv", catalog::foreign_server, "'S'"},
    {"pg_language", "lan", catalog::language, "'l'"},
}};

// In the terms of a query over "acl": who has it, as Privilege::role says it.
std::string role_name(std::string_view owner) {
  return fmt::format(
      "CASE WHEN x.grantee = {} THEN '' WHEN x.grantee = 0 THEN 'PUBLIC' ELSE "
      "pg_get_userbyid(x.grantee)::text END",
      owner);
}

bool has_privileges(const Object& object) {
  static constexpr std::array<Kind, 13> kinds{
      Kind::schema,  Kind::enumeration, Kind::composite,
      Kind::domain,  Kind::range,       Kind::sequence,
      Kind::table,   Kind::view,        Kind::materialized_view,
      Kind::routine, Kind::aggregate,   Kind::foreign_data_wrapper,
      Kind::server};
  const Kind kind = object.id.kind;
  if (kind == Kind::opaque) return object.id.part == "language";
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

void add_privilege(CatalogReader& reader, const Address& address, Privilege privilege) {
  Object* object = reader.find(address);
  if (object == nullptr) return;
  if (reader.is_piece(address)) {
    if (object->id.kind == Kind::column && !privilege.role.empty())
      reader.unmodelled(fmt::format("privileges on the sequence of {}", to_string(object->id)));
    return;
  }
  if (has_privileges(*object)) object->privileges->push_back(std::move(privilege));
}

}  // namespace

void read_owners(CatalogReader& reader) {
  if (!reader.options().owners) return;
  std::string sql;
  for (const OwnedCatalog& rows : owned) {
    sql += fmt::format(
        "{}SELECT {}::int8, o.oid::int8, pg_get_userbyid(o.{}owner)::text FROM {} o WHERE o.oid >= "
        "16384 OR (o.oid = 2200 AND {} = {})",
        sql.empty() ? "" : " UNION ALL ", rows.oid, rows.prefix, rows.table, rows.oid,
        catalog::name_space);
  }
  reader.each(sql, [&](Fields& row) {
    const Address address{row.oid(), row.oid()};
    Object* object = reader.find(address);
    if (object != nullptr && !reader.is_piece(address)) object->owner = row.text();
  });
}

void read_privileges(CatalogReader& reader) {
  if (!reader.options().privileges) return;
  for (auto& [id, object] : reader.objects())
    if (has_privileges(object)) object.privileges.emplace();
  std::string sql;
  for (const GrantableCatalog& rows : grantable_catalogs) {
    const std::string owner = fmt::format("o.{}owner", rows.prefix);
    sql += fmt::format(
        "{0}SELECT {1}::int8, o.oid::int8, NULL::text, {2}, x.privilege_type, x.is_grantable FROM "
        "{3} o, aclexplode(coalesce(o.{4}acl, acldefault({5}, {6}))) x WHERE (o.oid >= 16384 OR "
        "o.oid = 2200)",
        sql.empty() ? "" : " UNION ALL ", rows.oid, role_name(owner), rows.table, rows.prefix,
        rows.kind, owner);
    if (rows.oid == catalog::relation) sql += " AND o.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')";
  }
  sql += fmt::format(
      " UNION ALL SELECT {}::int8, o.oid::int8, a.attname::text, {}, x.privilege_type, "
      "x.is_grantable FROM pg_class o JOIN pg_attribute a ON a.attrelid = o.oid, "
      "aclexplode(a.attacl) x WHERE a.attacl IS NOT NULL AND a.attnum > 0 AND NOT a.attisdropped "
      "AND o.oid >= 16384",
      catalog::relation, role_name("o.relowner"));
  reader.each(sql, [&](Fields& row) {
    const Address address{row.oid(), row.oid()};
    std::string column = row.text();
    Privilege privilege{.role = row.text(),
                        .privilege = row.text(),
                        .grantable = row.flag(),
                        .column = std::move(column)};
    add_privilege(reader, address, std::move(privilege));
  });
  // Several grantors may have given the same.
  for (auto& [id, object] : reader.objects()) {
    if (!object.privileges) continue;
    auto& held = *object.privileges;
    std::sort(held.begin(), held.end());
    held.erase(std::unique(held.begin(), held.end()), held.end());
  }
}

void read_default_privileges(CatalogReader& reader) {
  if (!reader.options().privileges) return;
  constexpr std::array<LetterName, 6> kinds{{{'r', "TABLES"},
                                             {'S', "SEQUENCES"},
                                             {'f', "FUNCTIONS"},
                                             {'T', "TYPES"},
                                             {'n', "SCHEMAS"},
                                             {'L', "LARGE OBJECTS"}}};
  const std::string sql = fmt::format(
      "SELECT d.oid::int8, pg_get_userbyid(d.defaclrole)::text, n.nspname, d.defaclobjtype, {}, "
      "x.privilege_type, x.is_grantable FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = "
      "d.defaclnamespace LEFT JOIN LATERAL aclexplode(d.defaclacl) x ON true",
      role_name("d.defaclrole"));
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::default_acl, row.oid()};
    DefaultPrivileges defaults{.role = row.text(),
                               .schema = row.text(),
                               .objects = name_of_letter(kinds, row.letter()),
                               .privileges = {}};
    Object* object = reader.find(address);
    if (object == nullptr) {
      ObjectId id{Kind::default_privileges, defaults.schema, defaults.objects, defaults.role};
      object = &reader.add(address, std::move(id), std::move(defaults));
    }
    std::string role = row.text();
    // Nothing is left: the default ones were taken away.
    if (row.null()) return;
    auto& held = as<DefaultPrivileges>(*object).privileges;
    held.push_back(
        {.role = std::move(role), .privilege = row.text(), .grantable = row.flag(), .column = {}});
    std::sort(held.begin(), held.end());
  });
}

}  // namespace limbeck::postgres
