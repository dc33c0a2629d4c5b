#include "mapper.h"

#include <array>

#include "limbeck/error.h"

namespace persistence {
namespace {

using domain::Interview;
using domain::InterviewStatus;

// In the order of the enumerators.
constexpr std::array<std::string_view, 4> statuses{"planned", "in_progress", "completed",
                                                   "cancelled"};

InterviewStatus status_named(std::string_view name) {
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    if (statuses[i] == name) return static_cast<InterviewStatus>(i);
  }
  throw limbeck::Error({.message = "unknown status of an interview: " + std::string(name)});
}

limbeck::Json list_of(const std::vector<limbeck::Uuid>& questions) {
  std::string text = "[";
  for (const limbeck::Uuid& question : questions) {
    if (text.size() > 1) text += ", ";
    text += '"' + to_string(question) + '"';
  }
  return {text + "]"};
}

std::vector<limbeck::Uuid> questions_in(const limbeck::Json& list) {
  std::vector<limbeck::Uuid> questions;
  const std::string_view text = list.text;
  for (std::size_t begin = text.find('"'); begin != std::string_view::npos;) {
    const std::size_t end = text.find('"', begin + 1);
    if (end == std::string_view::npos)
      throw limbeck::Error({.message = "not a list: " + list.text});
    questions.push_back(limbeck::parse_uuid(text.substr(begin + 1, end - begin - 1)));
    begin = text.find('"', end + 1);
  }
  return questions;
}

}  // namespace

InterviewModel to_model(const Interview& interview) {
  InterviewModel row;
  row.id = interview.id;
  row.candidate_id = interview.candidate;
  row.status = statuses.at(static_cast<std::size_t>(interview.status));
  row.current_question_index = interview.question_index;
  row.adaptive_follow_ups = list_of(interview.follow_ups);
  row.current_parent_question_id = interview.parent_question;
  row.current_followup_count = interview.followup_count;
  return row;
}

Interview to_domain(const InterviewModel& row) {
  return {.id = row.id,
          .candidate = row.candidate_id,
          .status = status_named(row.status),
          .question_index = row.current_question_index,
          .follow_ups = questions_in(row.adaptive_follow_ups),
          .parent_question = row.current_parent_question_id,
          .followup_count = row.current_followup_count};
}

}  // namespace persistence
