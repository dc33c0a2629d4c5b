// From a source to its schema: reads it, elaborates what is declared, introspects.
//
// It changes no database that a source names. In two steps, because what the sources hold decides
// how they are read: in which dialect, with owners and privileges or without.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dialect/schema_dialect.h"
#include "diff/rename.h"
#include "run/chain.h"
#include "run/target_database.h"
#include "schema/json.h"
#include "source/declared.h"
#include "source/models_document.h"
#include "source/source.h"

namespace limbeck {

// A chain and how far it is replayed. The chain outlives the source's content.
struct ChainContent {
  const Chain* chain = nullptr;
  std::string selector = {};
};

// What a source holds, before any database is asked.
using SourceContent =
    std::variant<DatabaseUrl, std::vector<SqlText>, Snapshot, ChainContent, ModelsDocument>;

struct LoadContext {
  // Declared SQL and revisions are interpreted in memory: no scratch database is made.
  bool offline = false;
  // Of the project, for read_source alone: it may load the chain. Throws without one.
  std::function<const Chain&()> chain = nullptr;
  DatabaseSettings database = {};     // the version table's name
  std::filesystem::path folder = {};  // where programs run; empty: here
  int program_timeout_ms = 60'000;
  std::optional<DatabaseUrl> server = {};  // where scratch databases may be made
  std::filesystem::path cache = {};        // a folder; empty: nothing is kept
  ConnectOptions connect = {};
};

// Reads files, runs programs.
SourceContent read_source(const Source& source, const LoadContext& context);

// The dialect that the content is in of itself; nothing for SQL text and revisions.
std::optional<std::string> dialect_of(const SourceContent& content);

// One or several sources that declare a schema together. All their SQL is one declaration.
struct PreparedSources {
  std::vector<SqlFile> files = {};  // in the order of the sources
  bool has_sql = false;             // also SQL without a statement, and that of models
  std::vector<SourceContent> others = {};
  AccessStated stated = {};
  std::vector<RenameRequest> renames = {};  // that the SQL states
};
// "dialect" is known now; declared SQL is split by its rules. Throws Error
// (ExitCode::invalid_project) for a table that is declared twice, and what models_sql throws.
PreparedSources prepare(std::vector<SourceContent> contents, const std::string& dialect);

struct LoadOptions {
  std::string dialect = {};
  bool owners = false;
  bool privileges = false;
};

struct LoadedSchema {
  Schema schema = {};
  std::map<ObjectId, std::string> uncertain = {};  // why the canonical text needs a server
};

// Throws Error for whatever is wrong with the sources, and (ExitCode::invalid_project) for what two
// of them hold. May run for several sides at once.
LoadedSchema load_schema(const PreparedSources& sources, const LoadOptions& options,
                         const LoadContext& context);

}  // namespace limbeck
