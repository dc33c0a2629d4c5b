// expect: a foreign key has another type than the column that it refers to
// The same over several columns.
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
                   m::column<&User::team>())
        .with(m::foreign_key<&User::team>(m::references<&Team::id>));
#else
template <>
inline constexpr auto limbeck::mapping<User> =
    m::table<User>("users", m::column<&User::id>(m::primary_key), m::column<&User::email>(),
                   m::column<&User::team>())
        .with(m::foreign_key<&User::id>(m::references<&Team::id>));
#endif

limbeck::Metadata set() {
  return limbeck::metadata<Team, User>("app");
}
