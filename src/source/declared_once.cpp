#include "source/declared_once.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <string>
#include <utility>

#include "base/letter_case.h"
#include "base/source.h"
#include "base/terminal.h"

namespace limbeck {
namespace {

using Words = std::span<const std::string>;

bool next_is(Words& words, std::string_view word) {
  if (words.empty() || words.front() != word) return false;
  words = words.subspan(1);
  return true;
}

// A name as the database keeps it. Words without quotes come in upper case.
std::string name_of(const std::string& word, bool case_sensitive) {
  const bool quoted = word.size() > 1 && (word.front() == '"' || word.front() == '`' ||
                                          word.front() == '[' || word.front() == '\'');
  const std::string name = quoted ? word.substr(1, word.size() - 2) : word;
  return quoted && case_sensitive ? name : lower_case(name);
}

// "schema.table" or "table".
std::string table_name(Words words, bool case_sensitive) {
  if (words.empty()) return {};
  std::string name = name_of(words[0], case_sensitive);
  if (words.size() > 2 && words[1] == ".") name += "." + name_of(words[2], case_sensitive);
  return name;
}

// The words from the table's name on; nothing for any other statement.
Words created_table(Words words) {
  if (!next_is(words, "CREATE")) return {};
  if (!next_is(words, "UNLOGGED") && !next_is(words, "VIRTUAL")) next_is(words, "FOREIGN");
  if (!next_is(words, "TABLE")) return {};
  if (next_is(words, "IF") && next_is(words, "NOT")) next_is(words, "EXISTS");
  return words;
}

bool takes_tables_away(const sql::Statement& statement) {
  if (sql::starts_with(statement, "DROP TABLE") || sql::starts_with(statement, "DROP SCHEMA"))
    return true;
  return sql::starts_with(statement, "ALTER TABLE") &&
         std::find(statement.words.begin(), statement.words.end(), "RENAME") !=
             statement.words.end();
}

Error declared_twice(const std::string& name, const SqlFile& file, Place place,
                     const Place& first) {
  place.source_line = source_line(file.source.text, place.line);
  return Error({.code = ExitCode::invalid_project,
                .message = fmt::format("table {} is declared twice", printable(name)),
                .place = std::move(place),
                .detail = fmt::format("it is declared at {}:{}:{} too", printable(first.file),
                                      first.line, first.column),
                .hint = "leave one of the two declarations"});
}

}  // namespace

void check_declared_once(std::span<const SqlFile> files, bool case_sensitive) {
  // After another setting of search_path, the same name means another table. A setting holds to
  // the end of its file; 0 is the one that files begin with.
  using PathAndName = std::pair<int, std::string>;
  std::map<PathAndName, Place> declared;
  int settings = 0;
  for (const SqlFile& file : files) {
    int path = 0;
    for (const sql::Statement& statement : file.statements) {
      if (sql::starts_with(statement, "SET SEARCH_PATH")) path = ++settings;
      if (takes_tables_away(statement)) declared.clear();
      const std::string name = table_name(created_table(statement.words), case_sensitive);
      if (name.empty()) continue;
      const bool qualified = name.find('.') != std::string::npos;
      const auto [first, is_new] =
          declared.emplace(PathAndName(qualified ? 0 : path, name), statement.place);
      if (!is_new) throw declared_twice(name, file, statement.place, first->second);
    }
  }
}

}  // namespace limbeck
