// expect: set_null_needs_a_column_that_can_be_null
// What cannot be NULL is to become NULL.
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
                   m::column<&User::team>(m::references<&Team::id>.on_delete(m::cascade)));
#else
template <>
inline constexpr auto limbeck::mapping<User> =
    m::table<User>("users", m::column<&User::id>(m::primary_key), m::column<&User::email>(),
                   m::column<&User::team>(m::references<&Team::id>.on_delete(m::set_null)));
#endif

limbeck::Metadata set() {
  return limbeck::metadata<Team, User>("app");
}
