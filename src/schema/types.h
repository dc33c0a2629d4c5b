// User-defined types: enum, composite, domain, range, and the collations that columns and types
// use.
//
// Types are named as the database writes them with an empty search_path: "integer",
// "character varying(255)", "public.mood[]". Expressions are in the database's canonical text.
#pragma once

#include <string>
#include <vector>

#include "schema/field.h"

namespace limbeck {

struct Collation {
  std::string provider = {};  // "libc", "icu"
  std::string locale = {};
  std::string collate = {};
  std::string ctype = {};
  bool deterministic = true;

  bool operator==(const Collation&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("provider", &Collation::provider), field("locale", &Collation::locale),
                      field("collate", &Collation::collate), field("ctype", &Collation::ctype),
                      field("deterministic", &Collation::deterministic));
  }
};

struct Enumeration {
  std::vector<std::string> labels = {};  // in their order

  bool operator==(const Enumeration&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("labels", &Enumeration::labels));
  }
};

struct Attribute {
  std::string name = {};
  std::string type = {};
  std::string collation = {};  // qualified and quoted; empty: the type's own
  std::string comment = {};

  bool operator==(const Attribute&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("name", &Attribute::name), field("type", &Attribute::type),
                      field("collation", &Attribute::collation),
                      field("comment", &Attribute::comment));
  }
};

struct Composite {
  std::vector<Attribute> attributes = {};

  bool operator==(const Composite&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("attributes", &Composite::attributes));
  }
};

// Its checks are objects of their own (Kind::domain_constraint).
struct Domain {
  std::string type = {};
  std::string collation = {};  // empty: the type's own
  std::string default_expression = {};
  bool not_null = false;

  bool operator==(const Domain&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("type", &Domain::type), field("collation", &Domain::collation),
                      field("default", &Domain::default_expression),
                      field("not_null", &Domain::not_null));
  }
};

struct DomainConstraint {
  std::string expression = {};  // what stands in CHECK (...)
  bool validated = true;

  bool operator==(const DomainConstraint&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("expression", &DomainConstraint::expression),
                      field("validated", &DomainConstraint::validated));
  }
};

struct Range {
  std::string subtype = {};
  std::string subtype_opclass = {};  // empty: the default one; so with all that follow
  std::string collation = {};
  std::string canonical = {};
  std::string subtype_diff = {};
  std::string multirange = {};  // the name of the multirange type, without its schema

  bool operator==(const Range&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(
        field("subtype", &Range::subtype), field("subtype_opclass", &Range::subtype_opclass),
        field("collation", &Range::collation), field("canonical", &Range::canonical),
        field("subtype_diff", &Range::subtype_diff), field("multirange", &Range::multirange));
  }
};

}  // namespace limbeck
