#include "run/state.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "base/two_halves.h"
#include "run/own_tables.h"

namespace limbeck {
namespace {

// Below this many files a second thread costs more than it saves.
constexpr std::size_t files_for_two_threads = 200;

std::vector<std::string> read_version_rows(Connection& connection, const Dialect& dialect,
                                           const QualifiedName& version_table) {
  std::vector<std::string> current;
  const Command command{
      .sql = fmt::format("SELECT version_num FROM {}", dialect.quote(version_table))};
  for (const Row& row : connection.query(command).rows) current.push_back(text_of(row.at(0)));
  std::sort(current.begin(), current.end());
  return current;
}

std::vector<std::string> read_version_rows(TargetDatabase& database) {
  return read_version_rows(*database.connection, *database.dialect, database.version_table);
}

}  // namespace

std::vector<std::string> read_current(Connection& connection, const Dialect& dialect,
                                      const QualifiedName& version_table) {
  if (!dialect.table_exists(connection, version_table)) return {};
  return read_version_rows(connection, dialect, version_table);
}

std::vector<std::string> read_current(TargetDatabase& database) {
  try {
    return read_current(*database.connection, *database.dialect, database.version_table);
  } catch (DatabaseError& error) {
    explain_unreadable(error, database);
    throw;
  }
}

namespace {

DatabaseState read_tables(TargetDatabase& database) {
  DatabaseState state;
  const std::array tables{database.version_table, database.journal_table};
  const std::vector<bool> exist = database.dialect->tables_exist(*database.connection, tables);
  state.version_table_exists = exist[0];
  state.journal_exists = exist[1];
  if (state.version_table_exists) state.current = read_version_rows(database);
  if (!state.journal_exists) return state;
  for (HistoryEntry& entry : read_history(database)) {
    const bool is_work = entry.kind == "revision" || entry.kind == "apply";
    if (is_work && entry.outcome == "started") {
      state.open_revision = read_entry(database, entry.id);
    } else if (entry.outcome == "done") {
      state.done.push_back(std::move(entry));
    }
  }
  return state;
}

}  // namespace

DatabaseState read_state(TargetDatabase& database) {
  try {
    return read_tables(database);
  } catch (DatabaseError& error) {
    explain_unreadable(error, database);
    throw;
  }
}

std::vector<ChangedRevision> changed_revisions(const Chain& chain, const DatabaseState& state) {
  // How each revision came to be what it is.
  std::vector<const HistoryEntry*> last(chain.graph().size(), nullptr);
  for (const HistoryEntry& entry : state.done) {
    if (const auto index = chain.graph().find(entry.revision)) last[*index] = &entry;
  }
  std::vector<ChangedRevision> suspects;
  for (RevisionGraph::Index index = 0; index < last.size(); ++index) {
    const HistoryEntry* entry = last[index];
    if (entry == nullptr || entry->hash.empty() || entry->direction == "downgrade") continue;
    if (chain.is_known_hash(index, entry->hash)) continue;  // as nearly all are
    suspects.push_back({.revision = index, .recorded_hash = entry->hash, .file_hash = {}});
  }
  if (suspects.empty()) return suspects;
  // A revision that is not applied any more may change as it likes.
  const std::vector<bool> is_applied = applied(chain.graph(), known_current(chain, state));
  std::erase_if(suspects, [&](const ChangedRevision& it) { return !is_applied[it.revision]; });

  in_two_halves(suspects.size(), files_for_two_threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      ChangedRevision& it = suspects[i];
      if (!chain.has_hash(it.revision, it.recorded_hash)) it.file_hash = chain.hash(it.revision);
    }
  });
  // A squash builds what its last part built.
  std::erase_if(suspects, [&](const ChangedRevision& it) {
    const auto& earlier = chain.graph().at(it.revision).squashed_hashes;
    return it.file_hash.empty() ||
           std::find(earlier.begin(), earlier.end(), it.recorded_hash) != earlier.end();
  });
  return suspects;
}

std::vector<std::string> unknown_revisions(const Chain& chain, const DatabaseState& state) {
  std::vector<std::string> unknown;
  for (const std::string& id : state.current) {
    if (!chain.graph().find(id)) unknown.push_back(id);
  }
  return unknown;
}

std::vector<std::string> known_current(const Chain& chain, const DatabaseState& state) {
  std::vector<std::string> known;
  for (const std::string& id : state.current) {
    if (chain.graph().find(id)) known.push_back(id);
  }
  return known;
}

}  // namespace limbeck
