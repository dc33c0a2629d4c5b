// While it lives, the connection of a database knows that many short transactions are to come.
#pragma once

#include "dialect/connection.h"
#include "run/target_database.h"

namespace limbeck {

class ManyTransactions {
 public:
  // expected: false when there are to be few after all. database must outlive it; its connection
  // need not: one that is lost is replaced.
  ManyTransactions(const TargetDatabase& database, bool expected)
      : database_(database), expected_(expected) {
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
    if (expected_) database_.connection->expect_many_transactions(begun);
  }

  const TargetDatabase& database_;
  bool expected_;
};

}  // namespace limbeck
