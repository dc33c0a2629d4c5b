// Which SQL type a C++ type is, and how a value of it becomes one of the database and back.
//
// SqlType<T> has a specialisation for each type that a column can have. A type of one's own gets
// one with the same three members:
//
//   template <> struct limbeck::model::SqlType<Money> {
//     static constexpr auto natural = SqlType<std::int64_t>::natural;
//     static Value encode(const Money& money, Wire wire);
//     static Money decode(const Value& value, Wire wire);  // throws limbeck::Error
//   };
//
// encode and decode keep every value exactly or throw limbeck::Error (ExitCode::usage). NULL is
// std::optional's affair: decode never gets one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "limbeck/types.h"
#include "limbeck/value.h"

namespace limbeck::model {

// Whose values: they are not the same for the same type. docs/rows.md has the table.
enum class Wire : std::uint8_t { postgresql, sqlite };

enum class Kind : std::uint8_t {
  boolean,
  smallint,
  integer,
  bigint,
  real,
  double_precision,
  text,
  varchar,
  character,
  bytes,
  uuid,
  date,
  time,
  timestamp,
  timestamptz,
  interval,
  numeric,
  json,
  jsonb,
  enumeration,
  custom,  // PostgreSQL's name of it is in SqlTypeSpec::name
};

struct SqlTypeSpec {
  Kind kind = Kind::text;
  int length = 0;      // of varchar and character; the precision of numeric; 0: none is given
  int scale = 0;       // of numeric
  bool array = false;  // of values of this type
  std::string_view name = {};    // of an enumeration, of a custom type
  std::string_view schema = {};  // of an enumeration; "": where the search path leads
  std::span<const std::string_view> labels = {};  // of an enumeration, in order
};

// Names an enum and its values, for each enum that is a column:
//
//   template <> struct limbeck::model::EnumLabels<Role> {
//     static constexpr std::string_view name = "role";
//     static constexpr std::array<std::string_view, 2> labels{"admin", "member"};
//   };
//
// The label of an enumerator stands at its number. `schema` may be there too.
template <class E>
struct EnumLabels;

template <class T>
struct SqlType;

// A type that can be a column, std::optional of it aside.
template <class T>
concept Storable = requires {
  SqlType<T>::natural;
};

namespace detail {

// What the templates below have in common; in the library.
Value encode_label(std::int64_t number, std::span<const std::string_view> labels,
                   std::string_view type);
std::size_t decode_label(const Value& value, std::span<const std::string_view> labels,
                         std::string_view type);
Value encode_array(std::vector<Value> elements, Kind kind, Wire wire);
std::vector<Value> decode_array(const Value& value, Wire wire);
[[noreturn]] void refuse_null_element();

template <class E>
consteval std::string_view enum_schema() {
  if constexpr (requires { EnumLabels<E>::schema; }) return EnumLabels<E>::schema;
  return {};
}

template <class T>
struct Element {
  using Type = T;
  static constexpr bool nullable = false;
};
template <class T>
struct Element<std::optional<T>> {
  using Type = T;
  static constexpr bool nullable = true;
};

constexpr SqlTypeSpec array_of(SqlTypeSpec element) {
  element.array = true;
  return element;
}

}  // namespace detail

// The conversions of these are in the library.
template <>
struct SqlType<bool> {
  static constexpr SqlTypeSpec natural{Kind::boolean};
  static Value encode(const bool& value, Wire wire);
  static bool decode(const Value& value, Wire wire);
};
template <>
struct SqlType<std::int16_t> {
  static constexpr SqlTypeSpec natural{Kind::smallint};
  static Value encode(const std::int16_t& value, Wire wire);
  static std::int16_t decode(const Value& value, Wire wire);
};
template <>
struct SqlType<std::int32_t> {
  static constexpr SqlTypeSpec natural{Kind::integer};
  static Value encode(const std::int32_t& value, Wire wire);
  static std::int32_t decode(const Value& value, Wire wire);
};
template <>
struct SqlType<std::int64_t> {
  static constexpr SqlTypeSpec natural{Kind::bigint};
  static Value encode(const std::int64_t& value, Wire wire);
  static std::int64_t decode(const Value& value, Wire wire);
};
template <>
struct SqlType<float> {
  static constexpr SqlTypeSpec natural{Kind::real};
  static Value encode(const float& value, Wire wire);
  static float decode(const Value& value, Wire wire);
};
template <>
struct SqlType<double> {
  static constexpr SqlTypeSpec natural{Kind::double_precision};
  static Value encode(const double& value, Wire wire);
  static double decode(const Value& value, Wire wire);
};
template <>
struct SqlType<std::string> {
  static constexpr SqlTypeSpec natural{Kind::text};
  static Value encode(const std::string& value, Wire wire);
  static std::string decode(const Value& value, Wire wire);
};
template <>
struct SqlType<Bytes> {
  static constexpr SqlTypeSpec natural{Kind::bytes};
  static Value encode(const Bytes& value, Wire wire);
  static Bytes decode(const Value& value, Wire wire);
};
template <>
struct SqlType<Uuid> {
  static constexpr SqlTypeSpec natural{Kind::uuid};
  static Value encode(const Uuid& value, Wire wire);
  static Uuid decode(const Value& value, Wire wire);
};
template <>
struct SqlType<Date> {
  static constexpr SqlTypeSpec natural{Kind::date};
  static Value encode(const Date& value, Wire wire);
  static Date decode(const Value& value, Wire wire);
};
template <>
struct SqlType<TimeOfDay> {
  static constexpr SqlTypeSpec natural{Kind::time};
  static Value encode(const TimeOfDay& value, Wire wire);
  static TimeOfDay decode(const Value& value, Wire wire);
};
template <>
struct SqlType<Timestamp> {
  static constexpr SqlTypeSpec natural{Kind::timestamp};
  static Value encode(const Timestamp& value, Wire wire);
  static Timestamp decode(const Value& value, Wire wire);
};
template <>
struct SqlType<TimestampTz> {
  static constexpr SqlTypeSpec natural{Kind::timestamptz};
  static Value encode(const TimestampTz& value, Wire wire);
  static TimestampTz decode(const Value& value, Wire wire);
};
template <>
struct SqlType<Interval> {
  static constexpr SqlTypeSpec natural{Kind::interval};
  static Value encode(const Interval& value, Wire wire);
  static Interval decode(const Value& value, Wire wire);
};
template <>
struct SqlType<Decimal> {
  static constexpr SqlTypeSpec natural{Kind::numeric};
  static Value encode(const Decimal& value, Wire wire);
  static Decimal decode(const Value& value, Wire wire);
};
template <>
struct SqlType<Json> {
  static constexpr SqlTypeSpec natural{Kind::jsonb};
  static Value encode(const Json& value, Wire wire);
  static Json decode(const Value& value, Wire wire);
};

template <class E>
requires requires {
  EnumLabels<E>::labels;
}
struct SqlType<E> {
  static constexpr SqlTypeSpec natural{.kind = Kind::enumeration,
                                       .name = EnumLabels<E>::name,
                                       .schema = detail::enum_schema<E>(),
                                       .labels = EnumLabels<E>::labels};

  static Value encode(const E& value, Wire /*wire*/) {
    return detail::encode_label(static_cast<std::int64_t>(value), natural.labels, natural.name);
  }
  static E decode(const Value& value, Wire /*wire*/) {
    return static_cast<E>(detail::decode_label(value, natural.labels, natural.name));
  }
};

// An array of one dimension; of std::optional where elements may be NULL.
template <class T>
requires Storable<typename detail::Element<T>::Type>
struct SqlType<std::vector<T>> {
  using Element = detail::Element<T>;
  using ElementType = SqlType<typename Element::Type>;
  static_assert(!ElementType::natural.array, "model: an array of arrays cannot be a column");
  static constexpr SqlTypeSpec natural = detail::array_of(ElementType::natural);

  static Value encode(const std::vector<T>& values, Wire wire) {
    std::vector<Value> elements;
    elements.reserve(values.size());
    for (const T& value : values) {
      if constexpr (Element::nullable) {
        elements.push_back(value ? ElementType::encode(*value, wire) : Value());
      } else {
        elements.push_back(ElementType::encode(value, wire));
      }
    }
    return detail::encode_array(std::move(elements), natural.kind, wire);
  }
  static std::vector<T> decode(const Value& value, Wire wire) {
    std::vector<T> values;
    for (const Value& element : detail::decode_array(value, wire)) {
      if (!is_null(element)) {
        values.push_back(ElementType::decode(element, wire));
      } else if constexpr (Element::nullable) {
        values.emplace_back();
      } else {
        detail::refuse_null_element();
      }
    }
    return values;
  }
};

}  // namespace limbeck::model
