// expect: this_option_is_for_a_date_or_timestamp_column
// A text that a trigger would set to a time.
#include "limbeck/model.h"

namespace m = limbeck::model;

struct Note {
  std::int64_t id;
#ifdef RIGHT
  limbeck::TimestampTz changed;
#else
  std::string changed;
#endif
};
template <>
inline constexpr auto limbeck::mapping<Note> = m::table<Note>(
    "notes", m::column<&Note::id>(m::primary_key), m::column<&Note::changed>(m::updated_at));

limbeck::Metadata set() {
  return limbeck::metadata<Note>("app");
}
