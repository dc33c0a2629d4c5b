// Rows as structs: what a mapping (limbeck/model.h) declares, written and read.
//
// Every function works on its own or inside a limbeck::Transaction, and takes the thread that the
// Database is in. Conditions are SQL with parameters $1, $2, ...; values never become part of a
// text. There is no query builder: what these cannot say, Database::query can.
//
// On insert the database fills in what the row leaves to it: computed columns always; identity,
// generated_uuid and default_now columns whose member has its initial value (0, the nil UUID, the
// epoch); columns with a default whose member is std::nullopt. docs/rows.md says more.
//
// Errors. A value that the struct cannot hold (NULL, an unknown label, a number out of range) and
// one that the database cannot are a limbeck::Error that names table, column, struct and member.
// What the database refuses is a DatabaseError, with the constraint where one is broken.
#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "limbeck/database.h"
#include "limbeck/model.h"
#include "limbeck/row_mapping.h"

namespace limbeck {

// Which rows, in which order. Nothing given: all of them, in no order.
struct Where {
  std::string condition = {};  // "age > $1 AND team = $2"
  std::string order_by = {};   // "age DESC, name"
  std::optional<std::int64_t> limit = {};
  std::optional<std::int64_t> offset = {};
};

// Inserts the row and gives it back as it is stored, with all that the database has filled in.
template <Mapped T>
T insert(Database& database, const T& row) {
  T stored{};
  detail::insert_row(database, detail::row_mapping<T>, &row, &stored);
  return stored;
}

// Inserts the row, or updates the one that has its primary key already; gives it back as it is
// stored. What the row leaves to the database stays as it is in an updated one.
template <Mapped T>
T upsert(Database& database, const T& row) {
  T stored{};
  detail::upsert_row(database, detail::row_mapping<T>, detail::primary_key_of<T>(), &row, &stored);
  return stored;
}
// The same by other columns that are unique together: upsert_on<&User::email>(database, user). The
// primary key of the row that is there stays.
template <auto Member, auto... Members>
auto upsert_on(Database& database, const model::Owner<Member>& row) {
  using T = model::Owner<Member>;
  T stored{};
  detail::upsert_row(database, detail::row_mapping<T>, detail::columns_of<T, Member, Members...>(),
                     &row, &stored);
  return stored;
}
// The same by a unique constraint or unique index of this name in the mapping.
template <Mapped T>
T upsert(Database& database, const T& row, std::string_view unique) {
  T stored{};
  detail::upsert_row(database, detail::row_mapping<T>,
                     detail::columns_of_unique(detail::row_mapping<T>, unique), &row, &stored);
  return stored;
}

// The row with this primary key: one value for each column of the key, in its order.
template <Mapped T, class... Key>
std::optional<T> find(Database& database, const Key&... key) {
  std::optional<T> found;
  T row{};
  if (detail::find_row(database, detail::row_mapping<T>, detail::key_values<T>(database, key...),
                       &row)) {
    found = std::move(row);
  }
  return found;
}

// find_where<User>(database, {.condition = "age > $1", .order_by = "name", .limit = 10}, 30)
template <Mapped T, class... Parameters>
std::vector<T> find_where(Database& database, const Where& where, const Parameters&... parameters) {
  std::vector<T> found;
  const auto take = [](void* context, detail::RowReader& reader) {
    reader.read(static_cast<std::vector<T>*>(context)->emplace_back());
    return true;
  };
  detail::select_rows(database, detail::row_mapping<T>, where,
                      detail::parameter_values(database, parameters...), {&found, take});
  return found;
}
template <Mapped T, class... Parameters>
std::vector<T> find_where(Database& database, std::string_view condition,
                          const Parameters&... parameters) {
  return find_where<T>(database, Where{.condition = std::string(condition)}, parameters...);
}
template <Mapped T>
std::vector<T> find_all(Database& database) {
  return find_where<T>(database, Where());
}

// Gives each row to take, one after the other, in constant memory however many there are. take
// returns nothing, or whether to go on; it may use the database. PostgreSQL sends the rows in parts
// by a cursor, in a transaction of its own where none is open.
template <Mapped T, class Take, class... Parameters>
void for_each(Database& database, const Where& where, Take take, const Parameters&... parameters) {
  const auto take_row = [](void* context, detail::RowReader& reader) {
    T row{};
    reader.read(row);
    if constexpr (std::is_void_v<std::invoke_result_t<Take&, T&>>) {
      (*static_cast<Take*>(context))(row);
      return true;
    } else {
      return static_cast<bool>((*static_cast<Take*>(context))(row));
    }
  };
  detail::stream_rows(database, detail::row_mapping<T>, where,
                      detail::parameter_values(database, parameters...), {&take, take_row});
}

// Writes every column of the row that has its primary key, but for the key itself and what the
// database keeps (computed, identity and updated_at columns). Whether there is such a row.
template <Mapped T>
bool update(Database& database, const T& row) {
  return detail::update_row(database, detail::row_mapping<T>, &row, {}, {});
}
// The same where the condition holds too: update_if(database, page, "version = $1", version_read).
template <Mapped T, class... Parameters>
bool update_if(Database& database, const T& row, std::string_view condition,
               const Parameters&... parameters) {
  return detail::update_row(database, detail::row_mapping<T>, &row, condition,
                            detail::parameter_values(database, parameters...));
}

// Deletes the row with this primary key. Whether there was one.
template <Mapped T, class... Key>
bool erase(Database& database, const Key&... key) {
  return detail::erase_row(database, detail::row_mapping<T>,
                           detail::key_values<T>(database, key...));
}
// Deletes the rows for which the condition holds; an empty one is refused. How many there were.
template <Mapped T, class... Parameters>
std::int64_t erase_where(Database& database, std::string_view condition,
                         const Parameters&... parameters) {
  return detail::erase_rows(database, detail::row_mapping<T>, condition,
                            detail::parameter_values(database, parameters...));
}

// Inserts all rows of a range, or none: by COPY on PostgreSQL, by one prepared statement on SQLite,
// in one transaction. How many they were. Nothing is given back of what the database fills in.
template <class Range>
std::int64_t insert_all(Database& database, const Range& rows) {
  using Iterator = decltype(std::begin(rows));
  using T = std::remove_cvref_t<decltype(*std::begin(rows))>;
  static_assert(Mapped<T>, "limbeck: insert_all takes a range of a struct that has a mapping");
  struct Source {
    Iterator next;
    Iterator end;
  } source{std::begin(rows), std::end(rows)};
  const auto give = [](void* context, detail::RowWriter& writer) {
    auto& from = *static_cast<Source*>(context);
    if (from.next == from.end) return false;
    const T& row = *from.next;
    writer.write(row);
    ++from.next;
    return true;
  };
  return detail::insert_rows(database, detail::row_mapping<T>, {&source, give});
}

}  // namespace limbeck
