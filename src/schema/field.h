// The fields of a schema object as data: comparison by field, JSON in both directions and
// descriptions are all made from one list.
//
// A struct gives the list with a static constexpr function: fields() returns a tuple of Field. It
// is a template, so that only those who want the list pay for it: the tuples of all objects
// together take half a second to compile. Nothing here knows a particular object.
#pragma once

#include <string_view>
#include <tuple>

namespace limbeck {

enum class FieldRole {
  compared,  // a difference in it is a difference between the objects
  carried,   // kept for rendering and reports: the position of a column
};

template <class Owner, class T>
struct Field {
  std::string_view name;  // in JSON, and in "alter column ...: type"
  T Owner::*member;
  FieldRole role = FieldRole::compared;
};

template <class Owner, class T>
constexpr Field<Owner, T> field(std::string_view name, T Owner::*member,
                                FieldRole role = FieldRole::compared) {
  return {name, member, role};
}

// Calls visit(field) for each field of T, in order.
template <class T, class Visit>
constexpr void for_each_field(const Visit& visit) {
  std::apply([&](const auto&... fields) { (visit(fields), ...); }, T::fields());
}

template <class T>
concept HasFields = requires {
  T::fields();
};

}  // namespace limbeck
