// Objects that stand beside the tables: schemas, extensions, foreign servers, publications, and
// those that are kept only as the statement that makes them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schema/field.h"
#include "schema/object_id.h"
#include "schema/table.h"

namespace limbeck {

struct Namespace {
  bool operator==(const Namespace&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple();
  }
};

// What an extension brought is no object of the schema.
struct Extension {
  std::string schema = {};
  std::string version = {};
  bool relocatable = true;

  bool operator==(const Extension&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("schema", &Extension::schema), field("version", &Extension::version),
                      field("relocatable", &Extension::relocatable, FieldRole::carried));
  }
};

struct ForeignDataWrapper {
  std::string handler = {};  // qualified and quoted; empty: none
  std::string validator = {};
  Options options = {};

  bool operator==(const ForeignDataWrapper&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("handler", &ForeignDataWrapper::handler),
                      field("validator", &ForeignDataWrapper::validator),
                      field("options", &ForeignDataWrapper::options));
  }
};

struct Server {
  std::string wrapper = {};
  std::string type = {};
  std::string version = {};
  Options options = {};

  bool operator==(const Server&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("wrapper", &Server::wrapper), field("type", &Server::type),
                      field("version", &Server::version), field("options", &Server::options));
  }
};

// Options whose names speak of secrets (password) are carried but never shown.
struct UserMapping {
  std::string server = {};
  std::string user = {};  // "PUBLIC" for everyone
  Options options = {};

  bool operator==(const UserMapping&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("server", &UserMapping::server), field("user", &UserMapping::user),
                      field("options", &UserMapping::options));
  }
};

struct PublishedTable {
  RelationName table = {};
  std::vector<std::string> columns = {};  // empty: all
  std::string filter = {};

  bool operator==(const PublishedTable&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("table", &PublishedTable::table),
                      field("columns", &PublishedTable::columns),
                      field("filter", &PublishedTable::filter));
  }
};

struct Publication {
  bool all_tables = false;
  std::vector<PublishedTable> tables = {};  // sorted by table
  std::vector<std::string> schemas = {};    // sorted
  std::string publish = {};                 // "insert, update, delete, truncate"
  bool via_partition_root = false;

  bool operator==(const Publication&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(
        field("all_tables", &Publication::all_tables), field("tables", &Publication::tables),
        field("schemas", &Publication::schemas), field("publish", &Publication::publish),
        field("via_partition_root", &Publication::via_partition_root));
  }
};

struct Subscription {
  std::string connection = {};  // never shown
  std::vector<std::string> publications = {};
  Options options = {};  // slot_name, binary, streaming, ...
  bool enabled = false;

  bool operator==(const Subscription&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("connection", &Subscription::connection),
                      field("publications", &Subscription::publications),
                      field("options", &Subscription::options),
                      field("enabled", &Subscription::enabled));
  }
};

// Kept as statements alone, and replaced as a whole.
struct Opaque {
  std::string create = {};
  std::string drop = {};

  bool operator==(const Opaque&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("create", &Opaque::create), field("drop", &Opaque::drop));
  }
};

// One privilege that one role has.
struct Privilege {
  std::string role = {};       // "PUBLIC" for everyone; "" for the object's owner, whoever that is
  std::string privilege = {};  // "SELECT"
  bool grantable = false;
  std::string column = {};  // of a column privilege

  auto operator<=>(const Privilege&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("role", &Privilege::role), field("privilege", &Privilege::privilege),
                      field("grantable", &Privilege::grantable),
                      field("column", &Privilege::column));
  }
};

// What ALTER DEFAULT PRIVILEGES says for one role, one schema (or all) and one kind of object.
struct DefaultPrivileges {
  std::string role = {};                   // whose objects
  std::string schema = {};                 // "": in every schema
  std::string objects = {};                // "TABLES"
  std::vector<Privilege> privileges = {};  // sorted: all that hold, not only what was added

  bool operator==(const DefaultPrivileges&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("role", &DefaultPrivileges::role),
                      field("schema", &DefaultPrivileges::schema),
                      field("objects", &DefaultPrivileges::objects),
                      field("privileges", &DefaultPrivileges::privileges));
  }
};

}  // namespace limbeck
