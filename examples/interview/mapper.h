// Between the domain's interview and the table's row.
#pragma once

#include "domain.h"
#include "models.h"

namespace persistence {

InterviewModel to_model(const domain::Interview& interview);
// Throws limbeck::Error for a status or a list of follow-ups that the domain does not know.
domain::Interview to_domain(const InterviewModel& row);

}  // namespace persistence
