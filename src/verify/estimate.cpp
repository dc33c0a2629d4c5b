#include "verify/estimate.h"

#include <algorithm>

#include "verify/said.h"

namespace limbeck {
namespace {

constexpr std::size_t enough_rows = 500;
constexpr double least_growth = 0.0002;  // in seconds: less may be chance

// Whether the statement's time is due to the rows of the table, as far as it was seen.
bool works_on(const WatchedStatement& statement, const RelationName& table, std::size_t rows) {
  const auto impact = statement.seen.impacts.find(table);
  if (impact != statement.seen.impacts.end() && impact->second.is_long()) return true;
  const auto work = statement.seen.rows.find(table);
  return work != statement.seen.rows.end() &&
         static_cast<std::size_t>(std::max(work->second.read, work->second.written)) >= rows / 2;
}

// Of SQLite, and of what runs outside a transaction, not all is seen.
bool is_seen(const WatchedStatement& statement) {
  return std::any_of(statement.seen.held.begin(), statement.seen.held.end(),
                     [](const auto& each) { return !each.first.name.empty(); });
}

}  // namespace

std::optional<TimeEstimate> estimate_of(const WatchedStatement& statement, std::string_view text,
                                        double empty_seconds, const Contents& here,
                                        std::span<const TableStatistics> there) {
  const double growth = statement.seconds - empty_seconds;
  if (growth < least_growth) return std::nullopt;
  const std::string whole(text);
  const Said said({&whole, 1});
  const bool seen = is_seen(statement);
  std::optional<TimeEstimate> largest;
  for (const TableStatistics& table : there) {
    const RelationName name{table.schema, table.table};
    const auto contents = here.find(name);
    if (contents == here.end() || contents->second.rows.size() < enough_rows) continue;
    const std::size_t rows = contents->second.rows.size();
    if (seen ? !works_on(statement, name, rows) : !said.names(table.table)) continue;
    if (largest && largest->rows_there >= table.rows) continue;
    largest = {.table = name,
               .seconds = empty_seconds + growth * table.rows / static_cast<double>(rows),
               .rows_here = rows,
               .rows_there = table.rows};
  }
  return largest;
}

}  // namespace limbeck
