// expect: the_foreign_key_refers_to_a_table_outside_of_the_set
// The table that it refers to is not in the set.
#include "limbeck/model.h"

namespace m = limbeck::model;

struct Team {
  std::int64_t id;
  std::string title;
};
struct User {
  limbeck::Uuid id;
  std::string email;
  std::int64_t team;
};
template <>
inline constexpr auto limbeck::mapping<Team> = m::table<Team>("teams",
                                                              m::column<&Team::id>(m::primary_key),
                                                              m::column<&Team::title>());
#ifdef RIGHT
template <>
inline constexpr auto limbeck::mapping<User> =
    m::table<User>("users", m::column<&User::id>(m::primary_key), m::column<&User::email>(),
                   m::column<&User::team>(m::references<&Team::id>.of_another_set()));
#else
template <>
inline constexpr auto limbeck::mapping<User> =
    m::table<User>("users", m::column<&User::id>(m::primary_key), m::column<&User::email>(),
                   m::column<&User::team>(m::references<&Team::id>));
#endif

limbeck::Metadata set() {
  return limbeck::metadata<User>("app");
}
