// While it lives, a connection knows that many short transactions are to come.
#pragma once

#include "dialect/connection.h"

namespace limbeck {

class ManyTransactions {
 public:
  // expected: false when there are to be few after all. connection must outlive it.
  ManyTransactions(Connection& connection, bool expected)
      : connection_(connection), expected_(expected) {
    say(true);
  }
  ManyTransactions(const ManyTransactions&) = delete;
  ManyTransactions& operator=(const ManyTransactions&) = delete;
  ~ManyTransactions() { say(false); }

  // For work in between that must not be aware of it.
  class Pause {
   public:
    Pause(ManyTransactions& many, bool wanted) : many_(many), wanted_(wanted) {
      if (wanted_) many_.say(false);
    }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;
    ~Pause() {
      if (wanted_) many_.say(true);
    }

   private:
    ManyTransactions& many_;
    bool wanted_;
  };

 private:
  void say(bool begun) noexcept {
    if (expected_) connection_.expect_many_transactions(begun);
  }

  Connection& connection_;
  bool expected_;
};

}  // namespace limbeck
