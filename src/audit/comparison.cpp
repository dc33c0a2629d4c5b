#include "audit/comparison.h"

#include <algorithm>
#include <utility>

namespace limbeck {
namespace {

using ClaimKey = std::pair<RelationName, std::size_t>;  // a table, a version

class DeclaredComparison {
 public:
  DeclaredComparison(const DeclaredFacts& declared, const SchemaFacts* built,
                     const SchemaFacts* database)
      : declared_(declared), built_(built), database_(database) {
    for (std::size_t i = 0; i < declared.claims.size(); ++i)
      claims_.emplace(ClaimKey(declared.claims[i].table, declared.claims[i].version), i);
  }

  void run(AuditComparison& result) const {
    const SchemaFacts* const first = built_ != nullptr ? built_ : database_;
    for (std::size_t version = 0; version < declared_.versions.size(); ++version) {
      if (first != nullptr) compare(version, *first, first == database_, false, result);
      // What no revision makes may still be there.
      if (built_ != nullptr && database_ != nullptr)
        compare(version, *database_, true, true, result);
      if (version > 0) compare_rivals(version, result);
    }
  }

 private:
  void compare(std::size_t version, const SchemaFacts& found, bool in_database, bool only_beside,
               AuditComparison& result) const {
    for (SchemaDifference& it : schema_differences(declared_.versions[version], found)) {
      const auto claim = claims_.find({it.table, version});
      if (version > 0 && claim == claims_.end()) continue;
      const bool of_whole =
          it.kind == DifferenceKind::no_table || it.kind == DifferenceKind::more_table;
      if (only_beside && (it.table.name.empty() || of_whole || has_table(*built_, it.table)))
        continue;
      DeclaredDifference judged{.difference = std::move(it), .in_database = in_database};
      if (claim != claims_.end()) judged.claim = claim->second;
      result.declared.push_back(std::move(judged));
    }
  }

  void compare_rivals(std::size_t version, AuditComparison& result) const {
    for (SchemaDifference& it :
         schema_differences(declared_.versions.front(), declared_.versions[version]))
      if (claims_.count({it.table, version}) != 0) result.rivals[it.table].push_back(std::move(it));
  }

  const DeclaredFacts& declared_;
  const SchemaFacts* built_;
  const SchemaFacts* database_;
  std::map<ClaimKey, std::size_t> claims_;
};

}  // namespace

bool has_table(const SchemaFacts& facts, const RelationName& table) {
  return facts.schema.find({Kind::table, table.schema, table.name, {}}) != nullptr;
}

AuditComparison compare_all(const std::optional<DeclaredFacts>& declared,
                            const MemoryReplay& replay, const SchemaFacts* database) {
  AuditComparison result;
  const SchemaFacts* const built = replay.at_heads ? &*replay.at_heads : nullptr;
  if (declared) DeclaredComparison(*declared, built, database).run(result);
  const SchemaFacts* const here = replay.at_current ? &*replay.at_current : nullptr;
  if (here != nullptr && database != nullptr) result.drift = schema_differences(*here, *database);
  return result;
}

}  // namespace limbeck
