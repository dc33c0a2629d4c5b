#include "lint/rows_at_risk.h"

#include <algorithm>
#include <set>

#include "dialect/tokens.h"
#include "lint/losses.h"
#include "lint/words.h"

namespace limbeck {
namespace {

template <class Predicate>
bool any_statement(const ReviewedRevision& revision, Predicate holds) {
  return std::any_of(revision.steps.begin(), revision.steps.end(), [&](const Step& step) {
    return std::any_of(step.statements.begin(), step.statements.end(), holds);
  });
}

bool starts_with_alter(const sql::Statement& statement) {
  return !statement.words.empty() && statement.words.front() == "ALTER";
}

// Whether a table of another name may lose rows by a statement about the one that it names.
bool makes_a_descendant(const sql::Statement& statement) {
  return starts_with_alter(statement) && (contains_ignoring_case(statement.text, "attach") ||
                                          contains_ignoring_case(statement.text, "inherit"));
}

// By what names the tables may be called in the run. A name with other characters counts by each
// of its words.
class Names {
 public:
  explicit Names(const std::vector<std::string>& tables) {
    for (const std::string& table : tables) {
      const std::vector<std::string> words = words_in(table);
      words_.insert(words.begin(), words.end());
      unreadable_ = unreadable_ || words.empty();
    }
  }

  // What it is renamed to stands behind TO.
  void add_new_names(const sql::Statement& statement) {
    if (!starts_with_alter(statement) || !contains_ignoring_case(statement.text, "rename")) return;
    const std::vector<std::string> words = words_in(statement.text);
    words_.insert(std::find(words.begin(), words.end(), "to"), words.end());
  }

  bool any_in(const sql::Statement& statement) const {
    if (unreadable_ || contains_ignoring_case(statement.text, "u&")) return true;
    const std::vector<std::string> words = words_in(statement.text);
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return words_.count(word) != 0; });
  }

 private:
  std::set<std::string> words_;
  bool unreadable_ = false;
};

// Whether every table that loses rows stands in the statement by its name.
bool names_what_it_takes(const sql::Statement& statement) {
  return statement.words.front() == "DELETE" || statement.words.front() == "WITH" ||
         sql::starts_with(statement, "DROP TABLE") || sql::starts_with(statement, "ALTER TABLE");
}

}  // namespace

bool may_take_rows(const ReviewedRevision& revision) {
  return !revision.resumed &&
         any_statement(revision, [](const sql::Statement& it) { return may_take_rows(it); });
}

std::size_t revisions_with_rows_at_risk(std::span<const ReviewedRevision> revisions,
                                        const std::vector<std::string>& tables) {
  Names names(tables);
  bool descendants = false;
  for (const ReviewedRevision& revision : revisions)
    for (const Step& step : revision.steps)
      for (const sql::Statement& statement : step.statements) {
        names.add_new_names(statement);
        descendants = descendants || makes_a_descendant(statement);
      }
  const auto at_risk = [&](const sql::Statement& it) {
    return may_take_rows(it) && (descendants || !names_what_it_takes(it) || names.any_in(it));
  };
  for (std::size_t count = revisions.size(); count > 0; --count)
    if (!revisions[count - 1].resumed && any_statement(revisions[count - 1], at_risk)) return count;
  return 0;
}

}  // namespace limbeck
