// The interview as the application thinks of it. It knows of no table.
#pragma once

#include <optional>
#include <vector>

#include "limbeck/types.h"

namespace domain {

enum class InterviewStatus { planned, in_progress, completed, cancelled };

struct Interview {
  limbeck::Uuid id = {};
  limbeck::Uuid candidate = {};
  InterviewStatus status = InterviewStatus::planned;
  int question_index = 0;
  std::vector<limbeck::Uuid> follow_ups = {};  // questions that were asked in addition
  // The question that the follow-ups are about, and how many were asked. A parent question is only
  // there while follow-ups are asked.
  std::optional<limbeck::Uuid> parent_question = {};
  int followup_count = 0;

  // Asks a follow-up about a question; the count starts anew with another question.
  void ask_follow_up(const limbeck::Uuid& parent, const limbeck::Uuid& question) {
    if (parent_question != parent) followup_count = 0;
    parent_question = parent;
    ++followup_count;
    follow_ups.push_back(question);
  }
  void next_question() {
    ++question_index;
    parent_question.reset();
    followup_count = 0;
  }

  bool operator==(const Interview&) const = default;
};

}  // namespace domain
