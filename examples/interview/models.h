// The tables of the interviews, with the follow-up tracking.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "limbeck/model.h"

namespace persistence {

struct CandidateModel {
  limbeck::Uuid id = {};
  std::string name = {};
  std::string email = {};
};

struct QuestionModel {
  limbeck::Uuid id = {};
  std::string text = {};
  std::string skill = {};
};

struct InterviewModel {
  limbeck::Uuid id = {};
  limbeck::Uuid candidate_id = {};
  std::string status = "planned";
  std::int32_t current_question_index = 0;
  limbeck::Json adaptive_follow_ups = {"[]"};
  limbeck::Timestamp created_at = {};
  // Which question the follow-ups are about, and how many were asked.
  std::optional<limbeck::Uuid> current_parent_question_id = {};
  std::int32_t current_followup_count = 0;
};

}  // namespace persistence

template <>
inline constexpr auto limbeck::mapping<persistence::CandidateModel> =
    model::table<persistence::CandidateModel>(
        "candidates", model::column<&persistence::CandidateModel::id>(model::primary_key),
        model::column<&persistence::CandidateModel::name>(model::varchar(200)),
        model::column<&persistence::CandidateModel::email>(
            model::varchar(255), model::unique.named("uq_candidates_email")));

template <>
inline constexpr auto limbeck::mapping<persistence::QuestionModel> =
    model::table<persistence::QuestionModel>(
        "questions", model::column<&persistence::QuestionModel::id>(model::primary_key),
        model::column<&persistence::QuestionModel::text>(),
        model::column<&persistence::QuestionModel::skill>(model::varchar(100)));

template <>
inline constexpr auto limbeck::mapping<persistence::InterviewModel> =
    model::table<persistence::InterviewModel>(
        "interviews", model::column<&persistence::InterviewModel::id>(model::primary_key),
        model::column<&persistence::InterviewModel::candidate_id>(
            model::references<&persistence::CandidateModel::id>.named("fk_interviews_candidate_id").on_delete(model::cascade)),
        model::column<&persistence::InterviewModel::status>(
            model::varchar(20), model::default_sql("'planned'"),
            model::check("status IN ('planned', 'in_progress', 'completed', 'cancelled')")
                .named("ck_interviews_status")),
        model::column<&persistence::InterviewModel::current_question_index>(
            model::default_sql("0")),
        model::column<&persistence::InterviewModel::adaptive_follow_ups>(
            model::default_sql("'[]'")),
        model::column<&persistence::InterviewModel::created_at>(model::default_now),
        model::column<&persistence::InterviewModel::current_parent_question_id>(),
        model::column<&persistence::InterviewModel::current_followup_count>(
            model::default_sql("0")))
        .with(model::index<&persistence::InterviewModel::status>("ix_interviews_status"));

namespace persistence {

inline limbeck::Metadata models() {
  return limbeck::metadata<CandidateModel, QuestionModel, InterviewModel>("interviews");
}

}  // namespace persistence
