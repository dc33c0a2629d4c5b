// DDL text to a Schema without a server: each statement is applied to a schema in memory.
//
// It agrees with what introspection reads from a server that ran the same statements, or says where
// it does not know: an object whose canonical text only a server can write is in `uncertain`, a
// statement whose effect it does not know is in `not_interpreted`. It never runs anything.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schema/schema.h"
#include "sql/statement.h"

namespace limbeck {

struct NotInterpreted {
  std::string what = {};  // "DO"
  std::string why = {};   // "what it does is known only when it runs"
  Place place = {};
};

struct Interpreted {
  Schema schema = {};
  std::map<ObjectId, std::string> uncertain = {};  // why the canonical text needs a server
  std::vector<NotInterpreted> not_interpreted = {};
  // Where names without a schema are looked for, as the statements have set it.
  std::vector<std::string> search_path = {};
};

// A text that the parser does not take: no other statement can mend it.
class SyntaxError : public Error {
 public:
  using Error::Error;
};

class Interpreter {
 public:
  Interpreter() = default;
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;
  virtual ~Interpreter() = default;

  // Throws Error (ExitCode::invalid_project) at the statement when the server would refuse it: what
  // it names does not exist, or exists already. Objects that it had made by then are taken away.
  // Throws SyntaxError at the word that does not belong there.
  virtual void apply(const sql::Statement& statement) = 0;
  // SET search_path and its like hold no longer: the session ends.
  virtual void reset_session() = 0;

  virtual const Interpreted& state() const = 0;
  virtual Interpreted take() = 0;
};

// Of a dialect by its name, from the schema of a new database or from another one; null for those
// that need none (SQLite, which is its own).
bool has_interpreter(std::string_view dialect);
std::unique_ptr<Interpreter> make_interpreter(std::string_view dialect);
std::unique_ptr<Interpreter> make_interpreter(std::string_view dialect, Interpreted from);

}  // namespace limbeck
