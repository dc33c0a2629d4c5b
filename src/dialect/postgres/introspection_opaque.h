// How the topics of introspection that keep objects as statements ask for them.
#pragma once

#include <string_view>

#include "dialect/postgres/catalog_reader.h"

namespace limbeck::postgres {

// Each member but the first two is SQL over a row that is called "o".
struct OpaqueQuery {
  CatalogOid oid = 0;           // of the catalog
  std::string_view what;        // "text search parser"
  std::string_view name_space;  // "''" for what stands in no schema
  std::string_view name;        // unique among its like
  std::string_view create;      // the statements that make it, separated by ";\n"
  std::string_view drop;        // what follows DROP
  std::string_view from;        // with WHERE; "@" stands for the schemas that are read
};

// Adds an opaque object for each row that is no member of an extension.
void read_opaque(CatalogReader& reader, const OpaqueQuery& query);

}  // namespace limbeck::postgres
