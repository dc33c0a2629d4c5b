#include "run/version_table.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/utf8.h"

namespace limbeck {

std::vector<Command> version_commands(const TargetDatabase& database, const HeadChange& change) {
  const std::string table = database.dialect->quote(database.version_table);
  const std::string_view equals = database.dialect->equals();
  std::vector<Command> commands;
  for (const std::string& id : change.remove) {
    commands.push_back({.sql = fmt::format("DELETE FROM {} WHERE version_num {} $1", table, equals),
                        .parameters = {id},
                        .must_affect_one_row = true});
  }
  for (const auto& [from, to] : change.move) {
    commands.push_back({.sql = fmt::format("UPDATE {} SET version_num = $1 WHERE version_num {} $2",
                                           table, equals),
                        .parameters = {to, from},
                        .must_affect_one_row = true});
  }
  for (const std::string& id : change.insert) {
    commands.push_back({.sql = fmt::format("INSERT INTO {} (version_num) VALUES ($1)", table),
                        .parameters = {id},
                        .must_affect_one_row = true});
  }
  return commands;
}

std::vector<std::string> version_statements(const Dialect& dialect, const QualifiedName& table,
                                            const HeadChange& change) {
  const std::string name = dialect.quote(table);
  const std::string_view equals = dialect.equals();
  const auto literal = [&](const std::string& text) { return dialect.quote_literal(text); };
  std::vector<std::string> statements;
  for (const std::string& id : change.remove) {
    statements.push_back(
        fmt::format("DELETE FROM {} WHERE version_num {} {}", name, equals, literal(id)));
  }
  for (const auto& [from, to] : change.move) {
    statements.push_back(fmt::format("UPDATE {} SET version_num = {} WHERE version_num {} {}", name,
                                     literal(to), equals, literal(from)));
  }
  for (const std::string& id : change.insert) {
    statements.push_back(
        fmt::format("INSERT INTO {} (version_num) VALUES ({})", name, literal(id)));
  }
  return statements;
}

std::string clear_statement(const Dialect& dialect, const QualifiedName& table) {
  return fmt::format("DELETE FROM {}", dialect.quote(table));
}

int longest_id(const RevisionGraph& graph) {
  std::size_t longest = 0;
  for (const Revision& revision : graph.revisions())
    longest = std::max(longest, code_points(revision.id));
  return static_cast<int>(longest);
}

void check_id_fits(TargetDatabase& database, const Revision& revision, std::optional<int> width) {
  const std::size_t characters = code_points(revision.id);
  if (!width || characters <= static_cast<std::size_t>(*width)) return;
  throw Error(
      {.code = ExitCode::invalid_project,
       .message = fmt::format("revision id {} has {} characters, but {} holds {}", revision.id,
                              characters, database.version_table.object.name, *width),
       .place = revision.place,
       .state = "nothing was changed",
       .hint = "widen the version table with \"limbeck repair --widen\", or give the revision a "
               "shorter id"});
}

}  // namespace limbeck
