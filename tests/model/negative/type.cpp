// expect: the_sql_type_does_not_fit_the_type_of_the_member
// A Uuid as an integer column.
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
    m::table<User>("users", m::column<&User::id>(m::primary_key, m::uuid),
                   m::column<&User::email>(), m::column<&User::team>());
#else
template <>
inline constexpr auto limbeck::mapping<User> =
    m::table<User>("users", m::column<&User::id>(m::primary_key, m::integer),
                   m::column<&User::email>(), m::column<&User::team>());
#endif

limbeck::Metadata set() {
  return limbeck::metadata<Team, User>("app");
}
