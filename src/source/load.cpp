#include "source/load.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/file.h"
#include "dialect/interpreter.h"
#include "operation/match.h"
#include "source/cache.h"
#include "source/declared_once.h"
#include "source/declared_renames.h"
#include "source/elaborate.h"
#include "source/interpret.h"
#include "source/program.h"
#include "source/replay.h"

namespace limbeck {
namespace {

constexpr std::size_t max_snapshot = std::size_t{1024} * 1024 * 1024;

SourceContent read_program(const ProgramSource& program, const LoadContext& context) {
  std::string output = run_program(
      program.command, context.folder,
      {.timeout_ms = context.program_timeout_ms, .interrupt = context.connect.interrupt});
  const std::string name = "cmd:" + program.command;
  if (output.at(output.find_first_not_of(" \t\r\n")) == '{') {
    if (auto models = read_models(output, name)) return *std::move(models);
    return read_snapshot(output, name);
  }
  std::vector<SqlText> texts;
  texts.push_back({name, std::move(output)});
  return texts;
}

IntrospectionOptions introspection(const LoadOptions& options) {
  IntrospectionOptions result;
  result.owners = options.owners;
  result.privileges = options.privileges;
  return result;
}

RelationName relation(const QualifiedName& name) {
  return {name.schema.name, name.object.name};
}

Schema introspect_database(const DatabaseUrl& url, const LoadOptions& options,
                           const LoadContext& context) {
  ConnectOptions connect = context.connect;
  connect.read_only = true;
  TargetDatabase database = open_database(url, context.database, connect);
  IntrospectionOptions reading = introspection(options);
  QualifiedName alembic = database.version_table;
  alembic.object.name = "alembic_version";
  reading.without = {relation(database.version_table), relation(database.journal_table),
                     relation(alembic)};
  return schema_dialect_named(options.dialect).introspect(*database.connection, reading);
}

// Whether a role that the server lacks is made by the declared SQL itself.
bool declares_roles(const std::vector<SqlFile>& files) {
  for (const SqlFile& file : files) {
    for (const sql::Statement& statement : file.statements) {
      if (sql::starts_with(statement, "CREATE ROLE") ||
          (sql::starts_with(statement, "CREATE USER") &&
           !sql::starts_with(statement, "CREATE USER MAPPING")))
        return true;
    }
  }
  return false;
}

using Elaboration = std::function<std::set<Unmodelled>(Scratch&, const ScratchDialect&)>;

Schema elaborate_in(Scratch& scratch, const ScratchDialect& dialect, const LoadOptions& options,
                    const Elaboration& run) {
  std::set<Unmodelled> refused = run(scratch, dialect);
  Schema schema = schema_dialect_named(options.dialect)
                      .introspect(scratch.connection(), introspection(options));
  schema.unmodelled.merge(refused);
  return schema;
}

Schema elaborate(const LoadOptions& options, const LoadContext& context, bool may_need_roles,
                 const Elaboration& run) {
  const ScratchDialect& dialect = scratch_dialect_named(options.dialect);
  std::optional<DatabaseUrl> server = context.server;
  if (server && server->dialect() != options.dialect) server.reset();
  try {
    const auto scratch = dialect.create(server, context.connect);
    return elaborate_in(*scratch, dialect, options, run);
  } catch (const DatabaseError& error) {
    if (!may_need_roles || !dialect.missing_role(error.failure())) throw;
  }
  const auto scratch = dialect.create_apart(server, context.connect);
  return elaborate_in(*scratch, dialect, options, run);
}

Schema elaborate_declared(const std::vector<SqlFile>& files, const LoadOptions& options,
                          const LoadContext& context) {
  const auto load = [&] {
    return elaborate(options, context, declares_roles(files),
                     [&](Scratch& scratch, const ScratchDialect& dialect) {
                       return run_declared(scratch, dialect, files);
                     });
  };
  if (context.cache.empty()) return load();
  const std::string key = cache_key(files, options, context);
  if (auto kept = read_cached(context.cache, key)) return std::move(*kept);
  Schema schema = load();
  write_cached(context.cache, key, {options.dialect, {}, schema});
  return schema;
}

Schema elaborate_revisions(const ChainContent& source, const LoadOptions& options,
                           const LoadContext& context) {
  return elaborate(options, context, false, [&](Scratch& scratch, const ScratchDialect& dialect) {
    return replay(scratch, dialect, dialect_named(options.dialect), *source.chain, source.selector);
  });
}

bool interprets(const LoadOptions& options, const LoadContext& context) {
  return context.offline && has_interpreter(options.dialect);
}

void check_dialect(const Snapshot& snapshot, const LoadOptions& options) {
  if (snapshot.dialect == options.dialect) return;
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("a snapshot of {} cannot be compared with {}",
                                      snapshot.dialect, options.dialect),
               .hint = fmt::format("write one of the {} database: limbeck inspect --format json",
                                   options.dialect)});
}

}  // namespace

SourceContent read_source(const Source& source, const LoadContext& context) {
  return match(
      source, [](const DatabaseSource& it) -> SourceContent { return it.url; },
      [](const SqlSource& it) -> SourceContent { return read_sql(it.path); },
      [](const SnapshotSource& it) -> SourceContent {
        return read_snapshot(read_file(it.path, max_snapshot), it.path.string());
      },
      [&](const RevisionsSource& it) -> SourceContent {
        return ChainContent{&context.chain(), it.selector};
      },
      [&](const ProgramSource& it) -> SourceContent { return read_program(it, context); });
}

std::optional<std::string> dialect_of(const SourceContent& content) {
  if (const auto* url = std::get_if<DatabaseUrl>(&content)) return std::string(url->dialect());
  if (const auto* snapshot = std::get_if<Snapshot>(&content)) return snapshot->dialect;
  return std::nullopt;
}

PreparedSources prepare(std::vector<SourceContent> contents, const std::string& dialect) {
  PreparedSources prepared;
  std::vector<SqlText> texts;
  std::vector<ModelsDocument> models;
  for (SourceContent& content : contents) {
    if (auto* sql = std::get_if<std::vector<SqlText>>(&content)) {
      std::move(sql->begin(), sql->end(), std::back_inserter(texts));
      prepared.has_sql = true;
    } else if (auto* document = std::get_if<ModelsDocument>(&content)) {
      models.push_back(std::move(*document));
      prepared.has_sql = true;
    } else {
      prepared.others.push_back(std::move(content));
    }
  }
  std::vector<SqlText> of_models = models_sql(models, dialect);
  std::move(of_models.begin(), of_models.end(), std::back_inserter(texts));
  const sql::LexicalRules& rules = dialect_named(dialect).lexical_rules();
  prepared.files = split_files(std::move(texts), rules);
  check_declared_once(prepared.files, schema_dialect_named(dialect).case_sensitive_names());
  prepared.stated = access_stated(prepared.files, rules);
  prepared.renames = declared_renames(prepared.files, rules);
  return prepared;
}

namespace {

LoadedSchema load_declared(const std::vector<SqlFile>& files, const LoadOptions& options,
                           const LoadContext& context) {
  if (interprets(options, context)) return interpret_declared(options.dialect, files);
  return {elaborate_declared(files, options, context)};
}

LoadedSchema load_content(const SourceContent& content, const LoadOptions& options,
                          const LoadContext& context) {
  return match(
      content,
      [&](const DatabaseUrl& url) -> LoadedSchema {
        return {introspect_database(url, options, context)};
      },
      // These two are among the files.
      [&](const std::vector<SqlText>&) -> LoadedSchema { return {}; },
      [&](const ModelsDocument&) -> LoadedSchema { return {}; },
      [&](const Snapshot& snapshot) -> LoadedSchema {
        check_dialect(snapshot, options);
        return {snapshot.schema};
      },
      [&](const ChainContent& revisions) -> LoadedSchema {
        if (interprets(options, context))
          return interpret_revisions(options.dialect, *revisions.chain, revisions.selector);
        return {elaborate_revisions(revisions, options, context)};
      });
}

// Adds what another source declares. What every database has may stand in both.
void join(LoadedSchema& joined, LoadedSchema added, const Schema& everywhere) {
  Schema& schema = joined.schema;
  Schema& other = added.schema;
  for (auto& [id, object] : other.objects) {
    const Object* const mine = schema.find(id);
    const bool shared =
        id.kind == Kind::schema || id.kind == Kind::extension || everywhere.find(id) != nullptr;
    if (mine != nullptr && !(shared && *mine == object)) {
      throw Error({.code = ExitCode::invalid_project,
                   .message = fmt::format("{} is declared by two sources", to_string(id)),
                   .hint = "declare it in one of them"});
    }
    schema.put(std::move(object));
  }
  schema.dependencies.merge(other.dependencies);
  schema.unmodelled.merge(other.unmodelled);
  joined.uncertain.merge(added.uncertain);
}

}  // namespace

LoadedSchema load_schema(const PreparedSources& sources, const LoadOptions& options,
                         const LoadContext& context) {
  const Schema everywhere = schema_dialect_named(options.dialect).new_database();
  std::optional<LoadedSchema> schema;
  const auto add = [&](LoadedSchema other) {
    if (schema) {
      join(*schema, std::move(other), everywhere);
    } else {
      schema = std::move(other);
    }
  };
  if (sources.has_sql) add(load_declared(sources.files, options, context));
  for (const SourceContent& content : sources.others) add(load_content(content, options, context));
  return *std::move(schema);
}

}  // namespace limbeck
