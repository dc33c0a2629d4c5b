#include "alembic/python_body.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "revision/marker.h"
#include "revision/revision_file.h"
#include "sql/splitter.h"

namespace limbeck::alembic {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Whether SQLAlchemy would see more in a colon than a colon: the beginning of a parameter, or one
// that is written with a backslash.
bool needs_backslash(std::string_view sql, std::size_t colon) {
  const char before = colon > 0 ? sql[colon - 1] : ' ';
  if (before == '\\') return true;
  std::size_t end = colon + 1;
  while (end < sql.size() && is_word(sql[end])) ++end;
  return end > colon + 1 && before != ':' && !is_word(before) && sql.substr(end, 1) != ":";
}

class DirectionText {
 public:
  DirectionText(const RevisionFile& file, Direction direction)
      : file_(file), direction_(direction) {}

  std::string text() {
    for (const Section& section : file_.sections) {
      if (section.direction == direction_) add(section);
    }
    // The template has the first line's indentation.
    return text_.substr(std::min(text_.find_first_not_of(" \n"), text_.size()));
  }

 private:
  void add(const Section& section);
  void line(std::string_view indent, std::string_view text) {
    if (!text_.empty()) text_ += '\n';
    text_.append(indent).append(text);
  }
  std::vector<std::string> comments_above(std::string_view body, int line_in_body) const;

  const RevisionFile& file_;
  Direction direction_;
  std::string text_;
};

// The comment lines directly above a line.
std::vector<std::string> DirectionText::comments_above(std::string_view body,
                                                       int line_in_body) const {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < body.size() && static_cast<int>(lines.size()) < line_in_body;) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    lines.push_back(body.substr(at, end - at));
    at = end + 1;
  }
  std::vector<std::string> result;
  for (auto above = lines.rbegin(); above != lines.rend() && above->starts_with("--"); ++above) {
    result.insert(result.begin(), "#" + std::string(above->substr(2)));
  }
  return result;
}

void DirectionText::add(const Section& section) {
  const std::string_view body = file_.body(section);
  const auto statements = sql::split(body, lexical_rules_of(section.dialects), {"", 1, 1, {}});
  if (statements.empty()) return;
  std::string indent = "    ";
  if (!section.dialects.empty()) {
    std::string names;
    for (const std::string& dialect : section.dialects) {
      names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", dialect);
    }
    line(indent, section.dialects.size() == 1
                     ? fmt::format("if op.get_context().dialect.name == {}:", names)
                     : fmt::format("if op.get_context().dialect.name in ({}):", names));
    indent += "    ";
  }
  if (section.kind == SectionKind::no_transaction) {
    line(indent, "with op.get_context().autocommit_block():");
    indent += "    ";
  }
  for (const sql::Statement& statement : statements) {
    for (const std::string& comment : comments_above(body, statement.place.line - 1)) {
      line(indent, comment);
    }
    line(indent, fmt::format("op.execute({})", execute_literal(statement.text)));
  }
}

}  // namespace

std::string execute_literal(std::string_view sql) {
  std::string result = R"(""")";
  for (std::size_t at = 0; at < sql.size(); ++at) {
    const char c = sql[at];
    if (c == ':' && needs_backslash(sql, at)) result += R"(\\)";
    if (c == '\\') {
      result += R"(\\)";
    } else if (c == '"' && (sql.substr(at, 3) == R"(""")" || at + 1 == sql.size())) {
      result += R"(\")";
    } else if (c == '\r') {
      result += R"(\r)";
    } else {
      result += c;
    }
  }
  return result += R"(""")";
}

PythonBody python_body(const RevisionBody& body) {
  PythonBody result;
  if (body.upgrade.empty() && body.downgrade.empty()) return result;
  Revision revision;
  revision.id = "generated";
  const RevisionFile file = parse_revision_file(
      render_revision(default_revision_template, revision, body), "the generated revision");
  result.upgrade = DirectionText(file, Direction::upgrade).text();
  result.downgrade = DirectionText(file, Direction::downgrade).text();
  return result;
}

}  // namespace limbeck::alembic
