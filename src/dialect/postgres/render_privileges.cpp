// GRANT and REVOKE, of objects and of those that are to come (ALTER DEFAULT PRIVILEGES).
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "dialect/postgres/object_name.h"
#include "dialect/postgres/render_attributes.h"
#include "dialect/postgres/sql_text.h"

namespace limbeck::postgres {
namespace {

using Privileges = std::vector<Privilege>;

struct BuiltIn {
  std::string_view objects;  // in ALTER DEFAULT PRIVILEGES
  std::vector<std::string> owner;
  std::vector<std::string> everyone;
};

BuiltIn built_in(std::string_view objects) {
  if (objects == "TABLES")
    return {
        objects, {"INSERT", "SELECT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"}, {}};
  if (objects == "SEQUENCES") return {objects, {"SELECT", "UPDATE", "USAGE"}, {}};
  if (objects == "FUNCTIONS" || objects == "ROUTINES") return {objects, {"EXECUTE"}, {"EXECUTE"}};
  if (objects == "TYPES") return {objects, {"USAGE"}, {"USAGE"}};
  if (objects == "SCHEMAS") return {objects, {"USAGE", "CREATE"}, {}};
  if (objects == "FOREIGN") return {objects, {"USAGE"}, {}};
  return {objects, {}, {}};
}

Privileges built_in_privileges(std::string_view objects) {
  const BuiltIn rights = built_in(objects);
  Privileges privileges;
  for (const std::string& right : rights.owner) privileges.push_back({"", right, false, ""});
  for (const std::string& right : rights.everyone)
    privileges.push_back({"PUBLIC", right, false, ""});
  std::sort(privileges.begin(), privileges.end());
  return privileges;
}

// The kinds of objects that have privileges, as ALTER DEFAULT PRIVILEGES calls them.
constexpr std::array<std::pair<Kind, std::string_view>, 13> groups{{
    {Kind::schema, "SCHEMAS"},
    {Kind::table, "TABLES"},
    {Kind::view, "TABLES"},
    {Kind::materialized_view, "TABLES"},
    {Kind::sequence, "SEQUENCES"},
    {Kind::routine, "FUNCTIONS"},
    {Kind::aggregate, "FUNCTIONS"},
    {Kind::enumeration, "TYPES"},
    {Kind::composite, "TYPES"},
    {Kind::domain, "TYPES"},
    {Kind::range, "TYPES"},
    {Kind::foreign_data_wrapper, "FOREIGN"},
    {Kind::server, "FOREIGN"},
}};

std::string_view group_of(Kind kind) {
  const auto* found = std::find_if(groups.begin(), groups.end(),
                                   [&](const auto& group) { return group.first == kind; });
  return found == groups.end() ? std::string_view() : found->second;
}

bool holds(const Privileges& privileges, const Privilege& wanted) {
  return std::find(privileges.begin(), privileges.end(), wanted) != privileges.end();
}

bool holds_in_some_way(const Privileges& privileges, const Privilege& wanted) {
  return std::any_of(privileges.begin(), privileges.end(), [&](const Privilege& privilege) {
    return privilege.role == wanted.role && privilege.privilege == wanted.privilege &&
           privilege.column == wanted.column;
  });
}

// Owners who are not known by name are the ones who run the statement.
struct PrivilegeTarget {
  std::string prefix;  // "ALTER DEFAULT PRIVILEGES FOR ROLE r ", empty
  std::string on;      // "TABLE public.users", "TABLES"
  std::string owner;
  std::string column;  // of a column object
};

using Grouped = std::map<std::tuple<std::string, bool, std::string>, std::vector<std::string>>;

Grouped grouped(const Privileges& privileges) {
  Grouped groups_of_rights;
  for (const Privilege& privilege : privileges)
    groups_of_rights[{privilege.role, privilege.grantable, privilege.column}].push_back(
        privilege.privilege);
  return groups_of_rights;
}

std::string rights_sql(const std::vector<std::string>& rights, const std::string& column,
                       const PrivilegeTarget& place) {
  const std::string& of = column.empty() ? place.column : column;
  std::vector<std::string> items;
  items.reserve(rights.size());
  for (const std::string& right : rights)
    items.push_back(of.empty() ? right : right + " (" + name_sql(of) + ")");
  return joined(items);
}

std::string grantee_sql(const std::string& role, const PrivilegeTarget& place) {
  return role_sql(role.empty() ? place.owner : role);
}

void revoke(Script& script, const PrivilegeTarget& place, const Privileges& privileges,
            std::string_view what = "") {
  for (const auto& [key, rights] : grouped(privileges)) {
    const auto& [role, grantable, column] = key;
    script.add(place.prefix + "REVOKE " + std::string(what) + rights_sql(rights, column, place) +
               " ON " + place.on + " FROM " + grantee_sql(role, place));
  }
}

void grant(Script& script, const PrivilegeTarget& place, const Privileges& privileges) {
  for (const auto& [key, rights] : grouped(privileges)) {
    const auto& [role, grantable, column] = key;
    script.add(place.prefix + "GRANT " + rights_sql(rights, column, place) + " ON " + place.on +
               " TO " + grantee_sql(role, place) + (grantable ? " WITH GRANT OPTION" : ""));
  }
}

void change(Script& script, const PrivilegeTarget& place, const Privileges& from,
            const Privileges& to) {
  Privileges revoked;
  Privileges options_revoked;
  Privileges granted;
  for (const Privilege& privilege : from) {
    if (holds(to, privilege)) continue;
    if (!holds_in_some_way(to, privilege))
      revoked.push_back(privilege);
    else if (privilege.grantable)
      options_revoked.push_back(privilege);
  }
  for (const Privilege& privilege : to)
    if (!holds(from, privilege) && (privilege.grantable || !holds_in_some_way(from, privilege)))
      granted.push_back(privilege);
  revoke(script, place, revoked);
  revoke(script, place, options_revoked, "GRANT OPTION FOR ");
  grant(script, place, granted);
}

PrivilegeTarget place_of(const Object& object) {
  return {.prefix = "",
          .on = privilege_address_of(object),
          .owner = object.owner,
          .column = object.id.kind == Kind::column ? object.id.part : ""};
}

// What default privileges may have given to a new object: those in force depend on the role that
// creates it, so all of them count.
Privileges possible_privileges(const Script& script, const Object& object) {
  const std::string_view group = group_of(object.id.kind);
  Privileges possible;
  for (const Schema* schema : {&script.from, &script.to}) {
    for (auto at = schema->objects.lower_bound({Kind::default_privileges, "", "", ""});
         at != schema->objects.end() && at->first.kind == Kind::default_privileges; ++at) {
      const auto& defaults = as<DefaultPrivileges>(at->second);
      if (defaults.objects != group ||
          !(defaults.schema.empty() || defaults.schema == object.id.schema))
        continue;
      for (const Privilege& privilege : defaults.privileges)
        if (!privilege.role.empty()) possible.push_back(privilege);
    }
  }
  std::sort(possible.begin(), possible.end());
  possible.erase(std::unique(possible.begin(), possible.end()), possible.end());
  return possible;
}

std::string objects_address(const DefaultPrivileges& privileges) {
  return "ALTER DEFAULT PRIVILEGES" +
         (privileges.role.empty() ? "" : " FOR ROLE " + name_sql(privileges.role)) +
         (privileges.schema.empty() ? "" : " IN SCHEMA " + name_sql(privileges.schema)) + " ";
}

// Those of one schema add to what holds everywhere; those of every schema stand in its place.
Privileges starting_point(const DefaultPrivileges& privileges) {
  return privileges.schema.empty() ? built_in_privileges(privileges.objects) : Privileges{};
}

void change_defaults(Script& script, const DefaultPrivileges& about, const Privileges& from,
                     const Privileges& to) {
  change(script,
         {.prefix = objects_address(about), .on = about.objects, .owner = about.role, .column = ""},
         from, to);
}

}  // namespace

std::vector<Privilege> built_in_privileges(Kind kind) {
  return built_in_privileges(group_of(kind));
}

void set_privileges(Script& script, const Object& object) {
  if (!object.privileges || privilege_address_of(object).empty()) return;
  const Privileges built = built_in_privileges(object.id.kind);
  const Privileges possible = possible_privileges(script, object);
  Privileges surplus;
  for (const Privilege& privilege : possible)
    if (!holds(*object.privileges, privilege)) surplus.push_back(privilege);
  if (possible.empty()) {
    change(script, place_of(object), built, *object.privileges);
    return;
  }
  for (const Privilege& privilege : built)
    if (!holds_in_some_way(*object.privileges, privilege)) surplus.push_back(privilege);
  revoke(script, place_of(object), surplus);
  grant(script, place_of(object), *object.privileges);
}

void change_privileges(Script& script, const Object& from, const Object& to) {
  if (!from.privileges || !to.privileges || privilege_address_of(to).empty()) return;
  change(script, place_of(to), *from.privileges, *to.privileges);
}

void create_definition(Script& script, const Object& /*object*/,
                       const DefaultPrivileges& privileges) {
  change_defaults(script, privileges, starting_point(privileges), privileges.privileges);
}

void drop_definition(Script& script, const Object& /*object*/,
                     const DefaultPrivileges& privileges) {
  change_defaults(script, privileges, privileges.privileges, starting_point(privileges));
}

void alter_definition(Script& script, const Object& /*object*/, const DefaultPrivileges& from,
                      const DefaultPrivileges& to) {
  change_defaults(script, to, from.privileges, to.privileges);
}

}  // namespace limbeck::postgres
