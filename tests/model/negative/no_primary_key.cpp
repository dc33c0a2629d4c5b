// expect: the_table_has_no_primary_key
// No primary key, and it is not said.
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
inline constexpr auto limbeck::mapping<User> = m::table<User>("users", m::column<&User::id>(),
                                                              m::column<&User::email>(),
                                                              m::column<&User::team>())
                                                   .with(m::without_primary_key);
#else
template <>
inline constexpr auto limbeck::mapping<User> = m::table<User>("users", m::column<&User::id>(),
                                                              m::column<&User::email>(),
                                                              m::column<&User::team>());
#endif

limbeck::Metadata set() {
  return limbeck::metadata<Team, User>("app");
}
