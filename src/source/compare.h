// Two schemas read so that their schemas can be compared: by the same authority, with the same of
// owners and privileges, at the same time.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "source/filter.h"
#include "source/load.h"

namespace limbeck {

enum class Include { automatic, on, off };
// "auto", "on", "off"; nothing for anything else.
std::optional<Include> parse_include(std::string_view text);

// What one side is made of; not empty.
using Sources = std::vector<Source>;

struct CompareOptions {
  std::string dialect = {};  // empty: that of the sources, or of the project's database
  std::optional<DatabaseUrl> project_database = {};
  // automatic: owners when declared SQL states them; privileges when it does, or between two
  // databases.
  Include owners = Include::automatic;
  Include privileges = Include::automatic;
  Filter filter = {};
};

// One side alone.
struct LoadedSource {
  std::string dialect = {};
  Schema schema = {};
  Schema empty = {};  // what a new database holds, read in the same way
};
LoadedSource load_one(const Sources& sources, const CompareOptions& options, LoadContext context);

// Several sides read so that any two of them can be compared.
struct LoadedSides {
  std::string dialect = {};
  bool owners = false;  // whether they were read
  bool privileges = false;
  std::vector<std::vector<RenameRequest>> renames = {};  // that the SQL of each side states
  std::vector<Schema> schemas = {};                      // one for each side, in their order
  std::set<std::string> not_compared = {};               // what any side holds and no model has
};
// Throws what load_schema throws, and Error (ExitCode::usage) when the dialects differ or are not
// known.
LoadedSides load_sides(const std::vector<Sources>& sides, const CompareOptions& options,
                       LoadContext context);

// Two of them.
struct Comparison {
  std::string dialect = {};
  bool owners = false;
  bool privileges = false;
  std::vector<RenameRequest> renames = {};  // that the SQL of "to" states
  Schema from = {};
  Schema to = {};
  std::set<std::string> not_compared = {};  // what either side holds and no model has
};
Comparison load_both(const Sources& from, const Sources& to, const CompareOptions& options,
                     LoadContext context);

}  // namespace limbeck
