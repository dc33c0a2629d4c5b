// Collective labour agreements (contratti collettivi nazionali di lavoro).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "limbeck/model.h"

namespace base {

struct CcnlSector {
  std::int32_t id = {};
  std::string code = {};
  std::string italian_name = {};
};

struct CcnlAgreement {
  std::int32_t id = {};
  std::int32_t sector_id = {};
  std::string name = {};
  limbeck::Date valid_from = {};
  std::optional<limbeck::Date> valid_to = {};
  std::vector<std::string> signatory_unions = {};
};

struct JobLevel {
  std::int32_t id = {};
  std::int32_t agreement_id = {};
  std::string level_code = {};
  std::string description = {};
};

struct SalaryTable {
  std::int32_t id = {};
  std::int32_t job_level_id = {};
  limbeck::Decimal base_monthly_salary = {};
  std::int32_t number_of_payments = {};
  limbeck::Date valid_from = {};
};

struct WorkingHours {
  std::int32_t id = {};
  std::int32_t agreement_id = {};
  limbeck::Decimal weekly_hours = {};
  bool flexible = {};
};

struct OvertimeRule {
  std::int32_t id = {};
  std::int32_t agreement_id = {};
  std::string overtime_type = {};
  limbeck::Decimal rate_multiplier = {};
};

struct LeaveEntitlement {
  std::int32_t id = {};
  std::int32_t agreement_id = {};
  std::string leave_type = {};
  std::int32_t annual_days = {};
};

struct NoticePeriod {
  std::int32_t id = {};
  std::int32_t job_level_id = {};
  std::int32_t seniority_months_min = {};
  std::int32_t notice_days = {};
};

struct SpecialAllowance {
  std::int32_t id = {};
  std::int32_t agreement_id = {};
  std::string allowance_type = {};
  limbeck::Decimal amount = {};
  std::optional<limbeck::Json> conditions = {};
};

}  // namespace base

template <>
inline constexpr auto limbeck::mapping<base::CcnlSector> = model::table<base::CcnlSector>(
    "ccnl_sectors", model::column<&base::CcnlSector::id>(model::primary_key, model::identity),
    model::column<&base::CcnlSector::code>(model::varchar(20), model::unique),
    model::column<&base::CcnlSector::italian_name>(model::varchar(200)));

template <>
inline constexpr auto limbeck::mapping<base::CcnlAgreement> =
    model::table<base::CcnlAgreement>(
        "ccnl_agreements",
        model::column<&base::CcnlAgreement::id>(model::primary_key, model::identity),
        model::column<&base::CcnlAgreement::sector_id>(model::references<&base::CcnlSector::id>),
        model::column<&base::CcnlAgreement::name>(model::varchar(300)),
        model::column<&base::CcnlAgreement::valid_from>(),
        model::column<&base::CcnlAgreement::valid_to>(),
        model::column<&base::CcnlAgreement::signatory_unions>(model::default_sql("'{}'")))
        .with(model::index<&base::CcnlAgreement::sector_id>("ix_ccnl_agreements_sector_id"),
              model::check("valid_to IS NULL OR valid_to >= valid_from")
                  .named("valid_agreement_period"));

template <>
inline constexpr auto limbeck::mapping<base::JobLevel> =
    model::table<base::JobLevel>(
        "job_levels", model::column<&base::JobLevel::id>(model::primary_key, model::identity),
        model::column<&base::JobLevel::agreement_id>(
            model::references<&base::CcnlAgreement::id>.on_delete(model::cascade)),
        model::column<&base::JobLevel::level_code>(model::varchar(20)),
        model::column<&base::JobLevel::description>())
        .with(model::unique_on<&base::JobLevel::agreement_id, &base::JobLevel::level_code>);

template <>
inline constexpr auto limbeck::mapping<base::SalaryTable> =
    model::table<base::SalaryTable>(
        "salary_tables", model::column<&base::SalaryTable::id>(model::primary_key, model::identity),
        model::column<&base::SalaryTable::job_level_id>(
            model::references<&base::JobLevel::id>.on_delete(model::cascade)),
        model::column<&base::SalaryTable::base_monthly_salary>(
            model::numeric(10, 2),
            model::check("base_monthly_salary > 0").named("positive_salary")),
        model::column<&base::SalaryTable::number_of_payments>(model::default_sql("13")),
        model::column<&base::SalaryTable::valid_from>())
        .with(model::unique_on<&base::SalaryTable::job_level_id, &base::SalaryTable::valid_from>);

template <>
inline constexpr auto limbeck::mapping<base::WorkingHours> = model::table<base::WorkingHours>(
    "working_hours", model::column<&base::WorkingHours::id>(model::primary_key, model::identity),
    model::column<&base::WorkingHours::agreement_id>(
        model::references<&base::CcnlAgreement::id>.on_delete(model::cascade)),
    model::column<&base::WorkingHours::weekly_hours>(model::numeric(4, 1),
                                                     model::default_sql("40")),
    model::column<&base::WorkingHours::flexible>(model::default_sql("false")));

template <>
inline constexpr auto limbeck::mapping<base::OvertimeRule> =
    model::table<base::OvertimeRule>(
        "overtime_rules",
        model::column<&base::OvertimeRule::id>(model::primary_key, model::identity),
        model::column<&base::OvertimeRule::agreement_id>(
            model::references<&base::CcnlAgreement::id>.on_delete(model::cascade)),
        model::column<&base::OvertimeRule::overtime_type>(model::varchar(30)),
        model::column<&base::OvertimeRule::rate_multiplier>(
            model::numeric(4, 2), model::check("rate_multiplier >= 1").named("valid_multiplier")))
        .with(model::unique_on<&base::OvertimeRule::agreement_id,
                               &base::OvertimeRule::overtime_type>);

template <>
inline constexpr auto limbeck::mapping<base::LeaveEntitlement> =
    model::table<base::LeaveEntitlement>(
        "leave_entitlements",
        model::column<&base::LeaveEntitlement::id>(model::primary_key, model::identity),
        model::column<&base::LeaveEntitlement::agreement_id>(
            model::references<&base::CcnlAgreement::id>.on_delete(model::cascade)),
        model::column<&base::LeaveEntitlement::leave_type>(model::varchar(30)),
        model::column<&base::LeaveEntitlement::annual_days>())
        .with(model::unique_on<&base::LeaveEntitlement::agreement_id,
                               &base::LeaveEntitlement::leave_type>);

template <>
inline constexpr auto limbeck::mapping<base::NoticePeriod> =
    model::table<base::NoticePeriod>(
        "notice_periods",
        model::column<&base::NoticePeriod::id>(model::primary_key, model::identity),
        model::column<&base::NoticePeriod::job_level_id>(
            model::references<&base::JobLevel::id>.on_delete(model::cascade)),
        model::column<&base::NoticePeriod::seniority_months_min>(model::default_sql("0")),
        model::column<&base::NoticePeriod::notice_days>())
        .with(model::unique_on<&base::NoticePeriod::job_level_id,
                               &base::NoticePeriod::seniority_months_min>);

template <>
inline constexpr auto limbeck::mapping<base::SpecialAllowance> =
    model::table<base::SpecialAllowance>(
        "special_allowances",
        model::column<&base::SpecialAllowance::id>(model::primary_key, model::identity),
        model::column<&base::SpecialAllowance::agreement_id>(
            model::references<&base::CcnlAgreement::id>.on_delete(model::cascade)),
        model::column<&base::SpecialAllowance::allowance_type>(model::varchar(50)),
        model::column<&base::SpecialAllowance::amount>(model::numeric(10, 2)),
        model::column<&base::SpecialAllowance::conditions>());
