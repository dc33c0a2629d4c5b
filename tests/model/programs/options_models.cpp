// The options that shop.h does without.
#include "limbeck/models_main.h"

namespace m = limbeck::model;

struct Room {
  std::int32_t id;
  std::string name;
  std::optional<std::int32_t> floor;
  std::optional<std::int32_t> number;
  std::optional<std::string> label;
  limbeck::Date changed_on;
};
template <>
inline constexpr auto limbeck::mapping<Room> =
    m::table<Room>("rooms", m::column<&Room::id>(m::primary_key, m::serial),
                   m::column<&Room::name>(m::varchar(40), m::renamed_from("title")),
                   m::column<&Room::floor>(m::raw(m::by_dialect("CHECK (floor < 99)",
                                                                "CHECK (floor < 98)"))),
                   m::column<&Room::number>(m::default_sql("1 + 1")),
                   m::column<&Room::label>(m::computed_virtual("name || '!'")),
                   m::column<&Room::changed_on>(m::updated_at))
        .with(m::renamed_from("chambers"),
              m::unique_on<&Room::floor, &Room::number>.named("uq_rooms").deferrable(true),
              m::unique_on<&Room::number, &Room::name>.nulls_not_distinct(),
              m::index<&Room::floor, &Room::name>("ux_rooms")
                  .unique()
                  .nulls_not_distinct()
                  .raw(m::on_postgresql("WITH (fillfactor = 80)"))
                  .where("floor > 0"),
              m::index("ix_rooms_pattern")
                  .column<&Room::name>(m::operator_class("varchar_pattern_ops"), m::nulls_first)
                  .only_on_postgresql(),
              m::index("ix_rooms_case")
                  .column<&Room::name>(m::collation(m::by_dialect("C", "NOCASE")), m::descending),
              m::index<&Room::label>("ix_rooms_label").only_on_sqlite(),
              m::index<&Room::number>("ix_rooms_hash").method("hash"));

// A log: nothing tells its rows apart.
struct Entry {
  limbeck::Timestamp at;
  std::string words;
};
template <>
inline constexpr auto limbeck::mapping<Entry> =
    m::table<Entry>("Log \"book\"", m::column<&Entry::at>(m::updated_at),
                    m::column<&Entry::words>(m::named("what's said"), m::comment("it's \"said\"")))
        .with(m::without_primary_key, m::raw(m::on_postgresql("WITH (fillfactor = 50)")));

// Two that own each other, and themselves.
struct Egg;
struct Hen {
  std::int16_t farm;
  std::int32_t id;
  std::optional<std::int32_t> egg;
};
struct Egg {
  std::int16_t farm;
  std::int32_t id;
  std::optional<std::int32_t> hen;
  std::optional<std::int32_t> twin;
};
template <>
inline constexpr auto limbeck::mapping<Hen> =
    m::table<Hen>("hens", m::column<&Hen::farm>(m::primary_key),
                  m::column<&Hen::id>(m::primary_key), m::column<&Hen::egg>())
        .with(m::foreign_key<&Hen::farm, &Hen::egg>(
            m::references<&Egg::farm, &Egg::id>.named("fk_hens_egg").deferrable()));
template <>
inline constexpr auto limbeck::mapping<Egg> =
    m::table<Egg>("eggs", m::column<&Egg::farm>(m::primary_key),
                  m::column<&Egg::id>(m::primary_key), m::column<&Egg::hen>(),
                  m::column<&Egg::twin>())
        .with(m::foreign_key<&Egg::farm, &Egg::hen>(m::references<&Hen::farm, &Hen::id>),
              m::foreign_key<&Egg::farm, &Egg::twin>(m::references<&Egg::farm, &Egg::id>));

int main(int argc, char** argv) {
  return limbeck::models_main(argc, argv, limbeck::metadata<Room, Entry, Hen, Egg>("options"));
}
