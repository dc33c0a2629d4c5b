#include "lint/copied_tables.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <span>
#include <string_view>

#include "base/letter_case.h"

namespace limbeck {
namespace {

using Words = std::initializer_list<std::string_view>;

// Behind these a query may give fewer rows than there are, or make one of several.
constexpr std::array fewer_rows = std::to_array<std::string_view>(
    {"limit", "offset", "fetch", "tablesample", "group", "having", "except", "intersect"});
// What comes before a query whose rows are the statement's, in parentheses.
constexpr std::array before_rows =
    std::to_array<std::string_view>({"from", "as", "materialized", "lateral", "union", "all"});
// What ends the list of tables behind FROM.
constexpr std::array behind_tables =
    std::to_array<std::string_view>({"select", "window", "union", "order", "for", "returning"});

class CopyReader {
 public:
  explicit CopyReader(const std::vector<Token>& tokens) : tokens_(tokens) {}

  std::set<std::string> read() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      if (leaves_rows_out()) return {};
      note_source();
      note_parenthesis();
    }
    return whole_sources();
  }

 private:
  struct Level {
    bool of_rows = true;     // what it selects are rows of the statement, and no value
    bool of_tables = false;  // in the list behind FROM
    std::string query = {};  // the name that WITH gives it; empty: the statement itself
  };

  bool is(std::size_t at, std::string_view word) const {
    return at < tokens_.size() && tokens_[at].kind == Token::Kind::word &&
           lower_case(tokens_[at].text) == word;
  }
  bool is_symbol(std::size_t at, std::string_view symbol) const {
    return at < tokens_.size() && tokens_[at].kind == Token::Kind::symbol &&
           tokens_[at].text == symbol;
  }
  bool is_any(std::size_t at, std::span<const std::string_view> words) const {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return is(at, word); });
  }
  // Whether the words begin here.
  bool are(Words words) const {
    std::size_t at = at_;
    return std::all_of(words.begin(), words.end(),
                       [&](std::string_view word) { return is(at++, word); });
  }

  // LEFT JOIN keeps every row of what stands before it.
  bool is_left_join() const {
    const std::size_t side = at_ > 1 && is(at_ - 1, "outer") ? at_ - 2 : at_ - 1;
    return at_ > 0 && is(side, "left");
  }

  bool leaves_rows_out() const {
    if (is(at_, "where")) return true;
    const Level& level = levels_.back();
    if (!level.of_rows) return false;
    if (are({"insert", "or", "ignore"}) || are({"insert", "or", "replace"})) return true;
    if (are({"replace", "into"}) || are({"on", "conflict"}) || are({"no", "data"})) return true;
    if (are({"select", "distinct"}) || (is(at_, "union") && !is(at_ + 1, "all"))) return true;
    return is_any(at_, fewer_rows) || (is(at_, "join") && !is_left_join()) ||
           (is_symbol(at_, ",") && level.of_tables);
  }

  void note_source() {
    Level& level = levels_.back();
    selected_ = selected_ || is(at_, "select");
    named_ = named_ || is(at_, "with");
    if (is_any(at_, behind_tables)) level.of_tables = false;
    if (!level.of_rows || !is(at_, "from") || (at_ > 0 && is(at_ - 1, "distinct"))) return;
    level.of_tables = true;
    std::size_t name = at_ + 1;
    while (is_symbol(name + 1, ".")) name += 2;
    if (name < tokens_.size() &&
        (tokens_[name].kind == Token::Kind::word || tokens_[name].kind == Token::Kind::quoted_name))
      sources_[level.query].insert(lower_case(tokens_[name].text));
  }

  void note_parenthesis() {
    if (is_symbol(at_, ")") && levels_.size() > 1) levels_.pop_back();
    if (!is_symbol(at_, "(")) return;
    const bool rows =
        !selected_ || (at_ > 0 && (is_any(at_ - 1, before_rows) || is_symbol(at_ - 1, "(")));
    Level level{.of_rows = levels_.back().of_rows && rows, .query = levels_.back().query};
    if (named_ && at_ > 1) {
      std::size_t as = at_ - 1;
      while (as > 1 && (is(as, "materialized") || is(as, "not"))) --as;
      if (is(as, "as")) level.query = lower_case(tokens_[as - 1].text);
    }
    levels_.push_back(std::move(level));
  }

  // Those of the statement itself, and of the queries with a name that these are.
  std::set<std::string> whole_sources() const {
    std::set<std::string> found;
    std::vector<std::string> open{""};
    while (!open.empty()) {
      const auto sources = sources_.find(open.back());
      open.pop_back();
      if (sources == sources_.end()) continue;
      for (const std::string& source : sources->second)
        if (found.insert(source).second) open.push_back(source);
    }
    return found;
  }

  const std::vector<Token>& tokens_;
  std::size_t at_ = 0;
  bool selected_ = false;
  bool named_ = false;  // WITH has been said
  std::vector<Level> levels_ = {{}};
  std::map<std::string, std::set<std::string>> sources_;  // by the name of the query
};

}  // namespace

std::set<std::string> copied_tables(const std::vector<Token>& tokens) {
  return CopyReader(tokens).read();
}

}  // namespace limbeck
