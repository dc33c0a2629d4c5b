#include "audit/memory_replay.h"

#include <algorithm>
#include <fmt/format.h>

#include "audit/facts.h"
#include "audit/memory_database.h"
#include "audit/statement_text.h"
#include "plan/script.h"

namespace limbeck {
namespace {

// So often the chain is replayed anew below a revision that has no way back.
constexpr int most_rebuilds = 20;

class Replay {
 public:
  Replay(const AuditFacts& facts, const Dialect& dialect)
      : facts_(facts),
        dialect_(dialect),
        fold_(schema_dialect_named(dialect.name()).case_sensitive_names()) {}

  MemoryReplay run(std::optional<std::size_t> current) && {
    MemoryDatabase database(dialect_);
    if (current == 0) result_.at_current = database.schema();
    for (std::size_t i = 0; i < facts_.order.size(); ++i) {
      up(database, revision(i));
      if (current == i + 1) result_.at_current = database.schema();
    }
    result_.at_heads = database.schema();
    if (result_.unknown.empty() && result_.faults.empty()) walk_back(std::move(database));
    return std::move(result_);
  }

 private:
  const RevisionFacts& revision(std::size_t position) const {
    return facts_.revisions[facts_.order[position]];
  }

  void up(MemoryDatabase& database, const RevisionFacts& revision) {
    if (revision.up.how != HowRun::sql && revision.up.how != HowRun::recorded) {
      result_.unknown.push_back(
          fmt::format("revision {}: {}", revision.revision.id,
                      revision.up.fault ? revision.up.fault->message : revision.up.because));
      return;
    }
    database.end_session();
    std::optional<Schema> before;
    if (!has_statements(revision.down)) before = database.schema().schema;
    for (const Step& step : revision.up.steps)
      for (const sql::Statement& statement : step.statements) {
        note(revision, statement);
        try {
          database.apply(statement);
        } catch (const Error& error) {
          // Behind code that is not understood, what is missing may have been made by it.
          if (result_.unknown.empty()) add_fault(revision, Direction::upgrade, statement, error);
        }
        for (const std::string& why : database.take_unknown())
          result_.unknown.push_back(fmt::format("revision {}: {}", revision.revision.id, why));
      }
    if (before && *before == database.schema().schema)
      result_.no_change.insert(revision.revision.id);
  }

  void add_fault(const RevisionFacts& revision, Direction direction,
                 const sql::Statement& statement, const Error& error) {
    Place place = error.report().place.value_or(statement.place);
    // A script makes its SQL: its columns are not those of the file.
    if (revision.is_script) place.column = 1;
    result_.faults.push_back({revision.revision.id, direction, error.report().message, place});
  }

  // Which tables are made, and by whom.
  void note(const RevisionFacts& revision, const sql::Statement& statement) {
    if (const auto renamed = renamed_table(statement, fold_)) {
      if (auto made = result_.made.extract(renamed->from); !made.empty()) {
        made.key() = renamed->to;
        result_.made.insert(std::move(made));
      }
    }
    for (const RelationName& table : dropped_tables(statement, fold_)) result_.made.erase(table);
    const auto created = created_table(statement, fold_);
    if (!created) return;
    const MadeTable here{revision.revision.id, statement.place};
    const auto [earlier, is_new] = result_.made.emplace(created->table, here);
    if (is_new || !created->if_not_exists || !differ(earlier->second, here, created->table)) return;
    result_.hidden.push_back({created->table, here.revision, here.place, earlier->second});
  }

  // Whether the two statements write out other columns for the table.
  bool differ(const MadeTable& one, const MadeTable& other, const RelationName& table) const {
    return columns_at(one, table) != columns_at(other, table);
  }
  std::vector<std::pair<std::string, std::string>> columns_at(const MadeTable& made,
                                                              const RelationName& table) const {
    std::vector<std::pair<std::string, std::string>> columns;
    const auto index = facts_.graph.find(made.revision);
    if (!index) return columns;
    for (const ColumnText& column : facts_.revisions[*index].columns)
      if (column.table.name == table.name && column.place.line >= made.place.line)
        columns.emplace_back(column.column, column.type);
    return columns;
  }

  void walk_back(MemoryDatabase database) {
    int rebuilds = 0;
    bool there = true;  // whether `database` stands just above the revision
    for (std::size_t i = facts_.order.size(); i > 0; --i) {
      const RevisionFacts& revision = this->revision(i - 1);
      if (revision.down.how != HowRun::sql && revision.down.how != HowRun::recorded) {
        there = false;
        continue;
      }
      if (!there) {
        if (++rebuilds > most_rebuilds) return;
        database = rebuilt(i);
      }
      there = down(database, revision);
    }
    result_.walked_back = true;
  }

  MemoryDatabase rebuilt(std::size_t count) const {
    MemoryDatabase database(dialect_);
    for (std::size_t i = 0; i < count; ++i) {
      database.end_session();
      for (const Step& step : revision(i).up.steps)
        for (const sql::Statement& statement : step.statements) database.apply(statement);
    }
    return database;
  }

  bool down(MemoryDatabase& database, const RevisionFacts& revision) {
    database.end_session();
    for (const Step& step : revision.down.steps)
      for (const sql::Statement& statement : step.statements) {
        try {
          database.apply(statement);
        } catch (const Error& error) {
          add_fault(revision, Direction::downgrade, statement, error);
          return false;
        }
      }
    return database.take_unknown().empty();
  }

  const AuditFacts& facts_;
  const Dialect& dialect_;
  bool fold_;
  MemoryReplay result_ = {};
};

}  // namespace

MemoryReplay replay_in_memory(const AuditFacts& facts, std::optional<std::size_t> current) {
  return Replay(facts, dialect_named(facts.dialect)).run(current);
}

}  // namespace limbeck
