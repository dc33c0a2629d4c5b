// Reads the tokens of one statement from left to right.
//
// It throws Error where something else stands than the grammar asks for, and never reads past the
// end.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/sqlite/sql_text.h"

namespace limbeck::sqlite {

class Cursor {
 public:
  // sql must outlive the cursor.
  explicit Cursor(std::string_view sql) : sql_(sql), tokens_(tokens_of(sql)) {}

  bool at_end() const { return next_ == tokens_.size(); }
  std::size_t position() const { return next_; }
  // Whether the words or symbols come next: next_is("NOT", "NULL").
  template <class... Words>
  bool next_is(Words... words) const {
    std::size_t at = next_;
    return (word_at(at++, words) && ...);
  }
  // Skips the words when they are next.
  template <class... Words>
  bool accept(Words... words) {
    if (!next_is(words...)) return false;
    next_ += sizeof...(words);
    return true;
  }
  template <class... Words>
  void expect(Words... words) {
    ((accept(words) ? void() : refuse(words)), ...);
  }

  std::string name();
  // A name, or a schema and a name, whose schema is passed over.
  std::string qualified_name();
  // "(a, b)".
  std::vector<std::string> names();
  const SqlToken& take();
  // The tokens between the parenthesis that is next and the one that closes it.
  std::span<const SqlToken> parenthesised();
  // Passes over the tokens up to one of the symbols or words, outside of parentheses, or the end.
  std::span<const SqlToken> up_to(std::span<const std::string_view> stops);
  std::span<const SqlToken> rest();
  // The text from the token at a position to the last one that was taken.
  std::string_view text_since(std::size_t position) const;

 private:
  bool word_at(std::size_t at, std::string_view word) const {
    return at < tokens_.size() && tokens_[at].is(word);
  }
  [[noreturn]] void refuse(std::string_view expected) const;

  std::string_view sql_;
  std::vector<SqlToken> tokens_;
  std::size_t next_ = 0;
};

}  // namespace limbeck::sqlite
