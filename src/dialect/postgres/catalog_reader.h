// What the topics of introspection share: queries, the rows that they give, and the objects read
// so far, found by the place that they have in the catalog.
//
// Oids stay in here: no object and no id holds one.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "dialect/connection.h"
#include "dialect/schema_dialect.h"
#include "schema/schema.h"

namespace limbeck::postgres {

using CatalogOid = std::uint32_t;

// The catalogs whose rows are objects, by their oids, which no version of PostgreSQL changes.
namespace catalog {
constexpr CatalogOid type = 1247;
constexpr CatalogOid procedure = 1255;
constexpr CatalogOid relation = 1259;
constexpr CatalogOid foreign_server = 1417;
constexpr CatalogOid user_mapping = 1418;
constexpr CatalogOid foreign_data_wrapper = 2328;
constexpr CatalogOid access_method_operator = 2602;
constexpr CatalogOid access_method_procedure = 2603;
constexpr CatalogOid column_default = 2604;
constexpr CatalogOid constraint = 2606;
constexpr CatalogOid name_space = 2615;
constexpr CatalogOid conversion = 2607;
constexpr CatalogOid cast = 2605;
constexpr CatalogOid access_method = 2601;
constexpr CatalogOid language = 2612;
constexpr CatalogOid operator_class = 2616;
constexpr CatalogOid operation = 2617;  // pg_operator
constexpr CatalogOid operator_family = 2753;
constexpr CatalogOid transform = 3576;
constexpr CatalogOid text_search_dictionary = 3600;
constexpr CatalogOid text_search_parser = 3601;
constexpr CatalogOid text_search_configuration = 3602;
constexpr CatalogOid text_search_template = 3764;
constexpr CatalogOid rewrite = 2618;
constexpr CatalogOid trigger = 2620;
constexpr CatalogOid extension = 3079;
constexpr CatalogOid policy = 3256;
constexpr CatalogOid statistics = 3381;
constexpr CatalogOid collation = 3456;
constexpr CatalogOid event_trigger = 3466;
constexpr CatalogOid subscription = 6100;
constexpr CatalogOid publication = 6104;
constexpr CatalogOid publication_relation = 6106;
constexpr CatalogOid publication_namespace = 6237;
constexpr CatalogOid default_acl = 826;
}  // namespace catalog

// An object's place: as pg_depend and pg_description name it.
struct Address {
  CatalogOid catalog = 0;
  CatalogOid object = 0;
  std::int32_t part = 0;  // the number of a column; 0: the whole

  bool operator==(const Address&) const = default;
};

struct AddressHash {
  std::size_t operator()(const Address& address) const {
    const std::uint64_t mixed = (std::uint64_t{address.object} << 32) ^
                                (std::uint64_t{address.catalog} << 16) ^
                                static_cast<std::uint32_t>(address.part);
    return static_cast<std::size_t>(mixed * 0x9E3779B97F4A7C15U >> 16);
  }
};

// One row of a query, read from left to right: the reader's code stands in the order of the
// query's columns.
class Fields {
 public:
  explicit Fields(Row& row) : row_(row) {}

  std::string text();  // "" for NULL
  char letter();       // of a "char" column; '\0' for NULL
  std::int64_t integer();
  bool flag() { return integer() != 0; }
  CatalogOid oid() { return static_cast<CatalogOid>(integer()); }
  std::vector<std::string> list();      // of a text[]
  std::vector<std::int64_t> numbers();  // of an int2vector, an oidvector, an int[], as text
  Options options();                    // of a text[] of "name=value"
  bool null() const { return is_null(row_[at_]); }
  void skip() { ++at_; }

 private:
  Row& row_;
  std::size_t at_ = 0;
};

struct ColumnFacts {
  std::string name = {};
  CatalogOid type = 0;
  CatalogOid collation = 0;
};

// How the letters of a catalog column are written in SQL.
struct LetterName {
  char letter;
  std::string_view name;
};
template <std::size_t n>
std::string name_of_letter(const std::array<LetterName, n>& names, char letter) {
  for (const LetterName& row : names)
    if (row.letter == letter) return std::string(row.name);
  return {};
}

// "O", "D", "R", "A": whether a trigger or rule fires.
Enabled enabled_from(char letter);

class CatalogReader {
 public:
  CatalogReader(Connection& connection, const IntrospectionOptions& options);

  const IntrospectionOptions& options() const { return options_; }
  // Whether the server has what came with a version: 15.
  bool since(int version) const { return version_ >= version; }
  // The expression when the server has it; what stands for it on an older one.
  std::string_view since(int version, std::string_view expression, std::string_view older) const {
    return since(version) ? expression : older;
  }

  // Calls read(Fields&) for each row.
  template <class Read>
  void each(const std::string& sql, const Read& read) {
    ResultSet result = connection_.query({.sql = sql});
    for (Row& row : result.rows) {
      Fields fields(row);
      read(fields);
    }
  }

  // The schemas whose objects are read, as an SQL array of oids.
  void set_namespaces(std::string array) { namespaces_ = std::move(array); }
  const std::string& namespaces() const { return namespaces_; }

  Object& add(const Address& address, ObjectId id, Definition definition);
  // The object is found at this address too: a type has a row in pg_class as well.
  void alias(const Address& address, Object& object) { objects_[address] = &object; }
  // What stands at this address is a piece of the object: the index of a constraint.
  void add_piece(const Address& address, Object& object) {
    objects_[address] = &object;
    pieces_.insert(address);
  }
  bool is_piece(const Address& address) const { return pieces_.count(address) != 0; }
  Object* find(const Address& address) const;
  // A table, view or whatever else pg_class holds.
  Object* relation(CatalogOid oid) const { return find({catalog::relation, oid}); }
  // The name of a table that was read.
  RelationName relation_name(CatalogOid oid) const;
  // A table's or a view's column; one without a name when it was not read.
  const ColumnFacts& column(CatalogOid relation, std::int64_t number) const;
  const std::string& column_name(CatalogOid relation, std::int64_t number) const {
    return column(relation, number).name;
  }
  std::vector<std::string> column_names(CatalogOid relation,
                                        const std::vector<std::int64_t>& numbers) const;
  void set_column(CatalogOid relation, std::int64_t number, ColumnFacts column);

  // What belongs to an extension; the extension is null when it came with the server.
  void set_member(const Address& address, const Object* extension) {
    members_[address] = extension;
  }
  bool is_member(const Address& address) const { return members_.count(address) != 0; }
  const Object* extension_of(const Address& address) const;

  // "pg_catalog."C"": of a collation that a column or an index uses.
  std::string collation_name(CatalogOid oid) const;
  void set_collation_name(CatalogOid oid, std::string name) { collations_[oid] = std::move(name); }

  // The relations with generated columns, as an SQL array of oids.
  void note_generated(CatalogOid relation) { generated_.insert(relation); }
  std::string generated() const;

  // The object is read for its name alone and left out in the end, with its parts and indexes.
  void hide(const Object& object) { hidden_.insert(&object); }
  void unmodelled(std::string what) { schema_.unmodelled.insert({std::move(what)}); }

  void depend(const Object& dependent, const Object& on) {
    if (&dependent != &on) edges_.emplace_back(&dependent, &on);
  }
  const Object* find(const ObjectId& id) const { return schema_.find(id); }
  std::map<ObjectId, Object>& objects() { return schema_.objects; }

  // Leaves out what is hidden or not asked for.
  Schema finish() &&;

 private:
  bool wanted(const Object& object) const;
  bool wanted_table(const ObjectId& table) const;

  Connection& connection_;
  const IntrospectionOptions& options_;
  int version_;
  std::string namespaces_;
  Schema schema_;
  std::unordered_map<Address, Object*, AddressHash> objects_;
  std::unordered_set<Address, AddressHash> pieces_;
  std::unordered_map<Address, ColumnFacts, AddressHash> columns_;
  std::unordered_map<Address, const Object*, AddressHash> members_;
  std::unordered_map<CatalogOid, std::string> collations_;
  std::set<CatalogOid> generated_;
  std::unordered_set<const Object*> hidden_;
  std::vector<std::pair<const Object*, const Object*>> edges_;
};

// "oid NOT IN (...)": the row of this catalog is no member of an extension.
std::string not_of_extension(CatalogOid table, std::string_view oid);

// The elements of a one-dimensional array in PostgreSQL's text form.
std::vector<std::string> array_elements(std::string_view text);

}  // namespace limbeck::postgres
