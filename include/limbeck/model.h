// Tables declared in C++: a plain struct and one mapping.
//
//   struct User {
//     std::int64_t id;
//     std::string email;
//     std::optional<std::string> nickname;
//   };
//   template <> inline constexpr auto limbeck::mapping<User> = limbeck::model::table<User>(
//       "users", limbeck::model::column<&User::id>(limbeck::model::primary_key),
//       limbeck::model::column<&User::email>(limbeck::model::varchar(255), limbeck::model::unique),
//       limbeck::model::column<&User::nickname>());
//
// Mistakes are found by the compiler, which names one of the functions in limbeck::model::mistake.
// docs/models.md lists every option. Templates hold only what has to be a type, the pointers to
// members; all else becomes values (limbeck/model_spec.h), so that a declaration is cheap to
// compile.
#pragma once

#include <utility>

#include "limbeck/model_checks.h"
#include "limbeck/model_table_options.h"

namespace limbeck {

// A user specialises it for each struct: mapping<User> = model::table<User>("users", ...).
template <class T>
inline constexpr std::nullptr_t mapping = nullptr;

template <class T>
concept Mapped = requires {
  mapping<T>.view();
};

}  // namespace limbeck

namespace limbeck::model {

// A text with the place where it is written.
struct DeclaredName {
  // NOLINTNEXTLINE(google-explicit-constructor): it is written as a text
  consteval DeclaredName(const char* name, const char* file = __builtin_FILE(),
                         int line = __builtin_LINE())
      : text(checked_name(name)), at{file, line} {}

  std::string_view text;
  DeclaredAt at;
};

// ---- columns ----

template <auto Member>
struct ColumnOf {
  ColumnSpec spec;
};

template <auto Member, class... Options>
consteval ColumnOf<Member> column(Options... options) {
  using V = MemberType<Member>;
  static_assert(is_storable<V>,
                "limbeck: no SQL type is known for the type of this member; specialise "
                "limbeck::model::SqlType for it");
  ColumnSpec spec;
  if constexpr (is_storable<V>) {
    spec.member = member_name<Member>;
    spec.name = spec.member;
    spec.type = SqlType<Plain<V>>::natural;
    spec.nullable = is_optional<V>;
    (apply<Plain<V>>(spec, options), ...);
  }
  return {spec};
}

// ---- tables ----

// How many of each a table has beside its columns.
struct Sizes {
  std::size_t constraints = 0;
  std::size_t indexes = 0;
};

template <class T, auto... Members>
struct Table {
  using Struct = T;
  static constexpr std::size_t column_count = sizeof...(Members);

  TableSpec head = {};  // without what it points to
  std::array<ColumnSpec, sizeof...(Members)> columns = {};

  // The position of a member's column.
  template <auto Member>
  static constexpr std::size_t position(std::span<const ColumnSpec> columns) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].member == member_name<Member>) return i;
    }
    mistake::the_member_has_no_column();
    return 0;
  }

  // Calls visit(position, member of the object) for each column in turn.
  template <class Object, class Visit>
  static constexpr void each(Object& object, const Visit& visit) {
    std::size_t i = 0;
    (visit(i++, object.*Members), ...);
  }
};

template <Sizes S, class T, auto... Members>
struct TableWith : Table<T, Members...> {
  std::array<ConstraintSpec, S.constraints> constraints = {};
  std::array<IndexSpec, S.indexes> indexes = {};

  constexpr TableSpec view() const {
    TableSpec spec = this->head;
    spec.columns = this->columns;
    spec.constraints = constraints;
    spec.indexes = indexes;
    return spec;
  }

  // Keys, checks and indexes of several columns, a comment, a schema.
  template <class... Options>
  consteval auto with(Options... options) const {
    static_assert((Options::template is_of<T> && ...),
                  "limbeck: a key or an index has a member of another struct than the table");
    constexpr Sizes more{S.constraints + (std::size_t{Options::constraints} + ... + 0),
                         S.indexes + (std::size_t{Options::indexes} + ... + 0)};
    TableWith<more, T, Members...> table;
    table.head = this->head;
    table.columns = this->columns;
    std::size_t constraint = 0;
    for (const ConstraintSpec& it : constraints) table.constraints[constraint++] = it;
    std::size_t index = 0;
    for (const IndexSpec& it : indexes) table.indexes[index++] = it;
    (table.take(options, constraint, index), ...);
    return table;
  }

  template <class Option>
  constexpr void take(const Option& option, std::size_t& constraint, std::size_t& index) {
    if constexpr (Option::constraints == 1) {
      constraints[constraint++] = option.template spec<TableWith>(this->columns);
    } else if constexpr (Option::indexes == 1) {
      indexes[index++] = option.template spec<TableWith>(this->columns);
    } else {
      option.apply_to(this->head);
    }
  }
};

template <class T, auto... Members>
consteval auto table(DeclaredName name, ColumnOf<Members>... columns) {
  static_assert((std::is_same_v<Owner<Members>, T> && ...),
                "limbeck: a column belongs to another struct than the table");
  static_assert(std::is_aggregate_v<T>,
                "limbeck: a mapped struct is an aggregate: no constructors, nothing private");
  static_assert(has_fields<T>(std::make_index_sequence<sizeof...(Members)>()),
                "limbeck: a struct has more columns than members");
  static_assert(!has_fields<T>(std::make_index_sequence<sizeof...(Members) + 1>()),
                "limbeck: every member of the struct needs a column");
  TableWith<Sizes{}, T, Members...> result;
  result.head.name = name.text;
  result.head.struct_name = type_name<T>;
  result.head.declared_at = name.at;
  result.columns = {columns.spec...};
  return result;
}

// ---- what a foreign key to another set leads to ----

template <auto... Targets>
constexpr KeyTarget resolve() {
  using T = typename FirstOf<Targets...>::Struct;
  static_assert(Mapped<T>,
                "limbeck: a foreign key refers to a struct without a mapping, or one whose mapping "
                "comes later");
  if constexpr (Mapped<T>) {
    constexpr std::array<std::string_view, sizeof...(Targets)> members{member_name<Targets>...};
    return key_target(mapping<T>.view(), members);
  } else {
    return {};
  }
}

// ---- sets ----

// The tables of structs, and what is wrong with them. Constants with names of their own, so that
// the compiler's message about a mistake is short.
template <class T>
constexpr TableSpec view_of() {
  static_assert(Mapped<T>, "limbeck: a struct of the set has no mapping");
  if constexpr (Mapped<T>) {
    return mapping<T>.view();
  } else {
    return {};
  }
}
template <class T>
inline constexpr TableSpec table_of = view_of<T>();
template <class T>
inline constexpr bool is_right = check_table(table_of<T>);

template <class... Ts>
struct SetOf {
  static constexpr std::array<TableSpec, sizeof...(Ts)> tables{table_of<Ts>...};
  template <class T>
  static constexpr bool keys_are_right = check_foreign_keys(tables, table_of<T>);
  static constexpr bool names_are_right = check_names(tables);
};

// An extension of PostgreSQL that the tables need.
constexpr Extra extension(std::string_view name) {
  return {Extra::Kind::extension, Sql(name, {})};
}
// Statements that stand after the tables: a view, a function, a trigger.
constexpr Extra sql(Sql statements) {
  return {Extra::Kind::sql, statements};
}

}  // namespace limbeck::model

namespace limbeck {

// A set of tables. Its foreign keys stay within it, but for those that say of_another_set().
template <class... Ts>
Metadata metadata(model::DeclaredName name, std::initializer_list<model::Extra> extras = {}) {
  using Set = model::SetOf<Ts...>;
  static_assert((model::is_right<Ts> && ...));
  static_assert((Set::template keys_are_right<Ts> && ...));
  static_assert(Set::names_are_right);
  return {name.text, name.at, Set::tables, extras};
}

}  // namespace limbeck
