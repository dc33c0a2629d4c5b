#include "verify/finding_list.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/terminal.h"

namespace limbeck {
namespace {

constexpr std::size_t max_faults = 20;  // of one comparison

}  // namespace

Finding FindingList::about(Index revision, std::string rule, Severity severity) const {
  return {.rule = std::move(rule),
          .severity = severity,
          .certainty = Certainty::proved,
          .place = {chain_.path(revision), 0, 0, {}},
          .revision = chain_.graph().id(revision)};
}

Finding FindingList::failure(Index revision, std::string rule, std::string_view what,
                             const DatabaseError& error) const {
  Finding finding = about(revision, std::move(rule), Severity::error);
  finding.message = fmt::format("{}: {}", what, printable(error.failure().message));
  if (error.report().place) finding.place = *error.report().place;
  return finding;
}

void FindingList::tell_changes(Index revision, const std::vector<DataChange>& changes,
                               Passage passage, const AllowedLosses& allowed) {
  for (const DataChange& change : changes) {
    // On the way back only what is not known from the way up.
    if (!told_.insert({revision, change.table, change.column}).second) continue;
    Finding finding = finding_of(change, passage, allowed);
    finding.place = {chain_.path(revision), 0, 0, {}};
    finding.revision = chain_.graph().id(revision);
    add(std::move(finding));
  }
}

void FindingList::tell_faults(std::optional<Index> revision, const std::string& rule,
                              std::string_view message, const std::string& hint,
                              const std::vector<SchemaFault>& faults) {
  for (std::size_t i = 0; i < std::min(faults.size(), max_faults); ++i) {
    Finding finding =
        revision
            ? about(*revision, rule, Severity::error)
            : Finding{.rule = rule, .severity = Severity::error, .certainty = Certainty::proved};
    finding.object = faults[i].object;
    finding.message = fmt::format(fmt::runtime(message), faults[i].object, faults[i].message);
    finding.rewrite = hint;
    add(std::move(finding));
  }
}

bool FindingList::tell_left(Index revision, const Said& said, std::vector<SchemaFault>& faults) {
  const auto is_left = [&](const SchemaFault& fault) {
    return fault.left && said.makes_if_missing(fault.id.name);
  };
  for (const SchemaFault& fault : faults) {
    if (!is_left(fault)) continue;
    Finding finding = about(revision, "left-in-place", Severity::notice);
    finding.object = fault.object;
    finding.message = fmt::format(
        "the downgrade leaves {}, which the upgrade makes only if it is not there", fault.object);
    add(std::move(finding));
  }
  return std::erase_if(faults, is_left) > 0;
}

void FindingList::tell_taken(Index revision, const Schema& before, const Schema& after,
                             const Said& said) {
  for (const ObjectId& id : taken_along(before, after, said)) {
    const bool holds_values = id.kind == Kind::table || id.kind == Kind::column;
    if (holds_values && told_.contains({revision, {id.schema, id.name}, id.part})) continue;
    Finding finding = about(revision, "object-lost", Severity::error);
    finding.object = to_string(id);
    finding.message = fmt::format("{} is gone, and no statement drops it", finding.object);
    finding.rewrite = "name what is dropped: a DROP ... CASCADE takes along what it does not name";
    add(std::move(finding));
  }
}

void FindingList::tell_sampled(Index revision, const Schema& before, const Schema& after,
                               const Said& said, std::span<const TableStatistics> statistics) {
  const auto may_be_null = [](const Schema& schema, const ObjectId& id) {
    const Object* column = schema.find(id);
    return column != nullptr && !as<Column>(*column).not_null;
  };
  for (const TableStatistics& table : statistics)
    for (const ColumnStatistics& column : table.columns) {
      const ObjectId id{Kind::column, table.schema, table.table, column.column};
      if (column.null_fraction > 0 || after.find(id) == nullptr || !may_be_null(before, id) ||
          may_be_null(after, id) || said.updates(table.table, column.column))
        continue;
      Finding finding = about(revision, "not-null-by-statistics", Severity::notice);
      finding.certainty = Certainty::inferred;
      finding.object = fmt::format("{}{}{}.{}", table.schema, table.schema.empty() ? "" : ".",
                                   table.table, column.column);
      finding.message = fmt::format(
          "{} becomes NOT NULL: statistics say that no row there holds NULL, and they are of a "
          "sample",
          finding.object);
      add(std::move(finding));
    }
}

bool FindingList::has_error(const std::function<bool(const Finding&)>& test) const {
  return std::any_of(findings_.begin(), findings_.end(), [&](const Finding& finding) {
    return finding.severity == Severity::error && test(finding);
  });
}

std::vector<Finding> FindingList::take() {
  for (Finding& finding : findings_) finding.fingerprint = fingerprint_of(finding);
  return std::move(findings_);
}

}  // namespace limbeck
