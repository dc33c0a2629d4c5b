#include "audit/declared.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>

#include "audit/statement_text.h"
#include "base/letter_case.h"
#include "base/terminal.h"
#include "dialect/dialect.h"
#include "dialect/interpreter.h"

namespace limbeck {
namespace {

// A table as the database tells it from others.
RelationName key_of(RelationName table, const std::string& dialect) {
  const bool postgres = dialect == "postgresql";
  if (postgres && table.schema.empty()) table.schema = "public";
  if (!postgres) table.schema.clear();
  if (!schema_dialect_named(dialect).case_sensitive_names()) table.name = lower_case(table.name);
  return table;
}

// Short where the file is below the working directory, as the places in revisions are.
std::string shown_path(const std::string& file) {
  const std::filesystem::path path(file);
  if (!path.is_absolute()) return file;
  std::error_code error;
  const std::filesystem::path relative = std::filesystem::relative(path, error);
  return error || relative.empty() || *relative.begin() == ".." ? file : relative.string();
}

// The SQL of a document, what is shared by several sets once.
std::string sql_of(const ModelsDocument& models, const std::string& dialect,
                   std::vector<std::string>& faults) {
  const auto sql = models.sql.find(dialect);
  if (sql == models.sql.end())
    throw Error(
        {.code = ExitCode::invalid_project,
         .message = fmt::format("{} prints no models for {}", printable(models.program), dialect),
         .hint = "build the program anew with this version of Limbeck's models_main.h"});
  if (!sql->second.error.empty())
    throw Error({.code = ExitCode::invalid_project,
                 .message = sql->second.error,
                 .hint = "correct the declaration in the program's source, and build it anew",
                 .context = {"in the models of " + models.program}});
  std::string text;
  std::map<std::string, const ModelShared*> made;
  for (const ModelShared& it : sql->second.shared) {
    const auto [first, is_new] = made.emplace(it.name, &it);
    if (is_new)
      text += it.sql + ";\n";
    else if (first->second->sql != it.sql)
      faults.push_back(fmt::format("{} is declared in one way by the set {} and in another by {}",
                                   it.name, first->second->set, it.set));
  }
  return text + sql->second.sql;
}

class DeclaredReader {
 public:
  DeclaredReader(const std::string& dialect, const LoadContext& context)
      : dialect_(dialect),
        context_(context),
        rules_(dialect_named(dialect).lexical_rules()),
        fold_(schema_dialect_named(dialect).case_sensitive_names()) {
    context_.offline = true;
  }

  DeclaredFacts run(const Sources& sources) && {
    for (const Source& source : sources) add(read_source(source, context_));
    std::size_t versions = 1;
    for (const auto& [table, count] : counts_) versions = std::max(versions, count);
    for (std::size_t version = 0; version < versions; ++version) {
      try {
        result_.versions.push_back(load(version));
      } catch (const Error& error) {
        if (version == 0) throw;
        result_.faults.push_back(error.report().message);
        result_.versions.emplace_back();
      }
    }
    return std::move(result_);
  }

 private:
  struct Part {
    RelationName table = {};  // that the statement is about; no name: none
    std::size_t version = 0;
  };

  void add(SourceContent content) {
    if (auto* texts = std::get_if<std::vector<SqlText>>(&content)) {
      add_sql(std::move(*texts), nullptr);
    } else if (const auto* models = std::get_if<ModelsDocument>(&content)) {
      add_sql({{models->program, sql_of(*models, dialect_, result_.faults)}}, models);
    } else {
      others_.push_back(std::move(content));
    }
  }

  void add_sql(std::vector<SqlText> texts, const ModelsDocument* models) {
    std::map<RelationName, std::vector<const ModelTable*>> structs;
    if (models != nullptr)
      for (const ModelTable& table : models->tables)
        structs[key_of({table.schema, table.name}, dialect_)].push_back(&table);
    std::map<RelationName, std::size_t> seen;  // in these texts
    for (SqlFile& file : split_files(std::move(texts), rules_)) {
      std::vector<Part>& parts = parts_.emplace_back();
      for (const sql::Statement& statement : file.statements) {
        for (const RelationName& dropped : dropped_tables(statement, fold_)) forget(dropped);
        if (const auto renamed = renamed_table(statement, fold_)) forget(renamed->from);
        const auto table = table_of(statement, fold_);
        Part part;
        if (table) {
          part.table = key_of(*table, dialect_);
          const std::size_t before = counts_[part.table];
          part.version = before == 0 ? 0 : before - 1;
          if (created_table(statement, fold_)) {
            part.version = before;
            ++counts_[part.table];
            const std::vector<const ModelTable*>& declared = structs[part.table];
            const std::size_t here = seen[part.table]++;
            claim(part, statement, here < declared.size() ? declared[here] : nullptr);
          }
        }
        parts.push_back(part);
      }
      files_.push_back(std::move(file));
    }
  }

  // A table that is dropped or gets another name may be declared anew.
  void forget(const RelationName& name) {
    const RelationName table = key_of(name, dialect_);
    counts_.erase(table);
    std::erase_if(result_.claims, [&](const Claim& claim) { return claim.table == table; });
  }

  void claim(const Part& part, const sql::Statement& statement, const ModelTable* model) {
    Claim claim{.table = part.table, .place = statement.place, .version = part.version};
    if (model != nullptr) {
      claim.set = model->set;
      claim.struct_name = model->struct_name;
      claim.place = Place{model->file, model->line, 0, {}};
    }
    claim.place.file = shown_path(claim.place.file);
    result_.claims.push_back(std::move(claim));
  }

  SchemaFacts load(std::size_t version) const {
    PreparedSources prepared;
    prepared.has_sql = !files_.empty();
    for (std::size_t f = 0; f < files_.size(); ++f) {
      SqlFile file{files_[f].source, {}};
      for (std::size_t i = 0; i < parts_[f].size(); ++i) {
        const Part& part = parts_[f][i];
        const auto count = counts_.find(part.table);
        const std::size_t last =
            count == counts_.end() || count->second == 0 ? 0 : count->second - 1;
        if (part.version == std::min(version, last))
          file.statements.push_back(files_[f].statements[i]);
      }
      prepared.files.push_back(std::move(file));
    }
    if (version == 0) prepared.others = others_;
    LoadedSchema loaded = load(prepared);
    return {std::move(loaded.schema), std::move(loaded.uncertain)};
  }

  // In memory, as far as all of it can be followed there; else where a server runs it.
  LoadedSchema load(const PreparedSources& prepared) const {
    const LoadOptions options{.dialect = dialect_};
    LoadContext on_server = context_;
    on_server.offline = false;
    const bool may_ask = has_interpreter(dialect_) && context_.server.has_value();
    try {
      LoadedSchema loaded = load_schema(prepared, options, context_);
      if (loaded.schema.unmodelled.empty() || !may_ask) return loaded;
    } catch (const Error& error) {
      if (!may_ask || error.code() != ExitCode::invalid_project) throw;
    }
    return load_schema(prepared, options, on_server);
  }

  const std::string& dialect_;
  LoadContext context_;
  const sql::LexicalRules& rules_;
  bool fold_;
  std::vector<SqlFile> files_ = {};
  std::vector<std::vector<Part>> parts_ = {};  // of each file, of each of its statements
  std::vector<SourceContent> others_ = {};
  std::map<RelationName, std::size_t> counts_ = {};
  DeclaredFacts result_ = {};
};

}  // namespace

std::optional<DeclaredFacts> read_declared(const Sources& sources, const std::string& dialect,
                                           const LoadContext& context) {
  if (sources.empty()) return std::nullopt;
  return DeclaredReader(dialect, context).run(sources);
}

}  // namespace limbeck
