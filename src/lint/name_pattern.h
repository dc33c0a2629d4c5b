// What names are meant to look like: "fk_%(table_name)s_%(referred_table_name)s".
//
// Its tokens are those of a naming convention of SQLAlchemy's, so that one text does for both; and,
// for what no other name says, %(snake_case)s, %(camelCase)s, %(PascalCase)s and * (any
// characters).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck {

// What a name may be made of. An empty column is an expression.
struct NameParts {
  std::string table = {};
  std::vector<std::string> columns = {};
  std::string referred_table = {};
  std::vector<std::string> referred_columns = {};
};

class NamePattern {
 public:
  // Nothing when a token is not known: it stands in `unknown` then.
  static std::optional<NamePattern> parse(std::string_view text, std::string& unknown);

  bool fits(std::string_view name, const NameParts& parts) const;
  // The name as it should be; what is free in it as it stands in the pattern.
  std::string expected(const NameParts& parts) const;

 private:
  enum class Source { text, characters, table, columns, referred_table, referred_columns };

  struct Piece {
    Source source = Source::text;
    std::string text = {};  // as it stands in the pattern; of Source::text: what the name holds
    std::size_t column = 0;
    bool all_columns = false;
    bool with_table = false;        // each column behind its table's name
    std::string between = {};       // the columns
    std::string_view first = {};    // ranges that the first character has to be in; empty: any
    std::string_view further = {};  // those of the others
    bool may_be_empty = false;
  };

  static std::optional<Piece> token(std::string_view name);
  static std::optional<Piece> column_token(std::string_view name);
  // The piece with names in place of tokens; one of characters where there are none.
  static Piece filled(const Piece& piece, const NameParts& parts);
  std::vector<Piece> filled(const NameParts& parts) const;

  std::vector<Piece> pieces_;
};

}  // namespace limbeck
