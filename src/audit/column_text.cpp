#include "audit/column_text.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/letter_case.h"
#include "base/text_place.h"
#include "sql/lexer.h"

namespace limbeck {
namespace {

using sql::TokenKind;

// The tokens of a statement without its comments.
class Reader {
 public:
  Reader(const sql::Statement& statement, const sql::LexicalRules& rules, bool fold)
      : text_(statement.text), fold_(fold) {
    sql::Lexer lexer(text_, rules, statement.place);
    for (sql::Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next())
      if (token.kind != TokenKind::line_comment && token.kind != TokenKind::block_comment)
        tokens_.push_back(token);
  }

  bool at_end() const { return next_ >= tokens_.size(); }
  std::size_t offset() const { return tokens_[next_].begin; }
  void skip() { ++next_; }

  bool accept(std::string_view word) {
    if (at_end() || !sql::same_word(token_text(), word)) return false;
    ++next_;
    return true;
  }
  bool accept_all(std::initializer_list<std::string_view> words) {
    const std::size_t start = next_;
    for (const std::string_view word : words) {
      if (accept(word)) continue;
      next_ = start;
      return false;
    }
    return true;
  }
  bool is(std::string_view word) const { return !at_end() && sql::same_word(token_text(), word); }

  std::optional<std::string> name() {
    if (at_end()) return std::nullopt;
    const sql::Token& token = tokens_[next_];
    if (token.kind != TokenKind::word && token.kind != TokenKind::name) return std::nullopt;
    const std::string_view text = token_text();
    ++next_;
    if (token.kind == TokenKind::word) return fold_ ? lower_case(text) : std::string(text);
    return text.size() < 2 ? std::string() : std::string(text.substr(1, text.size() - 2));
  }

  std::optional<RelationName> table() {
    auto first = name();
    if (!first) return std::nullopt;
    if (!accept(".")) return RelationName{"", *std::move(first)};
    auto second = name();
    if (!second) return std::nullopt;
    return RelationName{*std::move(first), *std::move(second)};
  }

  // The first word of a type, also of one with a schema.
  std::string type() {
    if (at_end() || tokens_[next_].kind != TokenKind::word) return {};
    std::string first = lower_case(token_text());
    ++next_;
    if (!accept(".")) return first;
    return at_end() ? std::string() : lower_case(token_text());
  }

  // Up to the next comma or the closing parenthesis of where we are; false at the end.
  bool skip_to_comma() {
    int depth = 0;
    for (; !at_end(); ++next_) {
      const std::string_view text = token_text();
      if (text == "(") ++depth;
      if (text == ")" && depth-- == 0) return false;
      if (text == "," && depth == 0) {
        ++next_;
        return true;
      }
    }
    return false;
  }

 private:
  std::string_view token_text() const {
    const sql::Token& token = tokens_[next_];
    return std::string_view(text_).substr(token.begin, token.end - token.begin);
  }

  const std::string& text_;
  std::vector<sql::Token> tokens_;
  std::size_t next_ = 0;
  bool fold_;
};

constexpr std::array<std::string_view, 8> not_columns{"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK",
                                                      "FOREIGN",    "EXCLUDE", "LIKE",   "PERIOD"};

class ColumnReader {
 public:
  ColumnReader(const sql::Statement& statement, const sql::LexicalRules& rules, bool fold)
      : statement_(statement), reader_(statement, rules, fold) {}

  std::vector<ColumnText> run() && {
    if (reader_.accept("CREATE")) {
      for (const std::string_view word : {"UNLOGGED", "FOREIGN"}) reader_.accept(word);
      if (reader_.accept("TABLE")) created();
    } else if (reader_.accept_all({"ALTER", "TABLE"})) {
      altered();
    }
    return std::move(found_);
  }

 private:
  void add(const RelationName& table) {
    if (reader_.at_end()) return;
    const std::size_t offset = reader_.offset();
    auto name = reader_.name();
    if (!name) return;
    found_.push_back({table, *std::move(name), reader_.type(),
                      place_at(statement_.text, offset, statement_.place)});
  }

  bool next_is_no_column() const {
    return std::any_of(not_columns.begin(), not_columns.end(),
                       [&](std::string_view word) { return reader_.is(word); });
  }

  void created() {
    reader_.accept_all({"IF", "NOT", "EXISTS"});
    const auto table = reader_.table();
    if (!table || !reader_.accept("(")) return;
    do {
      if (!next_is_no_column()) add(*table);
    } while (reader_.skip_to_comma());
  }

  void altered() {
    reader_.accept_all({"IF", "EXISTS"});
    reader_.accept("ONLY");
    const auto table = reader_.table();
    if (!table) return;
    do {
      if (reader_.accept("ADD")) {
        const bool said = reader_.accept("COLUMN");
        reader_.accept_all({"IF", "NOT", "EXISTS"});
        if (said || !next_is_no_column()) add(*table);
      } else if (reader_.accept("ALTER")) {
        alter(*table);
      }
    } while (reader_.skip_to_comma());
  }

  void alter(const RelationName& table) {
    reader_.accept("COLUMN");
    if (reader_.at_end()) return;
    const std::size_t offset = reader_.offset();
    auto name = reader_.name();
    reader_.accept_all({"SET", "DATA"});
    if (!name || !reader_.accept("TYPE")) return;
    found_.push_back({table, *std::move(name), reader_.type(),
                      place_at(statement_.text, offset, statement_.place)});
  }

  const sql::Statement& statement_;
  Reader reader_;
  std::vector<ColumnText> found_ = {};
};

struct FamilyOfType {
  std::string_view type;
  std::string_view family;
};
constexpr std::array families{
    FamilyOfType{"uuid", "uuid"},           FamilyOfType{"guid", "uuid"},
    FamilyOfType{"int", "integer"},         FamilyOfType{"int2", "integer"},
    FamilyOfType{"int4", "integer"},        FamilyOfType{"int8", "integer"},
    FamilyOfType{"integer", "integer"},     FamilyOfType{"bigint", "integer"},
    FamilyOfType{"smallint", "integer"},    FamilyOfType{"serial", "integer"},
    FamilyOfType{"bigserial", "integer"},   FamilyOfType{"smallserial", "integer"},
    FamilyOfType{"text", "text"},           FamilyOfType{"varchar", "text"},
    FamilyOfType{"char", "text"},           FamilyOfType{"character", "text"},
    FamilyOfType{"string", "text"},         FamilyOfType{"citext", "text"},
    FamilyOfType{"boolean", "boolean"},     FamilyOfType{"bool", "boolean"},
    FamilyOfType{"timestamp", "timestamp"}, FamilyOfType{"timestamptz", "timestamp"},
    FamilyOfType{"datetime", "timestamp"},  FamilyOfType{"json", "json"},
    FamilyOfType{"jsonb", "json"},          FamilyOfType{"numeric", "numeric"},
    FamilyOfType{"decimal", "numeric"},     FamilyOfType{"real", "float"},
    FamilyOfType{"float", "float"},         FamilyOfType{"float4", "float"},
    FamilyOfType{"float8", "float"},        FamilyOfType{"double", "float"},
    FamilyOfType{"bytea", "bytes"},         FamilyOfType{"blob", "bytes"},
};

}  // namespace

std::vector<ColumnText> column_texts(const sql::Statement& statement,
                                     const sql::LexicalRules& rules, bool fold) {
  try {
    return ColumnReader(statement, rules, fold).run();
  } catch (const Error&) {
    return {};  // what cannot be read has no columns; whoever runs it says why
  }
}

std::string_view type_family(std::string_view type) {
  const std::string wanted = lower_case(type);
  for (const FamilyOfType& row : families)
    if (row.type == wanted) return row.family;
  return {};
}

}  // namespace limbeck
