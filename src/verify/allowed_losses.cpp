#include "verify/allowed_losses.h"

#include <algorithm>
#include <span>

#include "lint/allowance.h"

namespace limbeck {

void AllowedLosses::add(const RevisionFile& file, Direction direction, const Dialect& dialect,
                        const WatchedRun& run) {
  const std::vector<Allowance> allowances = allowances_of(file, dialect, direction);
  if (allowances.empty()) return;
  std::vector<StatementLines> lines;
  for (std::size_t i = 0; i < run.statements.size(); ++i)
    lines.push_back(lines_of(file, {.text = run.texts[i], .place = run.statements[i].place}));
  for (const Allowance& allowance : allowances) {
    Entry entry{.rules = allowance.rules, .reason = allowance.reason};
    if (allowance.whole_revision) {
      entries_.push_back(std::move(entry));
      continue;
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!covers(allowance, lines[i].first, lines)) continue;
      entry.statement = Said({&run.texts[i], 1});
      entries_.push_back(entry);
    }
  }
}

std::optional<std::string> AllowedLosses::reason(std::string_view rule, std::string_view table,
                                                 std::string_view column) const {
  for (const Entry& entry : entries_) {
    if (std::find(entry.rules.begin(), entry.rules.end(), rule) == entry.rules.end()) continue;
    const auto& statement = entry.statement;
    if (statement && !(statement->names(table) && (column.empty() || statement->names(column))))
      continue;
    return entry.reason;
  }
  return std::nullopt;
}

}  // namespace limbeck
