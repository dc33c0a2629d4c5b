// Which objects of a schema a command looks at.
//
// Patterns have * for any text and ? for one character. A part goes with its table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/schema.h"

namespace limbeck {

struct Filter {
  std::vector<std::string> schemas = {};  // of schema names; empty: all
  // "users", "shop.*", "view:*", "extension:postgis". Empty: all.
  std::vector<std::string> include = {};
  std::vector<std::string> exclude = {};

  bool empty() const { return schemas.empty() && include.empty() && exclude.empty(); }
};

bool matches(std::string_view text, std::string_view pattern);

// The schema with what the filter lets through, and the dependencies among that.
Schema filtered(Schema schema, const Filter& filter);

}  // namespace limbeck
