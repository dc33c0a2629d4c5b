#include "report/generated_revision.h"

#include <fmt/format.h>
#include <set>

#include "base/terminal.h"
#include "dialect/dialect.h"
#include "diff/advice.h"
#include "revision/direction.h"

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
class SectionText {
 public:
  explicit SectionText(std::string_view marker) : marker_(marker) {}

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
  SectionText text(section);
  text.add(frame.before);
  for (std::size_t at = 0; at < operations.size(); ++at) {
    text.comment_on(advice, at);
    text.add(dialect.render(operations[at], from, to));
  }
  text.add(frame.after);
  return std::move(text).text();
}

namespace {

// renames: those of the way that is gone.
std::vector<Operation> between(const SchemaChange& change, const Schema& from, const Schema& to,
                               std::vector<RenameRequest> renames) {
  DiffOptions options;
  options.renames = std::move(renames);
  options.rules = dialect_named(change.dialect).lexical_rules();
  return diff(from, to, schema_dialect_named(change.dialect), options);
}

std::string one_way(const SchemaChange& change, Direction direction, std::string_view section) {
  const bool up = direction == Direction::upgrade;
  const Schema& from = up ? change.from : change.to;
  const Schema& to = up ? change.to : change.from;
  const auto operations = between(change, from, to, up ? change.renames : reversed(change.renames));
  return generated_section(operations, schema_dialect_named(change.dialect), from, to, section);
}

std::string in_every_dialect(std::span<const SchemaChange> changes, Direction direction) {
  const std::string marker = fmt::format("limbeck:{}", to_string(direction));
  std::set<std::string> texts;
  for (const SchemaChange& change : changes) texts.insert(one_way(change, direction, marker));
  if (texts.size() == 1) return *texts.begin();
  std::string all;
  for (const SchemaChange& change : changes) {
    const std::string own_marker = fmt::format("{} {}", marker, change.dialect);
    const std::string text = one_way(change, direction, own_marker);
    if (text.empty()) continue;
    if (!all.empty()) all += '\n';
    // A text that begins without a transaction has its marker already.
    if (!text.starts_with("-- " + own_marker)) all += fmt::format("-- {}\n", own_marker);
    all += text;
  }
  return all;
}

}  // namespace

std::vector<Operation> operations_of(const SchemaChange& change) {
  return between(change, change.from, change.to, change.renames);
}

RevisionBody generated_revision(std::span<const SchemaChange> changes) {
  RevisionBody body;
  body.upgrade = in_every_dialect(changes, Direction::upgrade);
  if (!body.upgrade.empty()) body.downgrade = in_every_dialect(changes, Direction::downgrade);
  return body;
}

}  // namespace limbeck
