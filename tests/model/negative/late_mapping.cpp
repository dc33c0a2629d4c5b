// expect: a foreign key refers to a struct without a mapping
// A key to another set whose mapping is not known.
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
struct Later {
  std::int64_t id;
};
template <>
inline constexpr auto limbeck::mapping<User> =
    m::table<User>("users", m::column<&User::id>(m::primary_key), m::column<&User::email>(),
                   m::column<&User::team>(m::references<&Later::id>.of_another_set()));
#endif

limbeck::Metadata set() {
  return limbeck::metadata<Team, User>("app");
}
