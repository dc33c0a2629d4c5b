#include "plan/boolean_numbers.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/letter_case.h"

namespace limbeck {
namespace {

// A statement with more is one of data, and what it begins with says enough.
constexpr std::size_t most_tokens = 4000;

bool is_word(const Token& token, std::string_view word) {
  return token.kind == Token::Kind::word && token.text.size() == word.size() &&
         std::equal(word.begin(), word.end(), token.text.begin(),
                    [](char a, char b) { return a == upper_case(b); });
}

bool is_symbol(const Token& token, char symbol) {
  return token.kind == Token::Kind::symbol && token.text.front() == symbol;
}

bool is_digit(const Token& token) {
  return token.kind == Token::Kind::symbol && token.text.front() >= '0' &&
         token.text.front() <= '9';
}

}  // namespace

class BooleanNumbers::Reading {
 public:
  Reading(std::string_view text, std::map<std::pair<std::string, std::string>, bool>& is_boolean)
      : tokens_(first_tokens(text, most_tokens)), is_boolean_(is_boolean) {}

  std::optional<NumberForBoolean> found() {
    if (accept("CREATE")) {
      for (const char* word : {"GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED"}) accept(word);
      if (accept("TABLE")) create_table();
    } else if (accept("ALTER") && accept("TABLE")) {
      alter_table();
    } else if (accept("UPDATE")) {
      update();
    } else if (accept("INSERT") && accept("INTO")) {
      insert();
    } else if (!accept("COMMENT") && !accept("DELETE")) {
      // SET, DROP, DO, SELECT of a function: names may mean other tables from here on.
      is_boolean_.clear();
    }
    return std::move(found_);
  }

 private:
  bool at_end() const { return next_ >= tokens_.size() || is_symbol(tokens_[next_], ';'); }

  bool accept(std::string_view word) {
    if (at_end() || !is_word(tokens_[next_], word)) return false;
    return ++next_, true;
  }

  bool accept_symbol(char symbol) {
    if (at_end() || !is_symbol(tokens_[next_], symbol)) return false;
    return ++next_, true;
  }

  std::string name() {
    if (at_end() || tokens_[next_].kind == Token::Kind::symbol ||
        tokens_[next_].kind == Token::Kind::string)
      return {};
    const Token& token = tokens_[next_++];
    return token.kind == Token::Kind::word ? lower_case(token.text) : token.text;
  }

  void table_name() {
    accept("ONLY");
    table_ = name();
    while (accept_symbol('.')) table_ += "." + name();
  }

  // The number that is all that stands here: behind it comes what ends a value.
  std::optional<std::string> number() {
    std::size_t end = next_;
    std::string digits;
    while (end < tokens_.size() && is_digit(tokens_[end])) digits += tokens_[end++].text;
    const bool ends = end == tokens_.size() || is_symbol(tokens_[end], ';') ||
                      is_symbol(tokens_[end], ',') || is_symbol(tokens_[end], ')') ||
                      std::any_of(behind_a_value.begin(), behind_a_value.end(),
                                  [&](const char* word) { return is_word(tokens_[end], word); });
    if (digits.empty() || !ends) return std::nullopt;
    next_ = end;
    return digits;
  }

  void give(const std::string& column) {
    const auto known = is_boolean_.find({table_, column});
    if (known == is_boolean_.end() || !known->second) return;
    if (const auto given = number(); given && !found_) found_ = {table_, column, *given};
  }

  // name BOOLEAN DEFAULT 0, up to what stands behind the definition.
  void define_column() {
    const std::string column = name();
    is_boolean_[{table_, column}] = is_type_boolean();
    skip_to_comma([&] {
      if (accept("DEFAULT")) give(column);
    });
  }

  bool is_type_boolean() {
    if (!accept("BOOLEAN") && !accept("BOOL")) return false;
    // [] is read as a name in brackets.
    return at_end() || tokens_[next_].kind != Token::Kind::quoted_name;
  }

  // What is on the way at this depth may be looked at.
  template <class Look>
  void skip_to_comma(const Look& look) {
    for (int depth = 0; !at_end(); ++next_) {
      if (depth == 0) look();
      if (at_end()) return;
      const Token& token = tokens_[next_];
      if (depth == 0 && (is_symbol(token, ',') || is_symbol(token, ')'))) return;
      if (is_symbol(token, '(')) ++depth;
      if (is_symbol(token, ')')) --depth;
    }
  }

  void skip_to_comma() {
    skip_to_comma([] {});
  }

  void create_table() {
    // What is there already may have other columns.
    const bool perhaps = accept("IF") && accept("NOT") && accept("EXISTS");
    table_name();
    forget();
    if (perhaps || !accept_symbol('(')) return;
    do define_column();
    while (accept_symbol(','));
  }

  void alter_table() {
    if (accept("IF")) accept("EXISTS");
    table_name();
    do {
      if (accept("ADD")) {
        accept("COLUMN");
        if (accept("IF"))
          forget();  // NOT EXISTS: it may be there already
        else
          define_column();
      } else if (accept("ALTER")) {
        accept("COLUMN");
        alter_column(name());
      } else if (accept("RENAME") || accept("SET")) {
        is_boolean_.clear();  // another table may have the name of one that was here
      } else {
        forget();  // dropped: what it is like then is not followed
      }
      skip_to_comma();
    } while (accept_symbol(','));
  }

  void alter_column(const std::string& column) {
    if (accept("SET")) {
      if (accept("DEFAULT")) return give(column);
      if (!accept("DATA")) return;
    }
    if (accept("TYPE")) is_boolean_[{table_, column}] = is_type_boolean();
  }

  void update() {
    table_name();
    if (accept("AS")) name();
    if (!at_end() && !is_word(tokens_[next_], "SET")) name();  // what it is called here
    if (!accept("SET")) return;
    do {
      const std::string column = name();
      if (accept_symbol('=')) give(column);
      bool ends = false;
      skip_to_comma(
          [&] { ends = ends || accept("WHERE") || accept("FROM") || accept("RETURNING"); });
      if (ends) return;
    } while (accept_symbol(','));
  }

  void insert() {
    table_name();
    std::vector<std::string> columns;
    if (!accept_symbol('(')) return;
    do columns.push_back(name());
    while (accept_symbol(','));
    if (!accept_symbol(')') || !accept("VALUES")) return;
    do {
      if (!accept_symbol('(')) return;
      std::size_t place = 0;
      do {
        if (place < columns.size()) give(columns[place++]);
        skip_to_comma();
      } while (accept_symbol(','));
      if (!accept_symbol(')')) return;
    } while (accept_symbol(','));
  }

  void forget() {
    std::erase_if(is_boolean_, [&](const auto& it) { return it.first.first == table_; });
  }

  static constexpr std::array behind_a_value{"WHERE",      "FROM",      "RETURNING", "NOT",
                                             "NULL",       "CHECK",     "UNIQUE",    "PRIMARY",
                                             "CONSTRAINT", "REFERENCES"};

  const std::vector<Token> tokens_;
  std::map<std::pair<std::string, std::string>, bool>& is_boolean_;
  std::size_t next_ = 0;
  std::string table_;
  std::optional<NumberForBoolean> found_;
};

std::optional<NumberForBoolean> BooleanNumbers::look_at(const sql::Statement& statement) {
  return Reading(statement.text, is_boolean_).found();
}

}  // namespace limbeck
