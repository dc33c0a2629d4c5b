// What is good in a project: practices that an audit found to be followed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/facts.h"

namespace limbeck {

struct Practice {
  std::string_view name = {};     // "downgrades"
  std::string_view summary = {};  // of the practice, a heading
  // How far it is followed, for people; empty: not so far that it is worth a word.
  std::string (*said)(const AuditFacts&) = nullptr;
};

// Every one, in the order of the report.
std::vector<Practice> practices();

}  // namespace limbeck
