#include "source/declared.h"

#include <algorithm>
#include <system_error>

#include "limbeck/error.h"

#include "base/file.h"
#include "base/text_place.h"
#include "sql/lexer.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_sql_file = std::size_t{1024} * 1024 * 1024;

std::string read_text(const fs::path& path) {
  std::string text = read_file(path, max_sql_file);
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  return text;
}

std::vector<fs::path> sql_files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  try {
    fs::recursive_directory_iterator at(folder, fs::directory_options::follow_directory_symlink);
    for (const auto end = fs::end(at); at != end; ++at) {
      if (at->path().filename().string().starts_with('.')) {
        if (at->is_directory()) at.disable_recursion_pending();
        continue;
      }
      if (at.depth() > 64) at.disable_recursion_pending();  // a link that leads back
      if (at->path().extension() == ".sql" && !at->is_directory()) files.push_back(at->path());
    }
  } catch (const fs::filesystem_error& error) {
    throw file_error(error.path1().string(), "this folder cannot be read", error.code().value());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Whether the words stand next to each other somewhere in the statement.
class TokenSearch {
 public:
  TokenSearch(const sql::Statement& statement, const sql::LexicalRules& rules) {
    sql::Lexer lexer(statement.text, rules, statement.place);
    for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
      if (token.kind == sql::TokenKind::word) words_.push_back(lexer.text(token));
      if (token.kind == sql::TokenKind::symbol || token.kind == sql::TokenKind::name)
        words_.emplace_back();
    }
  }

  bool has(std::string_view first, std::string_view second = {}) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (!sql::same_word(words_[i], first)) continue;
      if (second.empty() || (i + 1 < words_.size() && sql::same_word(words_[i + 1], second)))
        return true;
    }
    return false;
  }

 private:
  std::vector<std::string_view> words_;
};

}  // namespace

std::vector<SqlText> read_sql(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {SqlText{path.string(), read_text(path)}};
  std::vector<SqlText> texts;
  for (const fs::path& file : sql_files_below(path))
    texts.push_back({file.string(), read_text(file)});
  if (texts.empty()) {
    throw file_error(path.string(), "there is no .sql file in this folder", 0,
                     "an empty schema is declared by an empty .sql file");
  }
  return texts;
}

std::vector<SqlFile> split_files(std::vector<SqlText> texts, const sql::LexicalRules& rules) {
  sql::LexicalRules dump_rules = rules;
  dump_rules.dump_fences = rules.copy_data;
  std::vector<SqlFile> files;
  files.reserve(texts.size());
  for (SqlText& text : texts) {
    SqlFile& file = files.emplace_back();
    file.source = std::move(text);
    file.statements = sql::split(file.source.text, dump_rules, {file.source.file, 1, 1, {}});
  }
  return files;
}

AccessStated access_stated(const std::vector<SqlFile>& files, const sql::LexicalRules& rules) {
  AccessStated stated;
  for (const SqlFile& file : files) {
    for (const sql::Statement& statement : file.statements) {
      if (sql::starts_with(statement, "GRANT") || sql::starts_with(statement, "REVOKE") ||
          sql::starts_with(statement, "ALTER DEFAULT PRIVILEGES"))
        stated.privileges = true;
      if (stated.owners) continue;
      if (sql::starts_with(statement, "ALTER"))
        stated.owners = TokenSearch(statement, rules).has("OWNER", "TO");
      else if (sql::starts_with(statement, "CREATE SCHEMA"))
        stated.owners = TokenSearch(statement, rules).has("AUTHORIZATION");
      else if (sql::starts_with(statement, "SET SESSION AUTHORIZATION") ||
               sql::starts_with(statement, "SET ROLE"))
        stated.owners = true;
    }
  }
  return stated;
}

}  // namespace limbeck
