// The boardrooms: users own rooms, a room has sessions, a session has threads. What belongs to
// somebody or something goes with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "limbeck/model.h"

namespace boardroom {

struct User {
  limbeck::Uuid id = {};
  std::string email = {};
  std::string hashed_password = {};
  std::optional<std::string> full_name = {};
  bool is_active = true;
  bool is_verified = false;
  limbeck::TimestampTz created_at = {};
  limbeck::TimestampTz updated_at = {};
};

struct Boardroom {
  limbeck::Uuid id = {};
  limbeck::Uuid owner_id = {};
  std::string name = {};
  std::optional<std::string> description = {};
  bool is_active = true;
  std::int32_t max_participants = 10;
  limbeck::TimestampTz created_at = {};
  limbeck::TimestampTz updated_at = {};
};

struct Session {
  limbeck::Uuid id = {};
  limbeck::Uuid boardroom_id = {};
  limbeck::Uuid user_id = {};
  std::string title = {};
  std::optional<std::string> description = {};
  std::string status = "active";
  limbeck::TimestampTz started_at = {};
  std::optional<limbeck::TimestampTz> ended_at = {};
  limbeck::TimestampTz created_at = {};
  limbeck::TimestampTz updated_at = {};
};

struct Thread {
  limbeck::Uuid id = {};
  limbeck::Uuid session_id = {};
  limbeck::Uuid user_id = {};
  std::string title = {};
  std::string type = "discussion";
  std::string status = "active";
  std::int16_t priority = 3;
  limbeck::TimestampTz created_at = {};
  limbeck::TimestampTz updated_at = {};
};

}  // namespace boardroom

template <>
inline constexpr auto limbeck::mapping<boardroom::User> = model::table<boardroom::User>(
    "users", model::column<&boardroom::User::id>(model::primary_key, model::generated_uuid),
    model::column<&boardroom::User::email>(
        model::varchar(255), model::unique,
        // SQLite has no regular expressions of its own.
        model::check(
            model::by_dialect(
                R"(email ~* '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$')",
                "email LIKE '_%@_%.__%' AND email NOT LIKE '%@%@%' AND email NOT GLOB '* *'"))
            .named("valid_email")),
    model::column<&boardroom::User::hashed_password>(model::varchar(255)),
    model::column<&boardroom::User::full_name>(
        model::varchar(100),
        model::check("length(full_name) BETWEEN 1 AND 100").named("valid_full_name")),
    model::column<&boardroom::User::is_active>(model::default_sql("true")),
    model::column<&boardroom::User::is_verified>(model::default_sql("false")),
    model::column<&boardroom::User::created_at>(model::default_now),
    model::column<&boardroom::User::updated_at>(model::updated_at));

template <>
inline constexpr auto limbeck::mapping<boardroom::Boardroom> =
    model::table<boardroom::Boardroom>(
        "boardrooms",
        model::column<&boardroom::Boardroom::id>(model::primary_key, model::generated_uuid),
        model::column<&boardroom::Boardroom::owner_id>(
            model::references<&boardroom::User::id>.on_delete(model::cascade)),
        model::column<&boardroom::Boardroom::name>(
            model::varchar(200), model::check("length(trim(name)) >= 1").named("valid_name")),
        model::column<&boardroom::Boardroom::description>(),
        model::column<&boardroom::Boardroom::is_active>(model::default_sql("true")),
        model::column<&boardroom::Boardroom::max_participants>(
            model::default_sql("10"),
            model::check("max_participants BETWEEN 1 AND 100").named("valid_max_participants")),
        model::column<&boardroom::Boardroom::created_at>(model::default_now),
        model::column<&boardroom::Boardroom::updated_at>(model::updated_at))
        .with(model::index<&boardroom::Boardroom::owner_id>("idx_boardrooms_owner_id"));

template <>
inline constexpr auto limbeck::mapping<boardroom::Session> =
    model::table<boardroom::Session>(
        "sessions",
        model::column<&boardroom::Session::id>(model::primary_key, model::generated_uuid),
        model::column<&boardroom::Session::boardroom_id>(
            model::references<&boardroom::Boardroom::id>.on_delete(model::cascade)),
        model::column<&boardroom::Session::user_id>(
            model::references<&boardroom::User::id>.on_delete(model::cascade)),
        model::column<&boardroom::Session::title>(model::varchar(255)),
        model::column<&boardroom::Session::description>(),
        model::column<&boardroom::Session::status>(
            model::varchar(20), model::default_sql("'active'"),
            model::check("status IN ('active', 'completed', 'paused', 'cancelled')")
                .named("valid_session_status")),
        model::column<&boardroom::Session::started_at>(model::default_now),
        model::column<&boardroom::Session::ended_at>(),
        model::column<&boardroom::Session::created_at>(model::default_now),
        model::column<&boardroom::Session::updated_at>(model::updated_at))
        .with(model::check("ended_at IS NULL OR ended_at >= started_at").named("valid_dates"),
              model::index<&boardroom::Session::boardroom_id>("idx_sessions_boardroom_id"),
              model::index<&boardroom::Session::user_id>("idx_sessions_user_id"),
              model::index<&boardroom::Session::status>("idx_sessions_status"));

template <>
inline constexpr auto limbeck::mapping<boardroom::Thread> =
    model::table<boardroom::Thread>(
        "threads", model::column<&boardroom::Thread::id>(model::primary_key, model::generated_uuid),
        model::column<&boardroom::Thread::session_id>(
            model::references<&boardroom::Session::id>.on_delete(model::cascade)),
        model::column<&boardroom::Thread::user_id>(
            model::references<&boardroom::User::id>.on_delete(model::cascade)),
        model::column<&boardroom::Thread::title>(model::varchar(255)),
        model::column<&boardroom::Thread::type>(
            model::varchar(20), model::default_sql("'discussion'"),
            model::check("type IN ('discussion', 'decision', 'action_item', 'note')")
                .named("valid_thread_type")),
        model::column<&boardroom::Thread::status>(
            model::varchar(20), model::default_sql("'active'"),
            model::check("status IN ('active', 'closed', 'archived')")
                .named("valid_thread_status")),
        model::column<&boardroom::Thread::priority>(
            model::default_sql("3"),
            model::check("priority BETWEEN 1 AND 5").named("valid_priority")),
        model::column<&boardroom::Thread::created_at>(model::default_now),
        model::column<&boardroom::Thread::updated_at>(model::updated_at))
        .with(model::index<&boardroom::Thread::session_id>("idx_threads_session_id"),
              model::index<&boardroom::Thread::user_id>("idx_threads_user_id"),
              model::index("idx_threads_open")
                  .column<&boardroom::Thread::priority>(model::descending)
                  .column<&boardroom::Thread::created_at>()
                  .where("status = 'active'"));

namespace boardroom {

inline limbeck::Metadata tables() {
  return limbeck::metadata<User, Boardroom, Session, Thread>("boardroom");
}

}  // namespace boardroom
