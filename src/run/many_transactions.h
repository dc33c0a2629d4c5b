// While it lives, a connection knows that many short transactions are to come.
#pragma once

#include "dialect/connection.h"

namespace limbeck {

class ManyTransactions {
 public:
  // connection must outlive it.
  explicit ManyTransactions(Connection& connection) : connection_(connection) {
    connection_.expect_many_transactions(true);
  }
  ManyTransactions(const ManyTransactions&) = delete;
  ManyTransactions& operator=(const ManyTransactions&) = delete;
  ~ManyTransactions() { connection_.expect_many_transactions(false); }

 private:
  Connection& connection_;
};

}  // namespace limbeck
