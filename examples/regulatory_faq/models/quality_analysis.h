// What experts say of the answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "limbeck/model.h"

#include "state.h"

namespace base {

enum class ExpertCredential { dottore_commercialista, revisore_legale, consulente_fiscale };

enum class FeedbackType { correct, incomplete, incorrect };

struct ExpertProfile {
  limbeck::Uuid id = {};
  state::UserId user_id = {};
  std::vector<ExpertCredential> credential_types = {};
  std::vector<std::string> specializations = {};
  double trust_score = {};
  bool is_verified = {};
  limbeck::TimestampTz created_at = {};
};

struct ExpertFeedback {
  limbeck::Uuid id = {};
  limbeck::Uuid query_id = {};
  limbeck::Uuid expert_id = {};
  FeedbackType feedback_type = {};
  std::string query_text = {};
  std::optional<std::string> expert_answer = {};
  std::int32_t time_spent_seconds = {};
  limbeck::TimestampTz created_at = {};
  std::optional<limbeck::Uuid> generated_faq_id = {};
};

struct ExpertGeneratedTask {
  limbeck::Uuid id = {};
  std::string task_id = {};
  limbeck::Uuid feedback_id = {};
  state::UserId expert_id = {};
  std::string question = {};
  limbeck::TimestampTz created_at = {};
};

struct ExpertFaqCandidate {
  limbeck::Uuid id = {};
  limbeck::Uuid expert_id = {};
  std::string question = {};
  std::string answer = {};
  std::string approval_status = {};
  std::optional<state::UserId> approved_by = {};
  limbeck::TimestampTz created_at = {};
  std::optional<std::vector<float>> question_embedding = {};
  std::optional<std::string> query_signature = {};
};

struct PromptTemplate {
  limbeck::Uuid id = {};
  std::string name = {};
  std::string template_text = {};
  std::int32_t version = {};
  bool is_active = {};
  limbeck::TimestampTz created_at = {};
};

struct FailurePattern {
  limbeck::Uuid id = {};
  std::string pattern_name = {};
  std::string category = {};
  std::int32_t frequency_count = {};
  limbeck::Decimal impact_score = {};
  std::optional<limbeck::TimestampTz> last_occurrence = {};
  limbeck::TimestampTz created_at = {};
};

struct SystemImprovement {
  limbeck::Uuid id = {};
  std::optional<limbeck::Uuid> failure_pattern_id = {};
  std::string title = {};
  std::string description = {};
  std::string status = {};
  limbeck::TimestampTz created_at = {};
};

struct QualityMetric {
  limbeck::Uuid id = {};
  std::string metric_name = {};
  limbeck::Decimal metric_value = {};
  limbeck::Date measured_on = {};
};

struct ExpertValidation {
  limbeck::Uuid id = {};
  limbeck::Uuid candidate_id = {};
  limbeck::Uuid expert_id = {};
  bool approved = {};
  std::optional<std::string> remarks = {};
  limbeck::TimestampTz created_at = {};
};

}  // namespace base

template <>
struct limbeck::model::EnumLabels<base::ExpertCredential> {
  static constexpr std::string_view name = "expert_credential_type";
  static constexpr std::array<std::string_view, 3> labels{"dottore_commercialista",
                                                          "revisore_legale", "consulente_fiscale"};
};

template <>
struct limbeck::model::EnumLabels<base::FeedbackType> {
  static constexpr std::string_view name = "feedback_type";
  static constexpr std::array<std::string_view, 3> labels{"correct", "incomplete", "incorrect"};
};

template <>
inline constexpr auto limbeck::mapping<base::ExpertProfile> =
    model::table<base::ExpertProfile>(
        "expert_profiles",
        model::column<&base::ExpertProfile::id>(model::primary_key, model::generated_uuid),
        state::user_column<&base::ExpertProfile::user_id>(model::unique),
        model::column<&base::ExpertProfile::credential_types>(model::default_sql("'{}'")),
        model::column<&base::ExpertProfile::specializations>(model::default_sql("'{}'")),
        model::column<&base::ExpertProfile::trust_score>(
            model::default_sql("0.5"),
            model::check("trust_score >= 0 AND trust_score <= 1").named("trust_score_range")),
        model::column<&base::ExpertProfile::is_verified>(model::default_sql("false")),
        model::column<&base::ExpertProfile::created_at>(model::default_now))
        .with(model::index<&base::ExpertProfile::specializations>(
                  "idx_expert_profiles_specializations")
                  .method("gin"));

template <>
inline constexpr auto limbeck::mapping<base::ExpertFeedback> =
    model::table<base::ExpertFeedback>(
        "expert_feedback",
        model::column<&base::ExpertFeedback::id>(model::primary_key, model::generated_uuid),
        model::column<&base::ExpertFeedback::query_id>(),
        model::column<&base::ExpertFeedback::expert_id>(
            model::references<&base::ExpertProfile::id>.on_delete(model::cascade)),
        model::column<&base::ExpertFeedback::feedback_type>(),
        model::column<&base::ExpertFeedback::query_text>(),
        model::column<&base::ExpertFeedback::expert_answer>(),
        model::column<&base::ExpertFeedback::time_spent_seconds>(
            model::check("time_spent_seconds > 0").named("positive_time_spent")),
        model::column<&base::ExpertFeedback::created_at>(model::default_now),
        model::column<&base::ExpertFeedback::generated_faq_id>(
            model::references<&sqlmodel::FaqEntry::id>.of_another_set().on_delete(model::set_null)))
        .with(model::unique_on<&base::ExpertFeedback::query_id, &base::ExpertFeedback::expert_id>,
              model::index("idx_expert_feedback_expert")
                  .column<&base::ExpertFeedback::expert_id>()
                  .column<&base::ExpertFeedback::created_at>(model::descending),
              model::index<&base::ExpertFeedback::generated_faq_id>(
                  "ix_expert_feedback_generated_faq_id"));

template <>
inline constexpr auto limbeck::mapping<base::ExpertGeneratedTask> =
    model::table<base::ExpertGeneratedTask>(
        "expert_generated_tasks",
        model::column<&base::ExpertGeneratedTask::id>(model::primary_key, model::generated_uuid),
        model::column<&base::ExpertGeneratedTask::task_id>(model::varchar(20), model::unique),
        model::column<&base::ExpertGeneratedTask::feedback_id>(
            model::references<&base::ExpertFeedback::id>.on_delete(model::cascade)),
        state::user_column<&base::ExpertGeneratedTask::expert_id>(),
        model::column<&base::ExpertGeneratedTask::question>(),
        model::column<&base::ExpertGeneratedTask::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::ExpertFaqCandidate> =
    model::table<base::ExpertFaqCandidate>(
        "expert_faq_candidates",
        model::column<&base::ExpertFaqCandidate::id>(model::primary_key, model::generated_uuid),
        model::column<&base::ExpertFaqCandidate::expert_id>(
            model::references<&base::ExpertProfile::id>.on_delete(model::cascade)),
        model::column<&base::ExpertFaqCandidate::question>(),
        model::column<&base::ExpertFaqCandidate::answer>(),
        model::column<&base::ExpertFaqCandidate::approval_status>(
            model::varchar(20), model::default_sql("'pending'"),
            model::check(
                "approval_status IN ('pending', 'auto_approved', 'manually_approved', 'rejected')")
                .named("valid_approval_status")),
        state::user_column<&base::ExpertFaqCandidate::approved_by>(),
        model::column<&base::ExpertFaqCandidate::created_at>(model::default_now),
        model::column<&base::ExpertFaqCandidate::question_embedding>(),
        model::column<&base::ExpertFaqCandidate::query_signature>(model::varchar(64)))
        .with(model::index<&base::ExpertFaqCandidate::query_signature>(
            "ix_expert_faq_candidates_query_signature"));

template <>
inline constexpr auto limbeck::mapping<base::PromptTemplate> = model::table<base::PromptTemplate>(
    "prompt_templates",
    model::column<&base::PromptTemplate::id>(model::primary_key, model::generated_uuid),
    model::column<&base::PromptTemplate::name>(model::varchar(100), model::unique),
    model::column<&base::PromptTemplate::template_text>(),
    model::column<&base::PromptTemplate::version>(model::default_sql("1")),
    model::column<&base::PromptTemplate::is_active>(model::default_sql("true")),
    model::column<&base::PromptTemplate::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::FailurePattern> = model::table<base::FailurePattern>(
    "failure_patterns",
    model::column<&base::FailurePattern::id>(model::primary_key, model::generated_uuid),
    model::column<&base::FailurePattern::pattern_name>(model::varchar(200)),
    model::column<&base::FailurePattern::category>(model::varchar(50)),
    model::column<&base::FailurePattern::frequency_count>(model::default_sql("0")),
    model::column<&base::FailurePattern::impact_score>(model::numeric(5, 2),
                                                       model::default_sql("0")),
    model::column<&base::FailurePattern::last_occurrence>(),
    model::column<&base::FailurePattern::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::SystemImprovement> =
    model::table<base::SystemImprovement>(
        "system_improvements",
        model::column<&base::SystemImprovement::id>(model::primary_key, model::generated_uuid),
        model::column<&base::SystemImprovement::failure_pattern_id>(
            model::references<&base::FailurePattern::id>.on_delete(model::set_null)),
        model::column<&base::SystemImprovement::title>(model::varchar(200)),
        model::column<&base::SystemImprovement::description>(),
        model::column<&base::SystemImprovement::status>(model::varchar(20),
                                                        model::default_sql("'proposed'")),
        model::column<&base::SystemImprovement::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::QualityMetric> =
    model::table<base::QualityMetric>(
        "quality_metrics",
        model::column<&base::QualityMetric::id>(model::primary_key, model::generated_uuid),
        model::column<&base::QualityMetric::metric_name>(model::varchar(100)),
        model::column<&base::QualityMetric::metric_value>(model::numeric(12, 4)),
        model::column<&base::QualityMetric::measured_on>())
        .with(
            model::unique_on<&base::QualityMetric::metric_name, &base::QualityMetric::measured_on>);

template <>
inline constexpr auto limbeck::mapping<base::ExpertValidation> =
    model::table<base::ExpertValidation>(
        "expert_validations",
        model::column<&base::ExpertValidation::id>(model::primary_key, model::generated_uuid),
        model::column<&base::ExpertValidation::candidate_id>(
            model::references<&base::ExpertFaqCandidate::id>.on_delete(model::cascade)),
        model::column<&base::ExpertValidation::expert_id>(
            model::references<&base::ExpertProfile::id>.on_delete(model::cascade)),
        model::column<&base::ExpertValidation::approved>(),
        model::column<&base::ExpertValidation::remarks>(),
        model::column<&base::ExpertValidation::created_at>(model::default_now))
        .with(model::unique_on<&base::ExpertValidation::candidate_id,
                               &base::ExpertValidation::expert_id>);
