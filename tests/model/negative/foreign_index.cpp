// expect: a key or an index has a member of another struct than the table
// An index on another table's column.
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
inline constexpr auto limbeck::mapping<User> = m::table<User>("users",
                                                              m::column<&User::id>(m::primary_key),
                                                              m::column<&User::email>(),
                                                              m::column<&User::team>())
                                                   .with(m::index<&User::team>("ix"));
#else
template <>
inline constexpr auto limbeck::mapping<User> = m::table<User>("users",
                                                              m::column<&User::id>(m::primary_key),
                                                              m::column<&User::email>(),
                                                              m::column<&User::team>())
                                                   .with(m::index<&Team::id>("ix"));
#endif

limbeck::Metadata set() {
  return limbeck::metadata<Team, User>("app");
}
