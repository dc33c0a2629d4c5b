// expect: a_member_has_two_columns
// One member twice, another not at all.
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
                                                              m::column<&User::team>());
#else
template <>
inline constexpr auto limbeck::mapping<User> =
    m::table<User>("users", m::column<&User::id>(m::primary_key), m::column<&User::email>(),
                   m::column<&User::email>(m::named("mail")));
#endif

limbeck::Metadata set() {
  return limbeck::metadata<Team, User>("app");
}
