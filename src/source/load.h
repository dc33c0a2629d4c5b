// From a source to its schema: reads it, elaborates what is declared, introspects.
//
// It changes no database that a source names. In two steps, because what the sources hold decides
// how they are read: in which dialect, with owners and privileges or without.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dialect/schema_dialect.h"
#include "run/chain.h"
#include "run/database.h"
#include "schema/json.h"
#include "source/declared.h"
#include "source/source.h"

namespace limbeck {

// A chain and how far it is replayed. The chain outlives the source's content.
struct ChainContent {
  const Chain* chain = nullptr;
  std::string selector = {};
};

// What a source holds, before any database is asked.
using SourceContent = std::variant<DatabaseUrl, std::vector<SqlText>, Snapshot, ChainContent>;

struct LoadContext {
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

// "dialect" is known now; declared SQL is split by its rules.
struct PreparedSource {
  SourceContent content = {};
  std::vector<SqlFile> files = {};  // of SQL text
  AccessStated stated = {};
};
PreparedSource prepare(SourceContent content, const std::string& dialect);

struct LoadOptions {
  std::string dialect = {};
  bool owners = false;
  bool privileges = false;
};

// Throws Error for whatever is wrong with the source. Several sources may be loaded at once.
Schema load_schema(const PreparedSource& source, const LoadOptions& options,
                   const LoadContext& context);

}  // namespace limbeck
