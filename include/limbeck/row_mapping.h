// How the members of a struct become values of a row and back. Included by limbeck/rows.h.
//
// The templates only walk over members: everything else takes a RowMapping and is compiled into the
// library.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "limbeck/database.h"
#include "limbeck/model.h"

namespace limbeck {
struct Where;
}

namespace limbeck::detail {

using model::Wire;

// A row of the database that a struct is read from, member by member. An error in between is about
// the column that it has come to.
class RowReader {
 public:
  RowReader(const Row& row, Wire wire) : row_(row), wire_(wire) {}

  template <class T>
  void read(T& object) {
    busy_ = true;
    mapping<T>.each(object, [this](std::size_t column, auto& member) {
      column_ = column;
      read_member(member);
    });
    busy_ = false;
  }

  // Whether it was left in the middle of a row, at column().
  bool busy() const { return busy_; }
  std::size_t column() const { return column_; }

 private:
  template <class V>
  void read_member(V& member) {
    using Type = model::SqlType<model::Plain<V>>;
    const Value& value = row_[column_];
    if (!is_null(value)) {
      member = Type::decode(value, wire_);
    } else if constexpr (model::is_optional<V>) {
      member.reset();
    } else {
      refuse_null();
    }
  }
  [[noreturn]] static void refuse_null();

  const Row& row_;
  Wire wire_;
  std::size_t column_ = 0;
  bool busy_ = false;
};

// The values of a struct's members, in the order of its columns.
class RowWriter {
 public:
  // fresh: a row that is inserted. Members of columns that the database fills in become NULL then,
  // where they have their initial value.
  RowWriter(std::span<const model::ColumnSpec> columns, Wire wire, bool fresh)
      : columns_(columns), wire_(wire), fresh_(fresh) {}

  template <class T>
  void write(const T& object) {
    busy_ = true;
    values_.clear();
    values_.reserve(columns_.size());
    mapping<T>.each(object, [this](std::size_t column, const auto& member) {
      column_ = column;
      write_member(member);
    });
    busy_ = false;
  }

  bool busy() const { return busy_; }
  std::size_t column() const { return column_; }
  Row take() { return std::move(values_); }

 private:
  bool is_filled() const {
    const model::ColumnSpec& column = columns_[column_];
    return fresh_ && (column.identity != model::Identity::none ||
                      column.filled != model::Filled::by_default_sql);
  }
  template <class V>
  static bool is_initial(const V& member) {
    if constexpr (std::equality_comparable<V>) return member == V();
    return false;
  }
  template <class V>
  void write_member(const V& member) {
    using Type = model::SqlType<model::Plain<V>>;
    if (is_computed() || (is_filled() && is_initial(member))) {
      values_.emplace_back();
    } else if constexpr (model::is_optional<V>) {
      values_.push_back(member ? Type::encode(*member, wire_) : Value());
    } else {
      values_.push_back(Type::encode(member, wire_));
    }
  }
  bool is_computed() const;

  std::span<const model::ColumnSpec> columns_;
  Wire wire_;
  bool fresh_;
  std::size_t column_ = 0;
  bool busy_ = false;
  Row values_;
};

// A struct, as the library needs it.
struct RowMapping {
  model::TableSpec table;
  void (*read)(void* object, RowReader& reader);
  void (*write)(const void* object, RowWriter& writer);
};

template <class T>
inline constexpr RowMapping row_mapping{
    mapping<T>.view(),
    [](void* object, RowReader& reader) { reader.read(*static_cast<T*>(object)); },
    [](const void* object, RowWriter& writer) { writer.write(*static_cast<const T*>(object)); }};

// ---- keys ----

// Positions of columns in their table.
struct Columns {
  std::array<std::size_t, model::max_key_columns> positions = {};
  std::size_t count = 0;

  constexpr void add(std::size_t position) { positions[count++] = position; }
};

constexpr Columns primary_key_in(const model::TableSpec& table) {
  Columns key;
  for (const model::ConstraintSpec& constraint : table.constraints) {
    if (constraint.kind != model::ConstraintKind::primary_key) continue;
    for (std::size_t i = 0; i < constraint.count; ++i) key.add(constraint.columns[i]);
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].primary) key.add(i);
  }
  return key;
}

template <class T>
consteval Columns primary_key_of() {
  constexpr Columns key = primary_key_in(mapping<T>.view());
  static_assert(key.count > 0, "limbeck: the table of this struct has no primary key");
  return key;
}

template <class T, auto... Members>
consteval Columns columns_of() {
  Columns columns;
  (columns.add(mapping<T>.template position<Members>(mapping<T>.columns)), ...);
  return columns;
}

// Throws Error (ExitCode::usage) when the mapping has none of this name.
Columns columns_of_unique(const RowMapping& mapping, std::string_view name);

// ---- values that are no part of a row: keys and parameters ----

Value integer_value(bool fits, std::int64_t number);

template <class P>
Value parameter_value(const P& parameter, Wire wire) {
  if constexpr (std::is_same_v<P, Value>) {
    return parameter;
  } else if constexpr (std::is_same_v<P, std::nullopt_t> || std::is_same_v<P, std::nullptr_t>) {
    return {};
  } else if constexpr (model::is_optional<P>) {
    return parameter ? parameter_value(*parameter, wire) : Value();
  } else if constexpr (model::Storable<P>) {
    return model::SqlType<P>::encode(parameter, wire);
  } else if constexpr (std::is_integral_v<P>) {
    return integer_value(std::in_range<std::int64_t>(parameter),
                         static_cast<std::int64_t>(parameter));
  } else {
    static_assert(std::is_convertible_v<const P&, std::string_view>,
                  "limbeck: a parameter has a type that no column can have");
    return model::SqlType<std::string>::encode(std::string(std::string_view(parameter)), wire);
  }
}

template <class... P>
std::vector<Value> parameter_values(const Database& database, const P&... parameters) {
  return {parameter_value(parameters, database.wire())...};
}

template <class T, auto... Members>
std::tuple<model::Plain<model::MemberType<Members>>...> types_of(
    const model::Table<T, Members...>&);
template <class T, std::size_t Column>
using ColumnType = std::tuple_element_t<Column, decltype(types_of(mapping<T>))>;

// A key's value as the type of its column.
template <class V, class K>
Value key_value(const K& key, Wire wire) {
  constexpr bool are_integers = std::is_integral_v<V> && std::is_integral_v<K>;
  constexpr bool are_texts =
      std::is_same_v<V, std::string> && std::is_convertible_v<const K&, std::string_view>;
  if constexpr (are_integers || are_texts) {
    return parameter_value(key, wire);
  } else {
    static_assert(std::is_convertible_v<const K&, V>,
                  "limbeck: a value of the key has another type than its column");
    return model::SqlType<V>::encode(static_cast<V>(key), wire);
  }
}

template <class T, std::size_t... I, class... Key>
std::vector<Value> key_values(Wire wire, std::index_sequence<I...>, const Key&... key) {
  constexpr Columns columns = primary_key_of<T>();
  return {key_value<ColumnType<T, columns.positions[I]>>(key, wire)...};
}
template <class T, class... Key>
std::vector<Value> key_values(const Database& database, const Key&... key) {
  static_assert(primary_key_of<T>().count == sizeof...(Key),
                "limbeck: there is one value for each column of the primary key");
  return key_values<T>(database.wire(), std::index_sequence_for<Key...>(), key...);
}

// ---- in the library ----

// Without <functional>: a function and what it works on.
struct RowTaker {
  void* context;
  bool (*take)(void* context, RowReader& reader);  // whether to go on
};
struct RowSource {
  void* context;
  bool (*give)(void* context, RowWriter& writer);  // whether there was one more
};

void insert_row(Database& database, const RowMapping& mapping, const void* row, void* stored);
void upsert_row(Database& database, const RowMapping& mapping, const Columns& unique,
                const void* row, void* stored);
bool find_row(Database& database, const RowMapping& mapping, std::vector<Value> key, void* found);
void select_rows(Database& database, const RowMapping& mapping, const Where& where,
                 std::vector<Value> parameters, const RowTaker& taker);
void stream_rows(Database& database, const RowMapping& mapping, const Where& where,
                 std::vector<Value> parameters, const RowTaker& taker);
bool update_row(Database& database, const RowMapping& mapping, const void* row,
                std::string_view condition, std::vector<Value> parameters);
bool erase_row(Database& database, const RowMapping& mapping, std::vector<Value> key);
std::int64_t erase_rows(Database& database, const RowMapping& mapping, std::string_view condition,
                        std::vector<Value> parameters);
std::int64_t insert_rows(Database& database, const RowMapping& mapping, const RowSource& source);

}  // namespace limbeck::detail
