// The edges between objects, from pg_depend and from what the ids say themselves.
#include <fmt/format.h>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

struct DependencyRow {
  Address dependent;
  Address on;
  char type = '\0';
};

std::vector<DependencyRow> read_rows(CatalogReader& reader) {
  std::vector<DependencyRow> rows;
  // What a new database holds by itself is never missing, and the schema that an object stands in
  // is in its id. Many rows tell of what was folded already: TOAST tables, the sequences of
  // identity columns, the indexes and triggers of constraints, the row types of tables.
  const std::string sql = fmt::format(
      "SELECT d.classid::int8, d.objid::int8, d.objsubid, d.refclassid::int8, d.refobjid::int8, "
      "d.refobjsubid, d.deptype FROM pg_depend d WHERE d.objid >= 16384 AND d.refobjid >= 16384 "
      "AND "
      "d.deptype <> 'e' AND (d.refclassid <> {0} OR d.classid IN ({1}, {2})) AND NOT (d.deptype = "
      "'i' AND (d.classid, d.refclassid) IN (({3}, {3}), ({3}, {4}), ({5}, {3}), ({6}, {4})))",
      catalog::name_space, catalog::extension, catalog::default_acl, catalog::relation,
      catalog::constraint, catalog::type, catalog::trigger);
  reader.each(sql, [&](Fields& row) {
    rows.push_back({{row.oid(), row.oid(), static_cast<std::int32_t>(row.integer())},
                    {row.oid(), row.oid(), static_cast<std::int32_t>(row.integer())},
                    row.letter()});
  });
  return rows;
}

class Resolver {
 public:
  Resolver(const CatalogReader& reader, const std::vector<DependencyRow>& rows) : reader_(reader) {
    for (const DependencyRow& row : rows) {
      // The operators and functions of a class or family are rows of their own.
      const bool member = row.dependent.catalog == catalog::access_method_operator ||
                          row.dependent.catalog == catalog::access_method_procedure;
      const bool family =
          row.on.catalog == catalog::operator_class || row.on.catalog == catalog::operator_family;
      if (row.type == 'i' || (member && family && row.type == 'a'))
        owners_.emplace(row.dependent, row.on);
    }
  }

  // The object at the address, or the one that it is a piece of; the extension that it came with.
  const Object* resolve(Address address) const {
    // A chain of pieces has two or three links.
    for (int depth = 0; depth < 8; ++depth) {
      const Address whole{address.catalog, address.object, 0};
      if (reader_.is_member(whole)) return reader_.extension_of(whole);
      if (const Object* object = reader_.find(address)) return object;
      if (address.part != 0) {
        address = whole;
        continue;
      }
      const auto owner = owners_.find(address);
      if (owner == owners_.end()) return nullptr;
      address = owner->second;
    }
    return nullptr;
  }

 private:
  const CatalogReader& reader_;
  std::unordered_map<Address, Address, AddressHash> owners_;
};

// From everything that stands in a schema to that schema.
void depend_on_namespaces(CatalogReader& reader, const Resolver& resolver) {
  std::unordered_map<std::string, const Object*> by_name;
  reader.each("SELECT n.oid::int8, n.nspname FROM pg_namespace n", [&](Fields& row) {
    const Object* name_space = resolver.resolve({catalog::name_space, row.oid()});
    std::string name = row.text();
    if (name_space != nullptr) by_name.emplace(std::move(name), name_space);
  });
  for (const auto& [id, object] : reader.objects()) {
    if (is_part(id.kind)) continue;
    if (id.kind == Kind::publication) {
      for (const std::string& published : as<Publication>(object).schemas)
        if (const auto on = by_name.find(published); on != by_name.end())
          reader.depend(object, *on->second);
    }
    const std::string& name = id.kind == Kind::extension ? as<Extension>(object).schema : id.schema;
    const auto found = by_name.find(name);
    // An extension may have made the schema that it stands in.
    if (found != by_name.end()) reader.depend(object, *found->second);
  }
}

}  // namespace

void read_dependencies(CatalogReader& reader) {
  const std::vector<DependencyRow> rows = read_rows(reader);
  const Resolver resolver(reader, rows);
  for (const DependencyRow& row : rows) {
    if (reader.is_member({row.dependent.catalog, row.dependent.object, 0})) continue;
    // A copy of a foreign key for a partition that it refers to is folded into the foreign key,
    // which does not need that partition.
    if (row.dependent.catalog == catalog::constraint && reader.find(row.dependent) == nullptr)
      continue;
    const Object* dependent = resolver.resolve(row.dependent);
    const Object* on = resolver.resolve(row.on);
    if (dependent == nullptr || on == nullptr) continue;
    if (row.type == 'x')
      reader.unmodelled(
          fmt::format("{} DEPENDS ON {}", to_string(dependent->id), to_string(on->id)));
    reader.depend(*dependent, *on);
  }
  depend_on_namespaces(reader, resolver);
}

}  // namespace limbeck::postgres
