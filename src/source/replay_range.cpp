#include "source/replay_range.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

#include "base/terminal.h"
#include "dialect/schema_dialect.h"
#include "plan/plan.h"
#include "revision/walk.h"
#include "run/revision_run.h"
#include "source/headline.h"

namespace limbeck {
namespace {

using Position = RevisionGraph::Index;

// Runs revisions in one scratch database.
class Replayer {
 public:
  Replayer(Scratch& scratch, const ReplaySettings& settings)
      : scratch_(scratch),
        scratch_dialect_(scratch_dialect_named(settings.dialect)),
        dialect_(dialect_named(settings.dialect)),
        schema_dialect_(schema_dialect_named(settings.dialect)),
        access_(settings.access) {}

  void run(const RevisionFile& file, Direction direction) {
    for (const Step& step : plan_revision(file, direction, dialect_)) {
      const std::vector<sql::Statement> statements = runnable(step);
      try {
        run_step(step.kind, statements);
      } catch (const ConnectionLost&) {
        throw;
      } catch (const Interrupted&) {
        throw;
      } catch (DatabaseError& error) {
        locate_failure(error, file, statements);
        error.report().code = ExitCode::invalid_project;
        error.report().context.push_back(
            fmt::format("while replaying the {} of revision {} in a scratch database",
                        to_string(direction), file.revision.id));
        error.report().state = "nothing was written";
        throw;
      }
    }
    scratch_dialect_.reset_session(scratch_.connection());
  }

  Schema schema() const {
    IntrospectionOptions options;
    options.owners = access_.owners;
    options.privileges = access_.privileges;
    return schema_dialect_.introspect(scratch_.connection(), options);
  }

  std::set<Unmodelled> take_refused() { return std::exchange(refused_, {}); }

 private:
  std::vector<sql::Statement> runnable(const Step& step) {
    std::vector<sql::Statement> statements;
    for (const sql::Statement& statement : step.statements) {
      const ScratchUse use = scratch_dialect_.use_of(statement, scratch_.owns_server());
      const bool harmless = statement.copy_data || sql::starts_with(statement, "PRAGMA");
      if (use == ScratchUse::refuse) {
        refused_.insert({fmt::format("{} ({}): it reaches beyond the database", headline(statement),
                                     to_string(statement.place))});
      } else if (use != ScratchUse::skip || harmless) {
        statements.push_back(statement);
      }
    }
    return statements;
  }

  void run_step(StepKind kind, const std::vector<sql::Statement>& statements) {
    if (kind == StepKind::transaction) return with_roles([&] { run_transaction(statements); });
    for (const sql::Statement& statement : statements) {
      with_roles([&] {
        if (statement.copy_data) return run_transaction({statement});
        scratch_.connection().run_alone(statement.text);
      });
    }
  }

  void run_transaction(const std::vector<sql::Statement>& statements) {
    std::vector<Command> commands;
    commands.reserve(statements.size());
    for (const sql::Statement& statement : statements)
      commands.push_back({.sql = statement.text, .copy_data = statement.copy_data});
    if (!commands.empty()) scratch_.connection().run(commands, Wrap::own_transaction);
  }

  // On a server of our own nobody has made the roles that the statements name.
  template <class Work>
  void with_roles(const Work& work) {
    for (;;) {
      try {
        return work();
      } catch (const ConnectionLost&) {
        throw;
      } catch (const DatabaseError& error) {
        const auto role = scratch_dialect_.missing_role(error.failure());
        if (!role || !scratch_.owns_server()) throw;
        scratch_dialect_.create_role(scratch_.connection(), *role);
      }
    }
  }

  Scratch& scratch_;
  const ScratchDialect& scratch_dialect_;
  const Dialect& dialect_;
  const SchemaDialect& schema_dialect_;
  AccessStated access_;
  std::set<Unmodelled> refused_;
};

// In a scratch database; in one on a server of our own when roles are missing on the other.
template <class Work>
auto in_scratch(const ReplaySettings& settings, const Work& work) {
  const ScratchDialect& dialect = scratch_dialect_named(settings.dialect);
  std::optional<DatabaseUrl> server = settings.server;
  if (server && server->dialect() != settings.dialect) server.reset();
  try {
    const auto scratch = dialect.create(server, settings.connect);
    return work(*scratch);
  } catch (const ConnectionLost&) {
    throw;
  } catch (const DatabaseError& error) {
    if (!dialect.missing_role(error.failure())) throw;
  }
  const auto scratch = dialect.create_apart(server, settings.connect);
  return work(*scratch);
}

std::vector<Position> revisions_before(const Chain& chain, const std::vector<std::string>& before) {
  std::vector<Position> revisions;
  if (before.empty()) return revisions;
  const std::string targets = fmt::format("{}", fmt::join(before, ","));
  for (const RevisionStep& step : upgrade_steps(chain.graph(), targets, {}))
    revisions.push_back(step.revision);
  return revisions;
}

void run_before(Replayer& replayer, const Chain& chain, const std::vector<std::string>& before) {
  for (const Position index : revisions_before(chain, before))
    replayer.run(chain.read(index), Direction::upgrade);
  replayer.take_refused();
}

}  // namespace

AccessStated access_stated(const Chain& chain, const std::vector<std::string>& before,
                           std::span<const RevisionGraph::Index> range, const Dialect& dialect) {
  std::vector<Position> revisions = revisions_before(chain, before);
  revisions.insert(revisions.end(), range.begin(), range.end());
  SqlFile all;
  for (const Position index : revisions) {
    for (Step& step : plan_revision(chain.read(index), Direction::upgrade, dialect))
      std::move(step.statements.begin(), step.statements.end(), std::back_inserter(all.statements));
  }
  return access_stated(std::vector{std::move(all)}, dialect.lexical_rules());
}

RangeSchemas replay_range(const Chain& chain, const std::vector<std::string>& before,
                          std::span<const Position> range, const ReplaySettings& settings) {
  return in_scratch(settings, [&](Scratch& scratch) {
    RangeSchemas result;
    Replayer replayer(scratch, settings);
    run_before(replayer, chain, before);
    result.before = replayer.schema();
    for (const Position index : range) replayer.run(chain.read(index), Direction::upgrade);
    result.after = replayer.schema();
    result.refused = replayer.take_refused();
    return result;
  });
}

SquashSchemas replay_squash(const Chain& chain, const std::vector<std::string>& before,
                            const RevisionFile& squash, bool reversible,
                            const ReplaySettings& settings) {
  return in_scratch(settings, [&](Scratch& scratch) {
    SquashSchemas result;
    Replayer replayer(scratch, settings);
    run_before(replayer, chain, before);
    replayer.run(squash, Direction::upgrade);
    result.after = replayer.schema();
    if (!reversible) return result;
    replayer.run(squash, Direction::downgrade);
    result.back = replayer.schema();
    return result;
  });
}

}  // namespace limbeck
