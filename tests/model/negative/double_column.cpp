// expect: two_columns_have_the_same_name
// Two columns of one name.
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
    m::table<User>("users", m::column<&User::id>(m::primary_key),
                   m::column<&User::email>(m::named("mail")), m::column<&User::team>());
#else
template <>
inline constexpr auto limbeck::mapping<User> =
    m::table<User>("users", m::column<&User::id>(m::primary_key),
                   m::column<&User::email>(m::named("id")), m::column<&User::team>());
#endif

limbeck::Metadata set() {
  return limbeck::metadata<Team, User>("app");
}
