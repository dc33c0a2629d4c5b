#include "lint/allowance.h"

#include <algorithm>

#include "base/source.h"
#include "sql/lexer.h"

namespace limbeck {
namespace {

constexpr std::string_view allow_word = "limbeck:allow";

// comment: behind its dashes or its "#".
std::optional<Allowance> read_allowance(std::string_view comment, const Place& place) {
  comment = trimmed(comment, " \t-#");
  if (!comment.starts_with(allow_word)) return std::nullopt;
  comment.remove_prefix(allow_word.size());
  if (!comment.empty() && comment.front() != ' ' && comment.front() != '\t') return std::nullopt;
  Allowance allowance{.place = place};
  const std::size_t colon = std::min(comment.find(':'), comment.size());
  std::string_view names = comment.substr(0, colon);
  if (colon < comment.size()) allowance.reason = trimmed(comment.substr(colon + 1), " \t");
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    const std::string_view name = trimmed(names.substr(0, comma), " \t");
    if (!name.empty()) allowance.rules.emplace_back(name);
    names.remove_prefix(std::min(comma + 1, names.size()));
  }
  return allowance;
}

// Every line of the text that is a comment as a whole. other: the function of a script that is not
// meant.
void read_lines(std::string_view text, std::string_view sign, std::string_view other,
                const std::string& file, bool whole, std::vector<Allowance>& allowances) {
  int line = 1;
  bool in_other = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (text.starts_with("def ")) in_other = !other.empty() && text.substr(4).starts_with(other);
    const std::string_view each = trimmed(text.substr(0, end), " \t\r");
    if (each.starts_with(sign) && !in_other) {
      if (auto found = read_allowance(each, {file, line, 1, std::string(each)})) {
        found->whole_revision = whole;
        allowances.push_back(std::move(*found));
      }
    }
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line;
  }
}

}  // namespace

std::vector<Allowance> allowances_of(const RevisionFile& file, const Dialect& dialect,
                                     Direction direction) {
  std::vector<Allowance> allowances;
  if (file.text.find(allow_word) == std::string::npos) return allowances;
  const std::string& name = file.revision.place.file;
  if (file.is_script) {
    const Direction other =
        direction == Direction::upgrade ? Direction::downgrade : Direction::upgrade;
    read_lines(file.text, "#", to_string(other), name, false, allowances);
    return allowances;
  }
  const std::size_t header = file.sections.empty() ? file.text.size() : file.sections[0].begin;
  read_lines(std::string_view(file.text).substr(0, header), "--", "", name, true, allowances);
  for (const Section& section : file.sections) {
    const bool other =
        !section.dialects.empty() && std::find(section.dialects.begin(), section.dialects.end(),
                                               dialect.name()) == section.dialects.end();
    if (section.direction != direction || other) continue;
    const std::string_view body = file.body(section);
    const Place start{.file = name, .line = section.body_line, .column = 1};
    sql::Lexer lexer(body, dialect.lexical_rules(), start);
    for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
      if (token.kind != sql::TokenKind::line_comment) continue;
      Place place = start;
      place.line += static_cast<int>(
          std::count(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(token.begin), '\n'));
      if (auto found = read_allowance(lexer.text(token), place))
        allowances.push_back(std::move(*found));
    }
  }
  return allowances;
}

StatementLines lines_of(const RevisionFile& file, const sql::Statement& statement) {
  // The SQL of a script is made: its lines are not those of the file.
  if (file.is_script) return {statement.place.line, statement.place.line};
  const auto more = std::count(statement.text.begin(), statement.text.end(), '\n');
  return {statement.place.line, statement.place.line + static_cast<int>(more)};
}

bool covers(const Allowance& allowance, int line, std::span<const StatementLines> statements) {
  if (allowance.whole_revision) return true;
  for (const StatementLines& statement : statements)
    if (statement.last >= allowance.place.line)
      return line >= statement.first && line <= statement.last;
  return false;
}

}  // namespace limbeck
