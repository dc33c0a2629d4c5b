// The options of tables: schemas, keys, indexes. Included by limbeck/model.h.
#pragma once

#include "limbeck/model_options.h"

namespace limbeck::model {

struct InSchema {
  static constexpr bool constraints = false;
  static constexpr bool indexes = false;
  template <class T>
  static constexpr bool is_of = true;
  std::string_view name;
  constexpr void apply_to(TableSpec& table) const { table.schema = name; }
};
// SQLite has no schemas: there the table stands without one.
consteval InSchema in_schema(std::string_view name) {
  return {checked_name(name)};
}

struct WithoutPrimaryKey {
  static constexpr bool constraints = false;
  static constexpr bool indexes = false;
  template <class T>
  static constexpr bool is_of = true;
  constexpr void apply_to(TableSpec& table) const { table.without_primary_key = true; }
};
inline constexpr WithoutPrimaryKey without_primary_key;

template <ConstraintKind K, auto... Members>
struct KeyOn {
  static constexpr bool constraints = true;
  static constexpr bool indexes = false;
  template <class T>
  static constexpr bool is_of = all_of_struct<T, Members...>;
  ConstraintSpec key = {};

  consteval KeyOn named(std::string_view name) const {
    KeyOn it = *this;
    it.key.name = checked_name(name);
    return it;
  }
  // Checked at the end of the transaction when it is initially deferred. PostgreSQL alone.
  consteval KeyOn deferrable(bool initially_deferred = false) const {
    KeyOn it = *this;
    it.key.deferrable = true;
    it.key.initially_deferred = initially_deferred;
    return it;
  }
  // Two rows with NULL in it are one too many. PostgreSQL alone.
  consteval KeyOn nulls_not_distinct() const {
    KeyOn it = *this;
    it.key.nulls_not_distinct = true;
    return it;
  }
  template <class Table>
  constexpr ConstraintSpec spec(std::span<const ColumnSpec> columns) const {
    static_assert(sizeof...(Members) > 0 && sizeof...(Members) <= max_key_columns,
                  "limbeck: a key has between 1 and 16 columns");
    ConstraintSpec spec = key;
    spec.kind = K;
    spec.columns = {Table::template position<Members>(columns)...};
    spec.count = sizeof...(Members);
    return spec;
  }
};
template <auto... Members>
inline constexpr KeyOn<ConstraintKind::primary_key, Members...> primary_key_on;
template <auto... Members>
inline constexpr KeyOn<ConstraintKind::unique, Members...> unique_on;

template <auto First, auto...>
struct FirstOf {
  using Struct = Owner<First>;
};

template <class Targets, auto... Members>
struct ForeignKeyOn;
template <auto... Targets, auto... Members>
struct ForeignKeyOn<References<Targets...>, Members...> {
  static constexpr bool constraints = true;
  static constexpr bool indexes = false;
  template <class T>
  static constexpr bool is_of = all_of_struct<T, Members...>;
  References<Targets...> references;

  template <class Table>
  constexpr ConstraintSpec spec(std::span<const ColumnSpec> columns) const {
    ConstraintSpec spec;
    spec.kind = ConstraintKind::foreign_key;
    spec.name = references.key.name;
    spec.columns = {Table::template position<Members>(columns)...};
    spec.count = sizeof...(Members);
    spec.foreign = references.key;
    spec.foreign.struct_name = type_name<typename FirstOf<Targets...>::Struct>;
    spec.foreign_members = {member_name<Targets>...};
    return spec;
  }
};
// foreign_key<&Line::order, &Line::number>(references<&Order::id, &Order::number>)
template <auto... Members, auto... Targets>
consteval ForeignKeyOn<References<Targets...>, Members...> foreign_key(
    References<Targets...> references) {
  static_assert(sizeof...(Members) == sizeof...(Targets) && sizeof...(Members) > 0 &&
                    sizeof...(Members) <= max_key_columns,
                "limbeck: a foreign key has as many columns as the key that it refers to");
  static_assert(all_of_struct<typename FirstOf<Targets...>::Struct, Targets...>,
                "limbeck: a foreign key refers to columns of several structs");
  static_assert((std::is_same_v<Plain<MemberType<Members>>, Plain<MemberType<Targets>>> && ...),
                "limbeck: a foreign key has another type than the column that it refers to");
  return {references};
}

// ---- indexes ----

struct Descending {};
inline constexpr Descending descending;
inline constexpr Nulls nulls_first = Nulls::first;
inline constexpr Nulls nulls_last = Nulls::last;
struct OperatorClass {
  std::string_view name;
};
// PostgreSQL's way of comparing in this index: "gin_trgm_ops".
consteval OperatorClass operator_class(std::string_view name) {
  return {name};
}

constexpr void apply_to(IndexPartSpec& part, Descending) {
  part.descending = true;
}
constexpr void apply_to(IndexPartSpec& part, Nulls nulls) {
  part.nulls = nulls;
}
constexpr void apply_to(IndexPartSpec& part, OperatorClass option) {
  part.operator_class = option.name;
}
constexpr void apply_to(IndexPartSpec& part, CollationOption option) {
  part.collation = option.name;
}

// The column of a part is the number of its member among Members until the table is known.
template <auto... Members>
struct Index {
  static constexpr bool constraints = false;
  static constexpr bool indexes = true;
  template <class T>
  static constexpr bool is_of = all_of_struct<T, Members...>;
  IndexSpec index = {};

  // Another column, after those before it.
  template <auto Member, class... Options>
  consteval Index<Members..., Member> column(Options... options) const {
    Index<Members..., Member> it{index};
    IndexPartSpec part;
    part.is_column = true;
    part.column = sizeof...(Members);
    (apply_to(part, options), ...);
    it.add(part);
    return it;
  }
  template <class... Options>
  consteval Index expression(Sql sql, Options... options) const {
    Index it = *this;
    IndexPartSpec part;
    part.expression = sql;
    (apply_to(part, options), ...);
    it.add(part);
    return it;
  }
  consteval Index unique() const {
    Index it = *this;
    it.index.unique = true;
    return it;
  }
  consteval Index nulls_not_distinct() const {
    Index it = *this;
    it.index.nulls_not_distinct = true;
    return it;
  }
  consteval Index where(Sql condition) const {
    Index it = *this;
    it.index.where = condition;
    return it;
  }
  // "gin", "gist", "brin", "hash": another than btree is for PostgreSQL alone.
  consteval Index method(std::string_view name) const {
    Index it = *this;
    it.index.method = name;
    return it;
  }
  consteval Index raw(Sql sql) const {
    Index it = *this;
    it.index.raw = sql;
    return it;
  }
  consteval Index only_on_postgresql() const {
    Index it = *this;
    it.index.on_sqlite = false;
    return it;
  }
  consteval Index only_on_sqlite() const {
    Index it = *this;
    it.index.on_postgresql = false;
    return it;
  }

  constexpr void add(const IndexPartSpec& part) {
    if (index.count == max_index_parts) mistake::an_index_has_too_many_parts();
    index.parts[index.count++] = part;
  }
  template <class Table>
  constexpr IndexSpec spec([[maybe_unused]] std::span<const ColumnSpec> columns) const {
    const std::array<std::size_t, sizeof...(Members)> positions{
        Table::template position<Members>(columns)...};
    IndexSpec spec = index;
    if (spec.count == 0) mistake::an_index_has_no_parts();
    for (std::size_t i = 0; i < spec.count; ++i) {
      if (spec.parts[i].is_column) spec.parts[i].column = positions[spec.parts[i].column];
    }
    return spec;
  }
};
// index<&User::team, &User::role>("ix_users_team_role"), or index("ix").column<&User::team>(...)
template <auto... Members>
consteval Index<Members...> index(std::string_view name) {
  static_assert(sizeof...(Members) <= max_index_parts, "limbeck: an index has too many parts");
  Index<Members...> it;
  it.index.name = checked_name(name);
  for (std::size_t i = 0; i < sizeof...(Members); ++i) {
    IndexPartSpec part;
    part.is_column = true;
    part.column = i;
    it.add(part);
  }
  return it;
}

}  // namespace limbeck::model
