// How two objects of the same id differ.
//
// It never says how a difference is applied; a dialect does.
#pragma once

#include <compare>
#include <string_view>
#include <vector>

#include "schema/schema.h"

namespace limbeck {

// The names of the compared fields that differ, in the order of their declaration, then "comment",
// "owner", "privileges". Both must be of one kind. Empty: no difference.
std::vector<std::string_view> differing_fields(const Object& from, const Object& to);

// Calls visit(old, now) for each id that one of the schemas has, in the order of the ids; what the
// other lacks is nullptr.
template <class Visit>
void side_by_side(const Schema& from, const Schema& to, const Visit& visit) {
  auto old = from.objects.begin();
  auto now = to.objects.begin();
  constexpr const Object* none = nullptr;
  while (old != from.objects.end() || now != to.objects.end()) {
    const auto order = old == from.objects.end() ? std::strong_ordering::greater
                       : now == to.objects.end() ? std::strong_ordering::less
                                                 : old->first <=> now->first;
    if (order < 0)
      visit(&(old++)->second, none);
    else if (order > 0)
      visit(none, &(now++)->second);
    else
      visit(&(old++)->second, &(now++)->second);
  }
}

}  // namespace limbeck
