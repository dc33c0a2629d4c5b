#include "source/interpret.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>

#include "base/source.h"
#include "base/terminal.h"
#include "dialect/dialect.h"
#include "dialect/interpreter.h"
#include "plan/plan.h"
#include "revision/walk.h"

namespace limbeck {
namespace {

void locate(Error& error, const SqlText& source) {
  if (error.report().place)
    error.report().place->source_line = source_line(source.text, error.report().place->line);
  error.report().context.emplace_back("while interpreting the declared schema");
  error.report().state = "nothing was changed";
}

LoadedSchema loaded(Interpreted interpreted) {
  LoadedSchema result{std::move(interpreted.schema), std::move(interpreted.uncertain)};
  for (const NotInterpreted& it : interpreted.not_interpreted)
    result.schema.unmodelled.insert(
        {fmt::format("{} ({}): {}", printable(it.what), to_string(it.place), it.why)});
  return result;
}

// A statement that changes the session holds up to the end of its file.
bool is_setting(const sql::Statement& statement) {
  return sql::starts_with(statement, "SET") || sql::starts_with(statement, "RESET");
}

struct Item {
  const SqlFile* file = nullptr;
  const sql::Statement* statement = nullptr;
  std::size_t settings = 0;  // so many of its file's stand before it
};

class DeclaredInterpreter {
 public:
  explicit DeclaredInterpreter(Interpreter& interpreter) : interpreter_(interpreter) {}

  void run(const std::vector<SqlFile>& files) {
    for (const SqlFile& file : files) {
      interpreter_.reset_session();
      std::vector<const sql::Statement*>& settings = settings_[&file];
      for (const sql::Statement& statement : file.statements) {
        apply({&file, &statement, settings.size()});
        if (is_setting(statement)) settings.push_back(&statement);
      }
    }
    // Each round from the other end: a chain that is declared backwards takes two.
    while (!later_.empty()) {
      const std::vector<Item> again(later_.rbegin(), later_.rend());
      later_.clear();
      for (const Item& item : again) {
        interpreter_.reset_session();
        for (std::size_t i = 0; i < item.settings; ++i)
          interpreter_.apply(*settings_[item.file][i]);
        apply(item);
      }
      if (later_.size() == again.size()) throw first_failure();
    }
  }

 private:
  void apply(const Item& item) {
    try {
      interpreter_.apply(*item.statement);
    } catch (SyntaxError& error) {
      locate(error, item.file->source);
      throw;
    } catch (Error& error) {
      locate(error, item.file->source);
      failures_.insert_or_assign(item.statement, error);
      later_.push_back(item);
    }
  }

  // Of those that are left, the one that was declared first.
  Error first_failure() const {
    const auto first =
        std::min_element(later_.begin(), later_.end(), [](const Item& left, const Item& right) {
          return std::pair(left.file, left.statement) < std::pair(right.file, right.statement);
        });
    return failures_.at(first->statement);
  }

  Interpreter& interpreter_;
  std::map<const SqlFile*, std::vector<const sql::Statement*>> settings_;
  std::vector<Item> later_;
  std::map<const sql::Statement*, Error> failures_;
};

}  // namespace

LoadedSchema interpret_declared(std::string_view dialect, const std::vector<SqlFile>& files) {
  const auto interpreter = make_interpreter(dialect);
  DeclaredInterpreter(*interpreter).run(files);
  return loaded(interpreter->take());
}

LoadedSchema interpret_revisions(std::string_view dialect, const Chain& chain,
                                 std::string_view selector) {
  const auto interpreter = make_interpreter(dialect);
  for (const RevisionStep& step : upgrade_steps(chain.graph(), selector, {})) {
    const PlannedRevision planned =
        chain.plan(step.revision, Direction::upgrade, dialect_named(dialect), PlanUse::offline);
    const RevisionFile& file = planned.file;
    if (planned.live) {
      throw Error({.code = ExitCode::invalid_project,
                   .message = fmt::format("revision {} asks the database: {}", file.revision.id,
                                          planned.live_because),
                   .place = planned.live_place,
                   .hint = "leave --offline away, so that it can be asked"});
    }
    interpreter->reset_session();
    try {
      for (const Step& part : planned.steps)
        for (const sql::Statement& statement : part.statements) interpreter->apply(statement);
    } catch (Error& error) {
      locate(error, {chain.path(step.revision), file.text});
      error.report().context.push_back(
          fmt::format("while replaying revision {}", file.revision.id));
      throw;
    }
  }
  return loaded(interpreter->take());
}

}  // namespace limbeck
