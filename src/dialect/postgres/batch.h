// Commands that go to the server together, in one libpq pipeline and one round trip.
//
// It never opens a transaction of its own: BEGIN and COMMIT are commands like others. The server
// skips everything after the first failure. COPY cannot be sent this way.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "dialect/postgres/channel.h"

namespace limbeck::postgres {

// Statements that the server has prepared, by their text.
class PreparedStatements {
 public:
  // The name under which the server knows sql; "" when it does not.
  const std::string& find(const std::string& sql) const;
  // A name for sql, or "" when there are enough of them already.
  std::string new_name();
  void add(const std::string& sql, const std::string& name) { names_[sql] = name; }
  void forget() { names_.clear(); }

 private:
  std::unordered_map<std::string, std::string> names_;
  std::size_t counter_ = 0;
};

class Batch {
 public:
  // Gets the rows that a command affected, or the result that it gave.
  using OnResult = std::function<void(std::size_t command, const PGresult* result)>;

  Batch(Channel& channel, PreparedStatements& prepared);
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch();

  // A statement of our own. command: whose failure its failure is.
  void control(const std::string& sql, std::size_t command);
  void commit(std::size_t command);
  // prepare: whether the command is worth preparing, as it will come again.
  void add(const Command& command, std::size_t index, bool prepare);

  // Sends it all and receives what comes back. Returns the first failure.
  std::optional<Failed> finish(const OnResult& on_result);

 private:
  enum class Purpose { control, commit, prepare, command };
  struct Expected {
    Purpose purpose;
    std::size_t command;
    const Command* source = nullptr;
    int offset = 0;         // of the author's text in what was sent
    std::string sql = {};   // of a prepare
    std::string name = {};  // of a prepare
  };

  void take_sync(std::optional<Failed>& first);
  std::optional<Failed> judge(const Expected& expected, const PGresult* result) const;

  Channel& channel_;
  PreparedStatements& prepared_;
  std::unordered_map<std::string, std::string> being_prepared_;
  std::vector<Expected> expected_;
};

// The text that is sent for a command. With must_affect_one_row the server itself fails, before any
// COMMIT that follows, unless the statement changes exactly one row.
std::string sent_text(const Command& command);
// How many characters stand before the command's own text in it.
int sent_offset(const Command& command);
// The failure with sqlstate LB001 for the failure that sent_text provokes, any other as it is.
Failed translate(const Command& command, Failed failed);

// The rows that a statement changed, from its command tag.
std::int64_t affected_rows(const PGresult* result);

}  // namespace limbeck::postgres
