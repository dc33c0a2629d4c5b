// expect: a_primary_key_cannot_be_null
// A key that can be NULL.
#include "limbeck/model.h"

namespace m = limbeck::model;

struct Note {
  std::int64_t id;
#ifdef RIGHT
  std::int64_t number;
#else
  std::optional<std::int64_t> number;
#endif
};
template <>
inline constexpr auto limbeck::mapping<Note> =
    m::table<Note>("notes", m::column<&Note::id>(), m::column<&Note::number>())
        .with(m::primary_key_on<&Note::id, &Note::number>);

limbeck::Metadata set() {
  return limbeck::metadata<Note>("app");
}
