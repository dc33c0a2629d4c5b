#include "verify/data_findings.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/counted.h"
#include "lint/allowance.h"

namespace limbeck {
namespace {

using What = DataChange::Kind;

struct DataRule {
  What kind;
  std::string_view name;
  // {0}: the object, {1}: rows, {2}: an example; {is}, {has} and {goes} agree with the rows
  std::string_view what;
  std::string_view hint;
};

constexpr std::array loss_rules{
    DataRule{What::table_lost, "table-lost",
             "the {1} of table {0} {goes} with it, and no statement drops it",
             "name what is dropped: a DROP ... CASCADE takes along what it does not name"},
    DataRule{What::column_lost, "column-lost",
             "column {0} is gone with the values of {1}, and no statement drops it",
             "name what is dropped: a DROP ... CASCADE takes along what it does not name"},
    DataRule{
        What::rows_lost, "rows-lost", "{1} of {0} {is} lost, and no statement deletes any",
        "look for what deletes them beside: a cascading foreign key, a trigger, a table that is "
        "built anew without them"},
    DataRule{
        What::values_changed, "values-changed",
        "{1} of {0} {has} another value, and no statement updates it: {2}",
        "a column that is dropped and made again, or a table that is built anew, has to take its "
        "values along"},
    DataRule{
        What::type_loses, "type-loses-values", "the new type of {0} loses values of {1}: {2}",
        "choose a type that holds them; where they are to be lost, say so above the statement: "
        "-- limbeck:allow type-loses-values: REASON"},
    DataRule{What::sequence_behind, "sequence-behind",
             "the next number for {0} is {2}: {1} of before {has} it or a later one, and an INSERT "
             "collides",
             "set the sequence behind the largest number: SELECT setval(pg_get_serial_sequence("
             "'TABLE', 'COLUMN'), max(COLUMN)) FROM TABLE"},
};

// Those that an author may allow.
static_assert(std::all_of(loss_rules.begin(), loss_rules.end(), [](const DataRule& rule) {
  return std::find(rules_of_values.begin(), rules_of_values.end(), rule.name) !=
         rules_of_values.end();
}));

constexpr std::array said_rules{
    DataRule{What::table_lost, "drops-table", "table {0} is dropped with {1}", ""},
    DataRule{What::column_lost, "drops-column", "column {0} is dropped with the values of {1}", ""},
    DataRule{What::rows_lost, "deletes-rows", "{1} of {0} {is} deleted", ""},
    DataRule{What::values_changed, "updates-values", "{1} of {0} {is} updated: {2}", ""},
    DataRule{What::type_loses, "computes-values", "{1} of {0} {is} computed anew: {2}", ""},
};

template <std::size_t size>
const DataRule& rule_of(What kind, const std::array<DataRule, size>& all) {
  for (const DataRule& rule : all) {
    if (rule.kind == kind) return rule;
  }
  return all.front();
}

std::string object_of(const DataChange& change) {
  std::string object = change.table.name;
  if (!change.table.schema.empty()) object = change.table.schema + "." + object;
  if (!change.column.empty()) object += "." + change.column;
  return object;
}

std::string_view before(Passage passage) {
  switch (passage) {
    case Passage::up:
      return "";
    case Passage::there_and_back:
      return "after the downgrade, ";
    case Passage::again:
      return "after the second upgrade, ";
  }
  return "";
}

}  // namespace

Finding finding_of(const DataChange& change, Passage passage, const AllowedLosses& allowed) {
  const DataRule& rule =
      change.said ? rule_of(change.kind, said_rules) : rule_of(change.kind, loss_rules);
  const std::string rows = counted(change.rows, "row");
  Finding finding;
  finding.rule = std::string(rule.name);
  finding.severity = change.said ? Severity::notice : Severity::error;
  finding.certainty = Certainty::proved;
  finding.object = object_of(change);
  finding.rewrite = std::string(rule.hint);
  finding.message = std::string(before(passage)) +
                    fmt::format(fmt::runtime(rule.what), finding.object, rows, change.example,
                                fmt::arg("is", agreeing(change.rows, "is", "are")),
                                fmt::arg("has", agreeing(change.rows, "has", "have")),
                                fmt::arg("goes", agreeing(change.rows, "goes", "go")));
  if (change.said) return finding;
  if (const auto reason = allowed.reason(rule.name, change.table.name, change.column)) {
    finding.severity = Severity::notice;
    finding.rewrite.clear();
    finding.message += reason->empty() ? " (allowed)" : fmt::format(" (allowed: {})", *reason);
  }
  return finding;
}

}  // namespace limbeck
