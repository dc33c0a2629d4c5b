// Which of the revisions that are about to be run may take rows that are there, said by their texts
// alone: what one run makes and drops again holds nothing that was there before it.
//
// It may see a danger where there is none, and never misses one that lint would find. It does not
// ask whether there are rows.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "run/review.h"

namespace limbeck {

// Whether any statement of the revision takes rows with it, of whatever table.
bool may_take_rows(const ReviewedRevision& revision);

// How many revisions, from the first on, have to be looked at for all that may be lost: those up to
// the last one that may take rows of one of the tables. 0: none does.
// tables: the names of those that are there, without their schemas.
std::size_t revisions_with_rows_at_risk(std::span<const ReviewedRevision> revisions,
                                        const std::vector<std::string>& tables);

}  // namespace limbeck
