// A transaction as long as a scope: what is not committed is rolled back at its end.
//
// One inside another is a savepoint: rolling it back leaves the outer one as it was before. After a
// statement inside has failed, the innermost transaction can only be rolled back, on every
// database. It must end before its Database does, and in the thread that uses it.
#pragma once

#include <cstdint>

namespace limbeck {

class Database;
namespace detail {
struct DatabaseState;
}

// SQLite runs every transaction as serializable, whatever is asked.
enum class Isolation : std::uint8_t {
  server_default,
  read_committed,
  repeatable_read,
  serializable
};

struct TransactionOptions {
  Isolation isolation = Isolation::server_default;
  // Writing is refused by the database. On SQLite such a transaction does not wait for writers.
  bool read_only = false;

  bool operator==(const TransactionOptions&) const = default;
};

class Transaction {
 public:
  // Begins. On SQLite it takes the write lock at once, unless it is read_only. Options other than
  // the defaults are refused inside another transaction.
  explicit Transaction(Database& database, const TransactionOptions& options = {});
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  // Throws DatabaseError when the database refuses, Error when a statement failed before; the
  // transaction is rolled back then. CommitUnknown: whether it was committed is not known.
  void commit();
  void rollback();

 private:
  void require_innermost() const;
  void leave() noexcept;

  detail::DatabaseState* state_;
  int depth_;  // 1: the outermost
  bool open_ = true;
};

}  // namespace limbeck
