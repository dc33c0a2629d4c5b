#include "dialect/postgres/dump_script.h"

#include <utility>
#include <vector>

#include "sql/lexical_rules.h"
#include "sql/splitter.h"

namespace limbeck::postgres {
namespace {

constexpr std::size_t most_rows = std::size_t{4} * 1024 * 1024;  // in bytes

sql::LexicalRules dump_rules() {
  sql::LexicalRules rules = sql::postgres_rules;
  rules.dump_fences = true;
  rules.copy_data = false;  // the rows are told apart here, line by line
  return rules;
}

bool is_fence(std::string_view line) {
  return line.starts_with("\\restrict ") || line.starts_with("\\unrestrict ");
}

}  // namespace

void DumpScript::take(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    line_ += bytes.substr(0, end);
    if (end == std::string_view::npos) return;
    take_line(std::exchange(line_, {}));
    bytes.remove_prefix(end + 1);
  }
}

void DumpScript::take_line(std::string_view line) {
  if (!copy_.empty()) return take_row(line);
  const bool between = line.empty() || line.starts_with("--") || is_fence(line);
  if (statement_.empty() && between) return;
  statement_ += line;
  statement_ += '\n';
  if (line.ends_with(';')) run_statement();
}

// A text that is not closed is not at its end: the ';' belongs to a string or a body.
void DumpScript::run_statement() {
  std::vector<sql::Statement> statements;
  try {
    statements = sql::split(statement_, dump_rules(), {});
  } catch (const Error&) {
    return;
  }
  statement_.clear();
  for (const sql::Statement& each : statements) {
    if (sql::starts_with(each, "COPY") && each.text.ends_with(" FROM stdin")) {
      copy_ = each.text;
      return;
    }
    const Command command{.sql = each.text};
    connection_.run({&command, 1}, Wrap::open_transaction);
  }
}

void DumpScript::take_row(std::string_view line) {
  const bool last = line == "\\.";
  if (!last) {
    rows_ += line;
    rows_ += '\n';
  }
  if (last || rows_.size() >= most_rows) run_rows();
  if (last) copy_.clear();
}

void DumpScript::run_rows() {
  const Command command{.sql = copy_, .copy_data = std::exchange(rows_, {})};
  connection_.run({&command, 1}, Wrap::open_transaction);
}

void DumpScript::finish() {
  if (!line_.empty()) take_line(std::exchange(line_, {}));
  if (copy_.empty() && statement_.empty()) return;
  throw Error({.code = ExitCode::failed_rolled_back,
               .message = "what pg_restore wrote ends within a statement"});
}

}  // namespace limbeck::postgres
