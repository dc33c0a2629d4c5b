// The tree of a statement, as the server's own parser makes it (libpg_query), and the small things
// that reading it needs.
//
// The tree is read alone: what is run is always the author's text. A text that the parser does not
// take is a value, never an exception: its grammar is that of PostgreSQL 15.
#pragma once

#include <memory>
#include <memory_resource>
#include <pg_query/pg_query.pb-c.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace limbeck::postgres::memory {

using Node = PgQuery__Node;

class Tree {
 public:
  explicit Tree(const std::string& sql);

  // The nodes of its statements; one for what the splitter calls a statement.
  std::vector<const Node*> statements() const;
  // Why there is no tree, in the parser's words; empty when there is one.
  const std::string& failure() const { return failure_; }
  // Where that is, in characters counted from 1; 0: nowhere.
  int failure_position() const { return failure_position_; }

 private:
  // Everything of the tree, given back at once.
  std::unique_ptr<std::pmr::monotonic_buffer_resource> memory_;
  PgQuery__ParseResult* result_ = nullptr;
  std::string failure_;
  int failure_position_ = 0;
};

// A counted array of the tree as something to loop over.
struct Nodes {
  Node** first = nullptr;
  std::size_t count = 0;

  Node** begin() const { return first; }
  Node** end() const { return first + count; }
  std::size_t size() const { return count; }
  bool empty() const { return count == 0; }
  const Node* operator[](std::size_t at) const { return first[at]; }
};

// The elements of a list node; none for null, the node itself for another kind.
Nodes items(const Node* list);
// "" for null.
inline std::string text(const char* bytes) {
  return bytes == nullptr ? "" : bytes;
}
// The value of a string node; "" for another kind.
std::string text(const Node* node);
std::vector<std::string> texts(Nodes nodes);

// The node as SQL, in the parser's own spelling: the same for texts that differ in blanks,
// comments and upper case alone. For what cannot be written canonically.
std::string expression_text(const Node* node);
std::string query_text(const Node* query);

// Options of CREATE and ALTER: WITH (...), OPTIONS (...), SEQUENCE options.
std::string option_text(const PgQuery__DefElem& option);  // its value: "70", "true"

}  // namespace limbeck::postgres::memory
