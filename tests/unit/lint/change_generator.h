// Random schemas, and a random change of each: what the prediction tests compare. The same seed
// always gives the same.
#pragma once

#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "unit/lint/change_forms.h"

namespace limbeck::test {

struct Change {
  std::string schema = {};                   // statements
  std::string sql = {};                      // one more
  std::vector<std::string_view> forms = {};  // that it is made of
};

class ChangeGenerator {
 public:
  explicit ChangeGenerator(unsigned seed) : seed_(seed), random_(seed) {}
  Change next();

 private:
  enum class Shape { plain, inherited, by_range, by_list, by_hash, by_two };

  void add_tables();
  void add_table();
  void add_partitions();
  void add_outside();
  void add_parts();
  void add_constraints();
  void add_beside();
  // Whether the schema has what a form may name: always when the chosen ones do.
  bool has(std::string_view name, int one_in);
  bool is_named(std::string_view name) const { return named_.find(name) != std::string::npos; }

  bool fits() const;
  bool is_partitioned() const { return shape_ >= Shape::by_range; }
  // FOR VALUES ... of the partition with this number.
  std::string bound(int number) const;
  std::string fill(std::string_view form);
  std::string value_of(const std::string& word);
  // A type whose values are near those of the chosen column.
  std::string near_type();

  int pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
  bool chance(int one_in) { return pick(one_in) == 0; }
  std::string one_of(std::span<const std::string_view> all);
  std::string one_of(const std::vector<std::string>& all);
  std::string_view form_of(std::span<const ChangeForm> forms);

  unsigned seed_;
  std::mt19937 random_;
  std::string named_;  // the chosen forms
  Shape shape_ = Shape::plain;
  std::string sql_;
  std::vector<std::pair<std::string, std::string>> columns_;  // of t: name, type
  std::vector<std::string> indexes_ = {"nowhere"};
  std::vector<std::string> constraints_;
  std::pair<std::string, std::string> column_;  // of the form that is filled in
  int numbered_ = 0;
};

}  // namespace limbeck::test
