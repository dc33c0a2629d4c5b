// expect: no SQL type is known for the type of this member
// A pointer in a table.
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
struct Other {
  std::int64_t id;
  std::int32_t what;
};
template <>
inline constexpr auto limbeck::mapping<Other> =
    m::table<Other>("others", m::column<&Other::id>(m::primary_key), m::column<&Other::what>());
#else
struct Other {
  std::int64_t id;
  void* what;
};
template <>
inline constexpr auto limbeck::mapping<Other> =
    m::table<Other>("others", m::column<&Other::id>(m::primary_key), m::column<&Other::what>());
#endif

limbeck::Metadata set() {
  return limbeck::metadata<Team, Other>("app");
}
