// The graph of operations: what has to be done before what, and which of them one statement does
// together.
//
// It knows neither schemas nor SQL: nodes are numbers, in the order in which they were added.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace limbeck {

class OperationGraph {
 public:
  // order: nodes that are free to go are taken by it; unique, so that every run gives one result.
  std::size_t add(std::string order);
  void before(std::size_t first, std::size_t second);
  // Whether each node has to come after this one, through any number of edges.
  std::vector<bool> after(std::size_t node) const;
  // The member is done by the statement of the holder, unless a cycle would come of it and the bond
  // is not fixed: then loose members leave first. A holder never has a holder of its own but its
  // members'.
  enum class Bond { loose, firm, fixed };
  void fold(std::size_t member, std::size_t holder, Bond bond);

  std::size_t size() const { return order_.size(); }

  // A run of nodes that one statement does: the holder, then its members in the order of adding.
  using Group = std::vector<std::size_t>;
  // All groups, each after those that it needs. Nodes that are left in a cycle are in `cycle`.
  struct Sorted {
    std::vector<Group> groups = {};
    std::vector<std::size_t> cycle = {};
  };
  Sorted sort() const;

 private:
  std::vector<std::string> order_;
  std::vector<std::set<std::size_t>> next_;
  std::vector<std::size_t> holder_;  // its own number: none
  std::vector<Bond> bond_;
};

}  // namespace limbeck
