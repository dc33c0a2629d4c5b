#include "report/generated_revision.h"

#include <fmt/format.h>

#include "base/terminal.h"
#include "diff/advice.h"

namespace limbeck {
namespace {

// A comment line for each line of the text.
std::string comment(std::string_view text) {
  std::string lines = "-- ";
  for (const char c : printable(text)) {
    lines += c;
    if (c == '\n') lines += "-- ";
  }
  return lines + "\n";
}

std::string_view prefix(AdviceKind kind) {
  switch (kind) {
    case AdviceKind::decide:
      return "DECIDE: ";
    case AdviceKind::loses_data:
      return "LOSES DATA: ";
    case AdviceKind::rename:
      return "RENAME? ";
    case AdviceKind::note:
      return "";
  }
  return "";
}

// The text of one direction, and in which kind of section it stands just now.
class Section {
 public:
  explicit Section(std::string_view marker) : marker_(marker) {}

  void comment_on(const std::vector<Advice>& advice, std::size_t operation) {
    for (const Advice& item : advice)
      if (item.operation == operation)
        waiting_ += comment(fmt::format("{}{}", prefix(item.kind), item.text));
  }

  void add(const std::vector<SqlStatement>& statements) {
    for (const SqlStatement& statement : statements) {
      const bool alone = statement.commit_after || statement.outside_transaction;
      if (alone != alone_) {
        alone_ = alone;
        text_ += fmt::format("\n-- {}{}\n", marker_, alone ? " no-transaction" : "");
      }
      text_ += waiting_ + statement.sql + ";\n";
      waiting_.clear();
    }
  }

  std::string text() && {
    while (text_.starts_with('\n')) text_.erase(0, 1);
    return std::move(text_);
  }

 private:
  std::string_view marker_;
  bool alone_ = false;
  std::string waiting_;
  std::string text_;
};

}  // namespace

std::string generated_section(const std::vector<Operation>& operations,
                              const SchemaDialect& dialect, const Schema& from, const Schema& to,
                              std::string_view section) {
  if (operations.empty()) return "";
  const std::vector<Advice> advice = advise(operations, from);
  const PlanFrame frame = dialect.frame(operations, from, to);
  Section text(section);
  text.add(frame.before);
  for (std::size_t at = 0; at < operations.size(); ++at) {
    text.comment_on(advice, at);
    text.add(dialect.render(operations[at], from, to));
  }
  text.add(frame.after);
  return std::move(text).text();
}

RevisionBody generated_revision(const Schema& from, const Schema& to, const SchemaDialect& dialect,
                                const DiffOptions& options) {
  RevisionBody body;
  body.upgrade =
      generated_section(diff(from, to, dialect, options), dialect, from, to, "limbeck:upgrade");
  if (body.upgrade.empty()) return body;
  DiffOptions back = options;
  back.renames = reversed(options.renames);
  body.downgrade =
      generated_section(diff(to, from, dialect, back), dialect, to, from, "limbeck:downgrade");
  return body;
}

}  // namespace limbeck
