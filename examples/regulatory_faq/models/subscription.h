// Plans, and who has subscribed to which.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "limbeck/model.h"

#include "state.h"

namespace base {

struct SubscriptionPlan {
  limbeck::Uuid id = {};
  std::string name = {};
  limbeck::Decimal monthly_price = {};
  bool is_active = {};
};

struct Subscription {
  limbeck::Uuid id = {};
  state::UserId user_id = {};
  std::string plan_name = {};
  std::string status = {};
  limbeck::TimestampTz current_period_end = {};
  limbeck::TimestampTz created_at = {};
};

struct Invoice {
  limbeck::Uuid id = {};
  state::UserId user_id = {};
  std::string invoice_number = {};
  limbeck::Decimal total = {};
  limbeck::TimestampTz created_at = {};
};

struct SubscriptionPlanChange {
  limbeck::Uuid id = {};
  limbeck::Uuid subscription_id = {};
  std::optional<limbeck::Uuid> from_plan_id = {};
  std::optional<limbeck::Uuid> to_plan_id = {};
  limbeck::TimestampTz changed_at = {};
};

}  // namespace base

template <>
inline constexpr auto limbeck::mapping<base::SubscriptionPlan> =
    model::table<base::SubscriptionPlan>(
        "subscription_plans",
        model::column<&base::SubscriptionPlan::id>(model::primary_key, model::generated_uuid),
        model::column<&base::SubscriptionPlan::name>(model::varchar(100), model::unique),
        model::column<&base::SubscriptionPlan::monthly_price>(
            model::numeric(10, 2), model::check("monthly_price >= 0").named("valid_monthly_price")),
        model::column<&base::SubscriptionPlan::is_active>(model::default_sql("true")));

template <>
inline constexpr auto limbeck::mapping<base::Subscription> = model::table<base::Subscription>(
    "subscriptions",
    model::column<&base::Subscription::id>(model::primary_key, model::generated_uuid),
    state::user_column<&base::Subscription::user_id>(),
    model::column<&base::Subscription::plan_name>(model::varchar(100)),
    model::column<&base::Subscription::status>(model::varchar(20), model::default_sql("'active'")),
    model::column<&base::Subscription::current_period_end>(),
    model::column<&base::Subscription::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::Invoice> = model::table<base::Invoice>(
    "invoices", model::column<&base::Invoice::id>(model::primary_key, model::generated_uuid),
    state::user_column<&base::Invoice::user_id>(),
    model::column<&base::Invoice::invoice_number>(model::varchar(50), model::unique),
    model::column<&base::Invoice::total>(model::numeric(10, 2)),
    model::column<&base::Invoice::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::SubscriptionPlanChange> =
    model::table<base::SubscriptionPlanChange>(
        "subscription_plan_changes",
        model::column<&base::SubscriptionPlanChange::id>(model::primary_key, model::generated_uuid),
        model::column<&base::SubscriptionPlanChange::subscription_id>(
            model::references<&base::Subscription::id>.on_delete(model::cascade)),
        model::column<&base::SubscriptionPlanChange::from_plan_id>(
            model::references<&base::SubscriptionPlan::id>.on_delete(model::set_null)),
        model::column<&base::SubscriptionPlanChange::to_plan_id>(
            model::references<&base::SubscriptionPlan::id>.on_delete(model::set_null)),
        model::column<&base::SubscriptionPlanChange::changed_at>(model::default_now));
