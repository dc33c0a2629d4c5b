#include "dialect/postgres/restore_contents.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/postgres/dump_programs.h"
#include "dialect/tokens.h"
#include "sql/lexical_rules.h"
#include "sql/splitter.h"

namespace limbeck::postgres {
namespace {

std::string run(const BackupContents& backup, std::vector<std::string> arguments,
                std::string use_list = {}) {
  arguments.push_back(backup.file);
  return run_dump_program({.path = backup.program,
                           .arguments = std::move(arguments),
                           .use_list = std::move(use_list),
                           .interrupt = backup.interrupt},
                          "the restore failed");
}

// As pg_restore lists names.
std::string in_one_line(std::string name) {
  for (char& c : name) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return name;
}

std::set<std::string> schemas_there(Connection& connection) {
  const ResultSet found = connection.query(
      {.sql = "SELECT n.nspname::pg_catalog.text FROM pg_catalog.pg_namespace n WHERE n.nspname "
              "OPERATOR(pg_catalog.!~) '^pg_'"});
  std::set<std::string> names;
  for (const Row& row : found.rows) names.insert(text_of(row.at(0)));
  return names;
}

// The schema that the statements of one line of the list make; empty: none.
std::string made_by(const BackupContents& backup, std::string_view line) {
  sql::LexicalRules rules = sql::postgres_rules;
  rules.dump_fences = true;
  const std::string script =
      run(backup, {"--no-owner", "--no-privileges", "--file=-"}, std::string(line) + "\n");
  for (const sql::Statement& statement : sql::split(script, rules, {})) {
    constexpr std::size_t most_tokens = 8;
    TokenReader reader(statement.text, most_tokens, true);
    if (!reader.accept("CREATE SCHEMA")) continue;
    if (const auto name = reader.name()) return name->object.name;
  }
  return {};
}

// A line is "5; 2615 16385 SCHEMA - app owner". Where a name or the owner may have blanks, or line
// ends, which are listed as blanks, it does not say where the name ends: its statement does.
bool is_of_schema_there(const BackupContents& backup, std::string_view line,
                        const std::set<std::string>& there) {
  constexpr std::string_view kind = "SCHEMA - ";
  std::string_view entry =
      line.substr(std::min(line.find_first_not_of("0123456789; "), line.size()));
  if (!entry.starts_with(kind)) return false;
  entry.remove_prefix(kind.size());
  const bool may_be = std::any_of(there.begin(), there.end(), [&](const std::string& name) {
    return entry.starts_with(in_one_line(name) + " ");
  });
  if (!may_be || std::count(entry.begin(), entry.end(), ' ') == 1) return may_be;
  const std::string name = made_by(backup, line);
  return name.empty() || there.contains(name);
}

}  // namespace

std::string contents_for(Connection& connection, const BackupContents& backup) {
  const std::set<std::string> there = schemas_there(connection);
  const std::string all = run(backup, {"--list"});
  std::string kept;
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find('\n', begin), all.size());
    const std::string_view line = std::string_view(all).substr(begin, end - begin);
    if (!is_of_schema_there(backup, line, there)) kept.append(line).append(1, '\n');
    begin = end + 1;
  }
  return kept;
}

}  // namespace limbeck::postgres
