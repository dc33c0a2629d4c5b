#include "audit/gather.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "alembic/header.h"
#include "base/source.h"
#include "plan/plan.h"
#include "revision/walk.h"
#include "run/unsquash.h"

namespace limbeck {
namespace {

// What ends everything: somebody pressed Ctrl-C, or the fault is ours.
void rethrow_if_fatal(const Error& error) {
  if (error.code() == ExitCode::interrupted || error.code() == ExitCode::internal_error) throw;
}

bool is_for(const Section& section, const Dialect& dialect) {
  return section.dialects.empty() || std::find(section.dialects.begin(), section.dialects.end(),
                                               dialect.name()) != section.dialects.end();
}

bool says_irreversible(const RevisionFile& file, const Dialect& dialect) {
  return std::any_of(file.sections.begin(), file.sections.end(), [&](const Section& section) {
    return section.irreversible && is_for(section, dialect);
  });
}

bool has_no_downgrade(const RevisionFile& file) {
  return std::none_of(file.sections.begin(), file.sections.end(), [](const Section& section) {
    return section.direction == Direction::downgrade;
  });
}

// "a; b; c; and 40 more"
std::string first_of(std::vector<std::string> texts) {
  constexpr std::size_t most = 3;
  const std::size_t more = texts.size() - std::min(texts.size(), most);
  texts.resize(texts.size() - more);
  std::string text = fmt::format("{}", fmt::join(texts, "; "));
  return more == 0 ? text : fmt::format("{}; and {} more", text, more);
}

class Gatherer {
 public:
  explicit Gatherer(const AuditInput& input)
      : input_(input), dialect_(dialect_named(input.dialect)) {
    facts_.project = input.project;
    facts_.dialect = input.dialect;
    facts_.database_required = input.use == DatabaseUse::required;
  }

  AuditFacts run() && {
    read_files();
    ask_database();
    plan_all();
    replay();
    read_what_is_declared();
    say_what_is_not_modelled();
    facts_.comparison = compare_all(facts_.declared, facts_.replay,
                                    facts_.database ? &facts_.database->schema : nullptr);
    return std::move(facts_);
  }

 private:
  void not_looked_at(std::string what) { facts_.not_looked_at.push_back(std::move(what)); }

  // ---- files ----

  void read_files() {
    std::vector<std::filesystem::path> there = input_.folders;
    if (input_.script_format != nullptr)
      std::erase_if(there, [](const auto& folder) {
        std::error_code ignored;
        return !std::filesystem::exists(folder, ignored);
      });
    RevisionHeaders headers =
        read_revision_headers_that_can_be(there, input_.project->recursive, input_.script_format);
    facts_.unreadable = std::move(headers.faults);
    std::vector<Revision> revisions;
    for (const RevisionSource& source : headers.sources) revisions.push_back(source.revision);
    CheckedGraph checked = check_graph(revisions);
    facts_.graph_faults = std::move(checked.faults);
    whole_ = facts_.graph_is_whole();
    if (whole_) {
      chain_ = Chain::load(input_.folders, input_.project->recursive, input_.script_format);
    } else {
      std::vector<RevisionSource> kept;
      for (std::size_t i = 0; i < headers.sources.size(); ++i) {
        if (!checked.kept[i]) continue;
        kept.push_back(std::move(headers.sources[i]));
        kept.back().revision = std::move(checked.mended[i]);
      }
      sources_ = kept;
      chain_ = Chain::of(std::move(kept));
    }
    chain_.set_scripts(input_.scripts);
  }

  // ---- the database ----

  void ask_database() {
    if (input_.use == DatabaseUse::never || !input_.connect) return;
    try {
      TargetDatabase& target = input_.connect();
      DatabaseFacts database;
      database.url = input_.url;
      database.version = target.connection->server_version();
      database.missing_file = target.stands_in;
      SeenDatabase seen = observe(target);
      database.state = std::move(seen.state);
      database.running = std::move(seen.running);
      if (whole_) compare_files(database);
      if (database.state.version_table_exists)
        database.width = dialect_.column_width(*target.connection, target.version_table,
                                               Identifier{"version_num"});
      IntrospectionOptions without;
      QualifiedName alembic = target.version_table;
      alembic.object.name = "alembic_version";
      for (const QualifiedName& table : {target.version_table, target.journal_table, alembic})
        without.without.push_back({table.schema.name, table.object.name});
      database.schema.schema =
          schema_dialect_named(input_.dialect).introspect(*target.connection, without);
      database.between = between_revisions(database, observe(target));
      facts_.database = std::move(database);
    } catch (const Error& error) {
      rethrow_if_fatal(error);
      facts_.unreachable = error.report();
    }
  }

  // later: as the database was found after its schema was read.
  static std::string between_revisions(const DatabaseFacts& seen, const SeenDatabase& later) {
    const auto open = [](const DatabaseState& state, const std::optional<RunAtWork>& running) {
      return running && running->revision ? running->revision : state.open_revision;
    };
    if (const auto half = open(seen.state, seen.running))
      return fmt::format("{} is done in part", describe_work(*half));
    const bool stayed =
        later.state.current == seen.state.current && !open(later.state, later.running);
    return stayed ? "" : "a run has changed it meanwhile";
  }

  // The revisions as the database sees them, and which of their files have changed.
  void compare_files(DatabaseFacts& database) {
    try {
      if (auto seen = unsquashed(chain_, database.state)) {
        chain_ = *std::move(seen);
        chain_.set_scripts(input_.scripts);
      }
      database.changed = changed_revisions(chain_, database.state);
    } catch (const Error& error) {
      rethrow_if_fatal(error);
      not_looked_at("which files have changed since they were run: " + error.report().message);
    }
  }

  // ---- how each revision is run ----

  void plan_all() {
    facts_.graph = chain_.graph();
    facts_.revisions.resize(facts_.graph.size());
    for (RevisionGraph::Index index = 0; index < facts_.graph.size(); ++index) {
      RevisionFacts& revision = facts_.revisions[index];
      revision.revision = facts_.graph.at(index);
      revision.path = chain_.path(index);
      revision.is_script = revision.path.extension() != ".sql";
      if (!revision.is_script) plan_sql(index, revision);
    }
    plan_scripts(Direction::upgrade);
    plan_scripts(Direction::downgrade);
    for (RevisionFacts& revision : facts_.revisions) read_columns(revision);
    order();
  }

  // The file as it is; what its header refers to may have been cut from the graph.
  RevisionFile file_of(RevisionGraph::Index index) const {
    if (whole_) return chain_.read(index);
    return parse_revision_file(read_revision_bytes(sources_[index]), chain_.path(index));
  }

  void plan_sql(RevisionGraph::Index index, RevisionFacts& revision) {
    try {
      const RevisionFile file = file_of(index);
      revision.text = file.text;
      revision.down.irreversible = says_irreversible(file, dialect_);
      revision.down.missing = has_no_downgrade(file);
      plan_sql(file, Direction::upgrade, revision.up);
      plan_sql(file, Direction::downgrade, revision.down);
    } catch (const Error& error) {
      rethrow_if_fatal(error);
      facts_.unreadable.push_back(error.report());
      revision.up.how = revision.down.how = HowRun::cannot;
    }
  }

  void plan_sql(const RevisionFile& file, Direction direction, DirectionFacts& way) const {
    try {
      way.steps = plan_revision(file, direction, dialect_);
    } catch (const Error& error) {
      rethrow_if_fatal(error);
      way.how = HowRun::cannot;
      way.fault = error.report();
    }
  }

  void plan_scripts(Direction direction) {
    std::vector<RevisionGraph::Index> scripts;
    for (RevisionGraph::Index index = 0; index < facts_.revisions.size(); ++index)
      if (facts_.revisions[index].is_script) scripts.push_back(index);
    if (scripts.empty()) return;
    try {
      chain_.announce(scripts, direction, dialect_);
    } catch (const Error& error) {
      rethrow_if_fatal(error);
    }
    for (const RevisionGraph::Index index : scripts) plan_script(index, direction);
  }

  void plan_script(RevisionGraph::Index index, Direction direction) {
    RevisionFacts& revision = facts_.revisions[index];
    DirectionFacts& way = direction == Direction::upgrade ? revision.up : revision.down;
    way.how = HowRun::cannot;
    if (facts_.no_python) return;
    try {
      PlannedRevision planned = chain_.plan(index, direction, dialect_);
      revision.text = planned.file.text;
      way.steps = std::move(planned.steps);
      way.how = planned.live         ? HowRun::live
                : planned.delegation ? HowRun::delegated
                                     : HowRun::recorded;
      way.because = planned.live ? planned.live_because : "it needs the application";
    } catch (const Error& error) {
      rethrow_if_fatal(error);
      // Not the script is at fault, but what would read it.
      if (error.report().message.find("could not be started") != std::string::npos) {
        facts_.no_python = error.report();
        return;
      }
      way.fault = error.report();
      if (!way.fault->place) way.fault->place = revision.revision.place;
      if (direction == Direction::upgrade) return;
      const std::string& message = way.fault->message;
      way.missing = message.find("has no function downgrade") != std::string::npos;
      way.irreversible = message.find("raised NotImplementedError") != std::string::npos;
    }
  }

  void read_columns(RevisionFacts& revision) const {
    const bool fold = schema_dialect_named(input_.dialect).case_sensitive_names();
    for (const Step& step : revision.up.steps)
      for (const sql::Statement& statement : step.statements)
        for (ColumnText& column : column_texts(statement, dialect_.lexical_rules(), fold)) {
          if (revision.is_script) locate(column, revision.text);
          revision.columns.push_back(std::move(column));
        }
  }

  // A script makes its SQL, often from a text of several lines: where the column stands in it.
  static void locate(ColumnText& column, std::string_view text) {
    constexpr int most_lines = 200;
    for (int line = column.place.line; line < column.place.line + most_lines; ++line) {
      const std::string here = source_line(text, line);
      const std::size_t name = here.find(column.column);
      if (name == std::string::npos) continue;
      column.place.line = line;
      column.place.column = 1;
      return;
    }
  }

  // What the database has comes first.
  void order() {
    const std::vector<std::string> current = facts_.database
                                                 ? known_current(chain_, facts_.database->state)
                                                 : std::vector<std::string>{};
    facts_.applied = limbeck::applied(facts_.graph, current);
    for (const bool applied : {true, false})
      for (const RevisionGraph::Index index : facts_.graph.topological_order())
        if (facts_.applied[index] == applied) facts_.order.push_back(index);
  }

  // ---- what they build ----

  void replay() {
    if (!facts_.graph_is_whole()) {
      not_looked_at(whole_ ? "what the revisions build: some of them cannot be read"
                           : "what the revisions build: they do not form a graph");
      return;
    }
    std::optional<std::size_t> current;
    const bool is_known =
        facts_.database && unknown_revisions(chain_, facts_.database->state).empty();
    const bool is_settled = is_known && facts_.database->between.empty();
    if (is_known && !is_settled)
      not_looked_at("whether the database is as its revisions make it: " +
                    facts_.database->between);
    if (is_settled)
      current =
          static_cast<std::size_t>(std::count(facts_.applied.begin(), facts_.applied.end(), true));
    facts_.replay = replay_in_memory(facts_, current);
    if (facts_.replay.unknown.empty()) return;
    const bool all_run =
        std::all_of(facts_.revisions.begin(), facts_.revisions.end(),
                    [](const RevisionFacts& it) { return it.up.how != HowRun::cannot; });
    if (all_run) return replay_in_scratch();
    not_looked_at("what the revisions build: some of them cannot be run");
    facts_.replay.at_heads.reset();
    facts_.replay.at_current.reset();
  }

  bool has_scratch() const {
    if (input_.dialect != "postgresql") return true;
    return facts_.database.has_value() && input_.context.server.has_value();
  }

  // What is known only when it runs.
  void replay_in_scratch() {
    MemoryReplay& replay = facts_.replay;
    if (!replay.walked_back)
      not_looked_at(fmt::format("whether the downgrades run: {}; \"limbeck verify\" tries them",
                                replay.unknown.front()));
    if (!has_scratch()) {
      not_looked_at("all that the revisions build: " + first_of(replay.unknown));
      return;
    }
    try {
      replay.at_heads = in_scratch("heads");
      if (replay.at_current) {
        const auto& current = facts_.database->state.current;
        replay.at_current =
            in_scratch(current.empty() ? "base" : fmt::format("{}", fmt::join(current, ",")));
      }
    } catch (const Error& error) {
      rethrow_if_fatal(error);
      replay.at_heads.reset();
      replay.at_current.reset();
      if (error.code() != ExitCode::invalid_project) {
        not_looked_at("what the revisions build: " + error.report().message);
        return;
      }
      replay.faults.push_back(
          {.message = error.report().message, .place = error.report().place.value_or(Place{})});
    }
  }

  SchemaFacts in_scratch(const std::string& selector) const {
    LoadContext context = input_.context;
    context.offline = false;
    context.cache.clear();
    PreparedSources sources;
    sources.others.emplace_back(ChainContent{&chain_, selector});
    LoadedSchema loaded = load_schema(sources, LoadOptions{.dialect = input_.dialect}, context);
    return {std::move(loaded.schema), std::move(loaded.uncertain)};
  }

  // ---- what is declared ----

  void read_what_is_declared() {
    try {
      LoadContext context = input_.context;
      context.chain = [this]() -> const Chain& { return chain_; };
      if (facts_.unreachable) context.server.reset();
      facts_.declared = read_declared(input_.declared, input_.dialect, context);
    } catch (const Error& error) {
      rethrow_if_fatal(error);
      facts_.declared_fault = error.report();
    }
  }

  // What no schema holds, on either side.
  void say_what_is_not_modelled() {
    std::set<std::string> names;
    const auto take = [&](const SchemaFacts& facts) {
      for (const Unmodelled& it : facts.schema.unmodelled) names.insert(it.what);
    };
    if (facts_.database) take(facts_.database->schema);
    if (facts_.declared && !facts_.declared->versions.empty())
      take(facts_.declared->versions.front());
    for (const std::string& name : names) not_looked_at(name);
  }

  const AuditInput& input_;
  const Dialect& dialect_;
  Chain chain_ = {};
  bool whole_ = true;                         // whether all headers form a graph
  std::vector<RevisionSource> sources_ = {};  // when they do not
  AuditFacts facts_ = {};
};

}  // namespace

AuditFacts gather_facts(const AuditInput& input) {
  return Gatherer(input).run();
}

}  // namespace limbeck
