// A declaration with one of everything: every type, every option. With CHANGED defined, as it is
// after some work on it.
#pragma once

#include "limbeck/model.h"

namespace shop {

namespace m = limbeck::model;

enum class Role { admin, member };
enum class State { open, paid, sent };

struct Team {
  std::int64_t id;
  std::string title;
  std::optional<std::int64_t> leader;
};

struct User {
  std::int64_t id;
  limbeck::Uuid key;
  std::string email;
#ifdef CHANGED
  std::optional<std::string> display_name;
#else
  std::optional<std::string> nickname;
#endif
  Role role;
  std::optional<std::int64_t> team;
  limbeck::TimestampTz created_at;
  limbeck::TimestampTz updated_at;
#ifdef CHANGED
  std::optional<std::string> phone;
  std::int32_t logins;
#endif
};

struct Order {
  limbeck::Uuid id;
  std::int64_t buyer;
  State state;
  limbeck::Decimal total;
  limbeck::Date placed_on;
};

struct Line {
  limbeck::Uuid order;
  std::int32_t number;
  std::string article;
  std::int32_t amount;
  limbeck::Decimal price;
  std::optional<limbeck::Decimal> sum;
};

struct Parcel {
  std::int32_t id;
  limbeck::Uuid order;
  std::int32_t line;
  std::optional<std::int32_t> inside;
};

// Every type.
struct Sample {
  bool truth;
  std::int16_t small;
  std::int32_t number;
  std::int64_t big;
  float single_number;
  double double_number;
  std::string words;
  std::string short_words;
  std::string code;
  limbeck::Bytes data;
  limbeck::Uuid uuid;
  limbeck::Date day;
  limbeck::TimeOfDay hour;
  limbeck::Timestamp local;
  limbeck::TimestampTz moment;
  std::optional<limbeck::Interval> span;
  limbeck::Decimal exact;
  limbeck::Decimal any_exact;
  limbeck::Json document;
  limbeck::Json text_document;
  std::vector<std::string> tags;
  std::vector<std::int32_t> numbers;
  std::optional<State> state;
  std::vector<State> states;
};

}  // namespace shop

template <>
struct limbeck::model::EnumLabels<shop::Role> {
  static constexpr std::string_view name = "role";
  static constexpr std::array<std::string_view, 2> labels{"admin", "member"};
};
template <>
struct limbeck::model::EnumLabels<shop::State> {
  static constexpr std::string_view name = "state";
  static constexpr std::string_view schema = "sales";
#ifdef CHANGED
  static constexpr std::array<std::string_view, 4> labels{"open", "paid", "it's sent", "lost"};
#else
  static constexpr std::array<std::string_view, 3> labels{"open", "paid", "it's sent"};
#endif
};

// A team has a leader, who is in a team: a ring.
template <>
inline constexpr auto limbeck::mapping<shop::Team> = limbeck::model::table<shop::Team>(
    "teams", limbeck::model::column<&shop::Team::id>(limbeck::model::primary_key),
    limbeck::model::column<&shop::Team::title>(
        limbeck::model::varchar(80), limbeck::model::unique.named("uq_teams_title"),
        limbeck::model::collation(limbeck::model::by_dialect("C", "NOCASE"))),
    limbeck::model::column<&shop::Team::leader>(
        limbeck::model::named("leader_id"),
        limbeck::model::references<&shop::User::id>.on_delete(limbeck::model::set_null)
            .deferrable(true)
            .named("fk_teams_leader")));

template <>
inline constexpr auto limbeck::mapping<shop::User> =
    limbeck::model::table<shop::User>(
        "users",
        limbeck::model::column<&shop::User::id>(limbeck::model::primary_key,
                                                limbeck::model::identity),
        limbeck::model::column<&shop::User::key>(limbeck::model::generated_uuid,
                                                 limbeck::model::unique),
        limbeck::model::column<&shop::User::email>(
            limbeck::model::varchar(255),
            limbeck::model::check(limbeck::model::by_dialect("email ~* '^[^@ ]+@[^@ ]+$'",
                                                             "email LIKE '%_@_%'"))
                .named("ck_users_email"),
            limbeck::model::comment("where we write to; it's checked")),
#ifdef CHANGED
        limbeck::model::column<&shop::User::display_name>(limbeck::model::renamed_from("nickname")),
#else
        limbeck::model::column<&shop::User::nickname>(),
#endif
        limbeck::model::column<&shop::User::role>(limbeck::model::default_sql("'member'")),
        limbeck::model::column<&shop::User::team>(
            limbeck::model::named("team_id"),
            limbeck::model::references<&shop::Team::id>.on_delete(limbeck::model::cascade).on_update(limbeck::model::restricted)),
        limbeck::model::column<&shop::User::created_at>(limbeck::model::default_now),
        limbeck::model::column<&shop::User::updated_at>(limbeck::model::updated_at)
#ifdef CHANGED
            ,
        limbeck::model::column<&shop::User::phone>(limbeck::model::varchar(20)),
        limbeck::model::column<&shop::User::logins>(limbeck::model::default_sql("0"))
#endif
            )
        .with(limbeck::model::index<&shop::User::team, &shop::User::role>("ix_users_team_role"),
              limbeck::model::index("ux_users_email").expression("lower(email)").unique(),
              limbeck::model::index("ix_users_latest")
                  .column<&shop::User::created_at>(limbeck::model::descending,
                                                   limbeck::model::nulls_last)
                  .column<&shop::User::id>()
                  .where("team_id IS NOT NULL"),
              limbeck::model::comment("people and robots"));

template <>
inline constexpr auto limbeck::mapping<shop::Order> =
    limbeck::model::table<shop::Order>(
        "orders",
        limbeck::model::column<&shop::Order::id>(limbeck::model::primary_key,
                                                 limbeck::model::generated_uuid),
        limbeck::model::column<&shop::Order::buyer>(
            limbeck::model::named("buyer_id"),
            limbeck::model::references<&shop::User::id>.of_another_set()),
        limbeck::model::column<&shop::Order::state>(limbeck::model::default_sql("'open'")),
        limbeck::model::column<&shop::Order::total>(limbeck::model::numeric(12, 2),
                                                    limbeck::model::default_sql("0")),
        limbeck::model::column<&shop::Order::placed_on>(limbeck::model::default_now))
        .with(limbeck::model::in_schema("sales"));

template <>
inline constexpr auto limbeck::mapping<shop::Line> =
    limbeck::model::table<shop::Line>(
        "lines", limbeck::model::column<&shop::Line::order>(limbeck::model::named("order_id")),
        limbeck::model::column<&shop::Line::number>(),
        limbeck::model::column<&shop::Line::article>(),
        limbeck::model::column<&shop::Line::amount>(
            limbeck::model::check("amount BETWEEN 1 AND 999")),
        limbeck::model::column<&shop::Line::price>(limbeck::model::numeric(12, 2)),
        limbeck::model::column<&shop::Line::sum>(limbeck::model::numeric(14, 2),
                                                 limbeck::model::computed("amount * price")))
        .with(limbeck::model::in_schema("sales"),
              limbeck::model::primary_key_on<&shop::Line::order, &shop::Line::number>.named(
                  "pk_lines"),
              limbeck::model::foreign_key<&shop::Line::order>(
                  limbeck::model::references<&shop::Order::id>.on_delete(limbeck::model::cascade)),
              limbeck::model::unique_on<&shop::Line::order, &shop::Line::article>.named(
                  "uq_lines_article"),
              limbeck::model::check("number > 0").named("ck_lines_number"));

// Refers to a key of two columns, and to its own table.
template <>
inline constexpr auto limbeck::mapping<shop::Parcel> =
    limbeck::model::table<shop::Parcel>(
        "parcels",
        limbeck::model::column<&shop::Parcel::id>(limbeck::model::primary_key,
                                                  limbeck::model::identity_always),
        limbeck::model::column<&shop::Parcel::order>(limbeck::model::named("order_id")),
        limbeck::model::column<&shop::Parcel::line>(limbeck::model::named("line_number")),
        limbeck::model::column<&shop::Parcel::inside>(
            limbeck::model::references<&shop::Parcel::id>))
        .with(limbeck::model::in_schema("sales"),
              limbeck::model::foreign_key<&shop::Parcel::order, &shop::Parcel::line>(
                  limbeck::model::references<&shop::Line::order, &shop::Line::number>.on_delete(
                      limbeck::model::cascade)),
              limbeck::model::raw(limbeck::model::on_postgresql("WITH (fillfactor = 70)")));

template <>
inline constexpr auto limbeck::mapping<shop::Sample> =
    limbeck::model::table<shop::Sample>(
        "samples", limbeck::model::column<&shop::Sample::truth>(),
        limbeck::model::column<&shop::Sample::small>(limbeck::model::primary_key),
        limbeck::model::column<&shop::Sample::number>(),
        limbeck::model::column<&shop::Sample::big>(),
        limbeck::model::column<&shop::Sample::single_number>(),
        limbeck::model::column<&shop::Sample::double_number>(limbeck::model::default_sql("-1.5")),
        limbeck::model::column<&shop::Sample::words>(limbeck::model::default_sql("'it''s'")),
        limbeck::model::column<&shop::Sample::short_words>(limbeck::model::varchar(40)),
        limbeck::model::column<&shop::Sample::code>(limbeck::model::character(2)),
        limbeck::model::column<&shop::Sample::data>(),
        limbeck::model::column<&shop::Sample::uuid>(), limbeck::model::column<&shop::Sample::day>(),
        limbeck::model::column<&shop::Sample::hour>(),
        limbeck::model::column<&shop::Sample::local>(limbeck::model::updated_at),
        limbeck::model::column<&shop::Sample::moment>(),
        limbeck::model::column<&shop::Sample::span>(),
        limbeck::model::column<&shop::Sample::exact>(limbeck::model::numeric(20, 4)),
        limbeck::model::column<&shop::Sample::any_exact>(),
        limbeck::model::column<&shop::Sample::document>(),
        limbeck::model::column<&shop::Sample::text_document>(limbeck::model::json),
        limbeck::model::column<&shop::Sample::tags>(),
        limbeck::model::column<&shop::Sample::numbers>(),
        limbeck::model::column<&shop::Sample::state>(),
        limbeck::model::column<&shop::Sample::states>())
        .with(limbeck::model::index<&shop::Sample::tags>("ix_samples_tags").method("gin"));
