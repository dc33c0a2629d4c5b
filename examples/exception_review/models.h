// The tables of the account reviews, as they are from revision 006 on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "limbeck/model.h"

namespace review {

struct User {
  std::int32_t id = 0;
  std::string email = {};
  std::string full_name = {};
  limbeck::TimestampTz created_at = {};
};

struct AccountReview {
  std::int32_t id = 0;
  std::string account_number = {};
  std::string status = "draft";
  std::int32_t created_by = 0;
  limbeck::TimestampTz created_at = {};
};

struct ReviewException {
  std::int32_t id = 0;
  std::int32_t review_id = 0;
  std::string exception_type = {};
  std::string description = {};
  std::string status = "open";
  std::int32_t created_by = 0;
  limbeck::TimestampTz created_at = {};
  std::string title = {};
  std::string priority = {};
  std::optional<limbeck::TimestampTz> due_date = {};
};

struct AuditEntry {
  std::int64_t id = 0;
  std::optional<std::int32_t> user_id = {};
  std::string action = {};
  std::string entity = {};
  std::optional<std::int32_t> entity_id = {};
  limbeck::TimestampTz created_at = {};
};

struct WorkflowChange {
  std::int64_t id = 0;
  std::int32_t review_id = 0;
  std::string from_status = {};
  std::string to_status = {};
  limbeck::TimestampTz changed_at = {};
};

}  // namespace review

// Within a specialisation of limbeck::mapping the names of limbeck are at hand: model::column.

template <>
inline constexpr auto limbeck::mapping<review::User> = model::table<review::User>(
    "users", model::column<&review::User::id>(model::primary_key, model::serial),
    model::column<&review::User::email>(model::varchar(255), model::unique.named("uq_users_email")),
    model::column<&review::User::full_name>(model::varchar(255)),
    model::column<&review::User::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<review::AccountReview> =
    model::table<review::AccountReview>(
        "account_reviews",
        model::column<&review::AccountReview::id>(model::primary_key, model::serial),
        model::column<&review::AccountReview::account_number>(model::varchar(34)),
        model::column<&review::AccountReview::status>(
            model::varchar(20), model::default_sql("'draft'"),
            model::check("status IN ('draft', 'submitted', 'approved', 'rejected')")
                .named("ck_account_reviews_status")),
        model::column<&review::AccountReview::created_by>(
            model::references<&review::User::id>.named("fk_account_reviews_created_by")),
        model::column<&review::AccountReview::created_at>(model::default_now))
        .with(model::index<&review::AccountReview::status>("idx_account_reviews_status"));

template <>
inline constexpr auto limbeck::mapping<review::ReviewException> =
    model::table<review::ReviewException>(
        "review_exceptions",
        model::column<&review::ReviewException::id>(model::primary_key, model::serial),
        model::column<&review::ReviewException::review_id>(
            model::references<&review::AccountReview::id>.named("fk_review_exceptions_review_id").on_delete(model::cascade)),
        model::column<&review::ReviewException::exception_type>(
            model::varchar(50),
            model::check("exception_type IN ('kyc_non_compliance', 'dormant_funded_ufaa', "
                         "'dormant_overdrawn_exit', 'documentation', 'compliance', 'technical', "
                         "'operational')")
                .named("ck_review_exceptions_type")),
        model::column<&review::ReviewException::description>(),
        model::column<&review::ReviewException::status>(
            model::varchar(20), model::default_sql("'open'"),
            model::check("status IN ('open', 'in_progress', 'resolved', 'closed')")
                .named("ck_review_exceptions_status")),
        model::column<&review::ReviewException::created_by>(
            model::references<&review::User::id>.named("fk_review_exceptions_created_by")),
        model::column<&review::ReviewException::created_at>(model::default_now),
        model::column<&review::ReviewException::title>(model::varchar(255)),
        model::column<&review::ReviewException::priority>(
            model::varchar(20), model::check("priority IN ('low', 'medium', 'high', 'critical')")
                                    .named("ck_review_exceptions_priority")),
        model::column<&review::ReviewException::due_date>())
        .with(model::index<&review::ReviewException::review_id>("idx_review_exceptions_review_id"),
              model::index<&review::ReviewException::priority>("idx_review_exceptions_priority"),
              model::index<&review::ReviewException::due_date>("idx_review_exceptions_due_date"),
              model::index<&review::ReviewException::priority, &review::ReviewException::status>(
                  "idx_review_exceptions_priority_status"),
              model::index<&review::ReviewException::exception_type,
                           &review::ReviewException::priority>(
                  "idx_review_exceptions_type_priority"));

template <>
inline constexpr auto limbeck::mapping<review::AuditEntry> =
    model::table<review::AuditEntry>(
        "audit_log", model::column<&review::AuditEntry::id>(model::primary_key, model::serial),
        model::column<&review::AuditEntry::user_id>(
            model::references<&review::User::id>.on_delete(model::set_null)),
        model::column<&review::AuditEntry::action>(model::varchar(50)),
        model::column<&review::AuditEntry::entity>(model::varchar(50)),
        model::column<&review::AuditEntry::entity_id>(),
        model::column<&review::AuditEntry::created_at>(model::default_now))
        .with(model::index<&review::AuditEntry::entity, &review::AuditEntry::entity_id>(
            "idx_audit_log_entity"));

template <>
inline constexpr auto limbeck::mapping<review::WorkflowChange> =
    model::table<review::WorkflowChange>(
        "workflow_history",
        model::column<&review::WorkflowChange::id>(model::primary_key, model::serial),
        model::column<&review::WorkflowChange::review_id>(
            model::references<&review::AccountReview::id>.on_delete(model::cascade)),
        model::column<&review::WorkflowChange::from_status>(model::varchar(20)),
        model::column<&review::WorkflowChange::to_status>(model::varchar(20)),
        model::column<&review::WorkflowChange::changed_at>(model::default_now))
        .with(model::index<&review::WorkflowChange::review_id>("idx_workflow_history_review_id"));

namespace review {

// All of it, with the trigger that writes every change of a review's status down.
inline limbeck::Metadata models() {
  return limbeck::metadata<User, AccountReview, ReviewException, AuditEntry, WorkflowChange>(
      "reviews", {limbeck::model::sql(limbeck::model::by_dialect(
                     R"(CREATE FUNCTION record_workflow_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO workflow_history (review_id, from_status, to_status)
    VALUES (NEW.id, OLD.status, NEW.status);
    RETURN NEW;
END;
$$;
CREATE TRIGGER account_reviews_workflow
AFTER UPDATE OF status ON account_reviews
FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
EXECUTE FUNCTION record_workflow_change();)",
                     R"(CREATE TRIGGER account_reviews_workflow
AFTER UPDATE OF status ON account_reviews
WHEN OLD.status IS NOT NEW.status
BEGIN
    INSERT INTO workflow_history (review_id, from_status, to_status)
    VALUES (NEW.id, OLD.status, NEW.status);
END;)"))});
}

}  // namespace review
