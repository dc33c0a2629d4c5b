#include "verify/schema_findings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "schema/difference.h"

namespace limbeck {
namespace {

// A part that is there or not because its table is, is not told of again.
bool goes_with_its_table(const ObjectId& id, const Schema& other) {
  if (!is_part(id.kind) || id.kind == Kind::domain_constraint) return false;
  for (const Kind kind : {Kind::table, Kind::view, Kind::materialized_view}) {
    if (other.find({kind, id.schema, id.name, {}}) != nullptr) return false;
  }
  return true;
}

}  // namespace

std::vector<SchemaFault> schema_faults(const Schema& expected, const Schema& found) {
  std::vector<SchemaFault> faults;
  side_by_side(expected, found, [&](const Object* wanted, const Object* there) {
    if (there == nullptr) {
      if (!goes_with_its_table(wanted->id, found))
        faults.push_back({wanted->id, false, to_string(wanted->id), "is missing"});
    } else if (wanted == nullptr) {
      if (!goes_with_its_table(there->id, expected))
        faults.push_back({there->id, true, to_string(there->id), "is there"});
    } else {
      const auto fields = differing_fields(*wanted, *there);
      if (!fields.empty())
        faults.push_back({there->id, false, to_string(there->id),
                          fmt::format("has another {}", fmt::join(fields, ", "))});
    }
  });
  return faults;
}

}  // namespace limbeck
