// expect: a_computed_column_has_no_default
// A default for what is computed.
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
                   m::column<&User::email>(m::computed("'x'")), m::column<&User::team>());
#else
template <>
inline constexpr auto limbeck::mapping<User> = m::table<User>(
    "users", m::column<&User::id>(m::primary_key),
    m::column<&User::email>(m::computed("'x'"), m::default_sql("''")), m::column<&User::team>());
#endif

limbeck::Metadata set() {
  return limbeck::metadata<Team, User>("app");
}
