// Whether something of a revision is done and stays, whatever stops the revision now.
#pragma once

#include <atomic>

namespace limbeck {

class DoneMark {
 public:
  // told: who has to know when the program is ended at once; may be null.
  explicit DoneMark(std::atomic<bool>* told) : told_(told) {}
  DoneMark(const DoneMark&) = delete;
  DoneMark& operator=(const DoneMark&) = delete;

  bool is_set() const { return done_; }
  void set() {
    done_ = true;
    tell(true);
  }
  // A statement is on its way that would leave something if nobody waited for its end.
  void expect() const { tell(true); }
  // It has ended.
  void expect_no_more() const { tell(done_); }
  // The revision is whole.
  void clear() {
    done_ = false;
    tell(false);
  }

 private:
  void tell(bool in_part) const {
    if (told_ != nullptr) told_->store(in_part);
  }

  std::atomic<bool>* told_;
  bool done_ = false;
};

}  // namespace limbeck
