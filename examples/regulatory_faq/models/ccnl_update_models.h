// How the agreements are kept up to date.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "limbeck/model.h"

#include "ccnl_database.h"

namespace base {

struct CcnlDatabase {
  std::int32_t id = {};
  std::int32_t agreement_id = {};
  std::string source_url = {};
  bool is_active = {};
};

struct CcnlVersion {
  std::int32_t id = {};
  std::int32_t ccnl_id = {};
  std::string version_number = {};
  limbeck::Date effective_date = {};
  limbeck::Json data = {};
};

struct CcnlUpdateEvent {
  std::int32_t id = {};
  std::int32_t ccnl_id = {};
  std::string event_type = {};
  limbeck::TimestampTz detected_at = {};
};

struct CcnlChangeLog {
  std::int32_t id = {};
  std::int32_t version_id = {};
  std::string field_name = {};
  std::optional<std::string> old_value = {};
  std::optional<std::string> new_value = {};
};

struct CcnlMonitoringMetric {
  std::int32_t id = {};
  std::string metric_name = {};
  limbeck::Decimal metric_value = {};
  limbeck::TimestampTz measured_at = {};
};

}  // namespace base

template <>
inline constexpr auto limbeck::mapping<base::CcnlDatabase> = model::table<base::CcnlDatabase>(
    "ccnl_database", model::column<&base::CcnlDatabase::id>(model::primary_key, model::identity),
    model::column<&base::CcnlDatabase::agreement_id>(
        model::references<&base::CcnlAgreement::id>.on_delete(model::cascade)),
    model::column<&base::CcnlDatabase::source_url>(),
    model::column<&base::CcnlDatabase::is_active>(model::default_sql("true")));

template <>
inline constexpr auto limbeck::mapping<base::CcnlVersion> =
    model::table<base::CcnlVersion>(
        "ccnl_versions", model::column<&base::CcnlVersion::id>(model::primary_key, model::identity),
        model::column<&base::CcnlVersion::ccnl_id>(
            model::references<&base::CcnlDatabase::id>.on_delete(model::cascade)),
        model::column<&base::CcnlVersion::version_number>(model::varchar(20)),
        model::column<&base::CcnlVersion::effective_date>(),
        model::column<&base::CcnlVersion::data>())
        .with(model::unique_on<&base::CcnlVersion::ccnl_id, &base::CcnlVersion::version_number>);

template <>
inline constexpr auto limbeck::mapping<base::CcnlUpdateEvent> = model::table<base::CcnlUpdateEvent>(
    "ccnl_update_events",
    model::column<&base::CcnlUpdateEvent::id>(model::primary_key, model::identity),
    model::column<&base::CcnlUpdateEvent::ccnl_id>(
        model::references<&base::CcnlDatabase::id>.on_delete(model::cascade)),
    model::column<&base::CcnlUpdateEvent::event_type>(model::varchar(30)),
    model::column<&base::CcnlUpdateEvent::detected_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::CcnlChangeLog> = model::table<base::CcnlChangeLog>(
    "ccnl_change_logs",
    model::column<&base::CcnlChangeLog::id>(model::primary_key, model::identity),
    model::column<&base::CcnlChangeLog::version_id>(
        model::references<&base::CcnlVersion::id>.on_delete(model::cascade)),
    model::column<&base::CcnlChangeLog::field_name>(model::varchar(100)),
    model::column<&base::CcnlChangeLog::old_value>(),
    model::column<&base::CcnlChangeLog::new_value>());

template <>
inline constexpr auto limbeck::mapping<base::CcnlMonitoringMetric> =
    model::table<base::CcnlMonitoringMetric>(
        "ccnl_monitoring_metrics",
        model::column<&base::CcnlMonitoringMetric::id>(model::primary_key, model::identity),
        model::column<&base::CcnlMonitoringMetric::metric_name>(model::varchar(100)),
        model::column<&base::CcnlMonitoringMetric::metric_value>(model::numeric(12, 4)),
        model::column<&base::CcnlMonitoringMetric::measured_at>(model::default_now));
