// The options of columns. Included by limbeck/model.h.
#pragma once

#include <optional>
#include <string>
#include <type_traits>

#include "limbeck/model_mistakes.h"
#include "limbeck/model_spec.h"

namespace limbeck::model {

// ---- names and types out of pointers to members ----

template <auto Member>
consteval std::string_view parse_member_name() {
  // g++: "...[with auto Member = &User::email; ...]", clang: "...[Member = &User::email]"
  std::string_view pretty = __PRETTY_FUNCTION__;
  std::size_t end = pretty.find(';');
  if (end == std::string_view::npos) end = pretty.size() - 1;
  std::size_t begin = end;
  while (pretty[begin - 1] != ':') --begin;
  return pretty.substr(begin, end - begin);
}
template <auto Member>
inline constexpr std::string_view member_name = parse_member_name<Member>();

template <class T>
consteval std::string_view parse_type_name() {
  std::string_view pretty = __PRETTY_FUNCTION__;
  const std::size_t begin = pretty.find("T = ") + 4;
  std::size_t end = pretty.find(';', begin);
  if (end == std::string_view::npos) end = pretty.size() - 1;
  return pretty.substr(begin, end - begin);
}
template <class T>
inline constexpr std::string_view type_name = parse_type_name<T>();

template <class M>
struct MemberPointer;
template <class C, class V>
struct MemberPointer<V C::*> {
  using Owner = C;
  using Type = V;
};
template <auto M>
using Owner = typename MemberPointer<decltype(M)>::Owner;
template <auto M>
using MemberType = typename MemberPointer<decltype(M)>::Type;
template <class T, auto... Members>
inline constexpr bool all_of_struct = (std::is_same_v<Owner<Members>, T> && ...);

template <class T>
struct Stripped {
  using Type = T;
  static constexpr bool optional = false;
};
template <class T>
struct Stripped<std::optional<T>> {
  using Type = T;
  static constexpr bool optional = true;
};
template <class T>
using Plain = typename Stripped<T>::Type;
template <class T>
inline constexpr bool is_optional = Stripped<T>::optional;

template <class T>
inline constexpr bool is_storable = Storable<Plain<T>>;

struct AnyField {
  template <class T>
  operator T() const;  // NOLINT(google-explicit-constructor): stands for any member
};
template <std::size_t>
using Any = AnyField;
template <class T, std::size_t... I>
consteval bool has_fields(std::index_sequence<I...>) {
  return requires {
    T{Any<I>{}...};
  };
}

// ---- types that a column is declared with, where the member's own is not meant ----

inline constexpr SqlTypeSpec boolean{.kind = Kind::boolean};
inline constexpr SqlTypeSpec smallint{.kind = Kind::smallint};
inline constexpr SqlTypeSpec integer{.kind = Kind::integer};
inline constexpr SqlTypeSpec bigint{.kind = Kind::bigint};
inline constexpr SqlTypeSpec real{.kind = Kind::real};
inline constexpr SqlTypeSpec double_precision{.kind = Kind::double_precision};
inline constexpr SqlTypeSpec text{.kind = Kind::text};
inline constexpr SqlTypeSpec bytes{.kind = Kind::bytes};
inline constexpr SqlTypeSpec uuid{.kind = Kind::uuid};
inline constexpr SqlTypeSpec date{.kind = Kind::date};
inline constexpr SqlTypeSpec time{.kind = Kind::time};
inline constexpr SqlTypeSpec timestamp{.kind = Kind::timestamp};
inline constexpr SqlTypeSpec timestamptz{.kind = Kind::timestamptz};
inline constexpr SqlTypeSpec interval{.kind = Kind::interval};
inline constexpr SqlTypeSpec json{.kind = Kind::json};
inline constexpr SqlTypeSpec jsonb{.kind = Kind::jsonb};
consteval SqlTypeSpec varchar(int length) {
  if (length < 1 || length > 10'485'760) mistake::a_length_or_precision_is_out_of_range();
  return {.kind = Kind::varchar, .length = length};
}
consteval SqlTypeSpec character(int length) {
  if (length < 1 || length > 10'485'760) mistake::a_length_or_precision_is_out_of_range();
  return {.kind = Kind::character, .length = length};
}
consteval SqlTypeSpec numeric(int precision, int scale = 0) {
  if (precision < 1 || precision > 1000 || scale < 0 || scale > precision)
    mistake::a_length_or_precision_is_out_of_range();
  return {.kind = Kind::numeric, .length = precision, .scale = scale};
}

// ---- names and SQL ----

constexpr std::string_view checked_name(std::string_view name) {
  if (name.empty() || name.size() > 63) mistake::a_name_must_have_1_to_63_bytes();
  return name;
}

consteval Sql by_dialect(const char* postgresql, const char* sqlite) {
  return {std::string_view(postgresql), std::string_view(sqlite)};
}
consteval Sql on_postgresql(const char* sql) {
  return {std::string_view(sql), std::string_view()};
}
consteval Sql on_sqlite(const char* sql) {
  return {std::string_view(), std::string_view(sql)};
}

// ---- options of columns ----

struct PrimaryKey {};
struct IdentityOption {
  Identity identity;
};
struct FilledOption {
  Filled filled;
};
struct UpdatedAt {};
struct Unique {
  std::string_view name = {};
  consteval Unique named(std::string_view other) const { return {checked_name(other)}; }
};
struct DefaultSql {
  Sql sql;
};
struct Computed {
  Sql sql;
  bool is_virtual = false;
};
struct Named {
  std::string_view name;
};
struct NativeType {
  Sql name;
};
struct CollationOption {
  Sql name;
};

inline constexpr PrimaryKey primary_key;
// A number that the database counts up. identity_always: a row cannot bring its own.
inline constexpr IdentityOption identity{Identity::by_default};
inline constexpr IdentityOption identity_always{Identity::always};
// The same as an older schema has it on PostgreSQL: smallserial, serial, bigserial.
inline constexpr IdentityOption serial{Identity::serial};
inline constexpr FilledOption generated_uuid{Filled::random_uuid};
inline constexpr FilledOption default_now{Filled::now};
inline constexpr UpdatedAt updated_at;  // the time of the insert, and of every update
inline constexpr Unique unique;

consteval DefaultSql default_sql(Sql sql) {
  return {sql};
}
consteval Computed computed(Sql sql) {
  return {sql};
}
// SQLite computes it whenever it is read; PostgreSQL stores it.
consteval Computed computed_virtual(Sql sql) {
  return {sql, true};
}
consteval Named named(std::string_view name) {
  return {checked_name(name)};
}
consteval NativeType native_type(Sql name) {
  return {name};
}
consteval CollationOption collation(Sql name) {
  return {name};
}

// ---- options of columns and of tables ----

struct Comment {
  static constexpr bool constraints = false;
  static constexpr bool indexes = false;
  template <class T>
  static constexpr bool is_of = true;
  std::string_view text;
  constexpr void apply_to(TableSpec& table) const { table.comment = text; }
};
consteval Comment comment(std::string_view what) {
  return {what};
}

// What it was called before: it is renamed then, and nothing is lost. Means nothing once it is
// done.
struct RenamedFrom {
  static constexpr bool constraints = false;
  static constexpr bool indexes = false;
  template <class T>
  static constexpr bool is_of = true;
  std::string_view name;
  constexpr void apply_to(TableSpec& table) const { table.renamed_from = name; }
};
consteval RenamedFrom renamed_from(std::string_view name) {
  return {checked_name(name)};
}

// Anything that a database can say and this vocabulary cannot.
struct Raw {
  static constexpr bool constraints = false;
  static constexpr bool indexes = false;
  template <class T>
  static constexpr bool is_of = true;
  Sql sql;
  constexpr void apply_to(TableSpec& table) const { table.raw = sql; }
};
consteval Raw raw(Sql sql) {
  return {sql};
}

struct Check {
  static constexpr bool constraints = true;
  static constexpr bool indexes = false;
  template <class T>
  static constexpr bool is_of = true;
  CheckSpec check;

  consteval Check named(std::string_view name) const {
    return {{check.expression, checked_name(name)}};
  }
  template <class Table>
  constexpr ConstraintSpec spec(std::span<const ColumnSpec>) const {
    ConstraintSpec spec;
    spec.kind = ConstraintKind::check;
    spec.name = check.name;
    spec.expression = check.expression;
    return spec;
  }
};
consteval Check check(Sql expression) {
  return {{expression, {}}};
}

template <auto... Targets>
constexpr KeyTarget resolve();

template <auto... Targets>
struct References {
  ForeignKeySpec key = {};

  consteval References named(std::string_view name) const {
    References it = *this;
    it.key.name = checked_name(name);
    return it;
  }
  consteval References on_delete(Action action) const {
    References it = *this;
    it.key.on_delete = action;
    return it;
  }
  consteval References on_update(Action action) const {
    References it = *this;
    it.key.on_update = action;
    return it;
  }
  consteval References deferrable(bool initially_deferred = false) const {
    References it = *this;
    it.key.deferrable = true;
    it.key.initially_deferred = initially_deferred;
    return it;
  }
  // It leads out of the set that its table is in. The mapping there has to be known before.
  consteval References of_another_set() const {
    References it = *this;
    it.key.leaves_set = true;
    it.key.of_another_set = &resolve<Targets...>;
    return it;
  }
};
template <auto... Targets>
inline constexpr References<Targets...> references;

inline constexpr Action no_action = Action::no_action;
inline constexpr Action restricted = Action::restricted;
inline constexpr Action cascade = Action::cascade;
inline constexpr Action set_null = Action::set_null;
inline constexpr Action set_default = Action::set_default;

// ---- what an option does to a column; T is the member's type without std::optional ----

constexpr bool is_integer(Kind kind) {
  return kind == Kind::smallint || kind == Kind::integer || kind == Kind::bigint;
}
constexpr bool is_point_in_time(Kind kind) {
  return kind == Kind::date || kind == Kind::timestamp || kind == Kind::timestamptz;
}
// Whether a value of the one kind can be kept in a column of the other.
constexpr bool fits(Kind member, Kind declared) {
  if (member == declared) return true;
  if (member == Kind::text) return declared == Kind::varchar || declared == Kind::character;
  return member == Kind::jsonb && declared == Kind::json;
}

template <class T>
constexpr void apply(ColumnSpec& c, PrimaryKey) {
  c.primary = true;
}
template <class T>
constexpr void apply(ColumnSpec& c, IdentityOption option) {
  if (!is_integer(c.type.kind) || c.type.array) mistake::an_identity_column_must_be_an_integer();
  c.identity = option.identity;
}
template <class T>
constexpr void apply(ColumnSpec& c, FilledOption option) {
  if (option.filled == Filled::random_uuid && c.type.kind != Kind::uuid)
    mistake::generated_uuid_is_for_a_uuid_column();
  if (option.filled == Filled::now && !is_point_in_time(c.type.kind))
    mistake::this_option_is_for_a_date_or_timestamp_column();
  c.filled = option.filled;
}
template <class T>
constexpr void apply(ColumnSpec& c, UpdatedAt) {
  if (!is_point_in_time(c.type.kind)) mistake::this_option_is_for_a_date_or_timestamp_column();
  c.filled = Filled::now;
  c.updated_at = true;
}
template <class T>
constexpr void apply(ColumnSpec& c, Unique option) {
  c.unique = true;
  c.unique_name = option.name;
}
template <class T>
constexpr void apply(ColumnSpec& c, DefaultSql option) {
  c.default_sql = option.sql;
}
template <class T>
constexpr void apply(ColumnSpec& c, Computed option) {
  c.computed = option.sql;
  c.virtual_column = option.is_virtual;
}
template <class T>
constexpr void apply(ColumnSpec& c, Named option) {
  c.name = option.name;
}
template <class T>
constexpr void apply(ColumnSpec& c, NativeType option) {
  c.native_type = option.name;
}
template <class T>
constexpr void apply(ColumnSpec& c, CollationOption option) {
  c.collation = option.name;
}
template <class T>
constexpr void apply(ColumnSpec& c, Comment option) {
  c.comment = option.text;
}
template <class T>
constexpr void apply(ColumnSpec& c, RenamedFrom option) {
  c.renamed_from = option.name;
}
template <class T>
constexpr void apply(ColumnSpec& c, Raw option) {
  c.raw = option.sql;
}
template <class T>
constexpr void apply(ColumnSpec& c, Check option) {
  c.check = option.check;
}
template <class T>
constexpr void apply(ColumnSpec& c, SqlTypeSpec declared) {
  if (!fits(c.type.kind, declared.kind))
    mistake::the_sql_type_does_not_fit_the_type_of_the_member();
  declared.array = c.type.array;
  c.type = declared;
}
template <class T, auto Target>
constexpr void apply(ColumnSpec& c, References<Target> option) {
  static_assert(std::is_same_v<T, Plain<MemberType<Target>>>,
                "limbeck: a foreign key has another type than the column that it refers to");
  c.is_foreign = true;
  c.foreign = option.key;
  c.foreign.struct_name = type_name<Owner<Target>>;
  c.foreign_member = member_name<Target>;
}

}  // namespace limbeck::model
