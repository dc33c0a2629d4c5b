// What a rule found in a revision's file.
#pragma once

#include <string>

#include "audit/rule.h"

namespace limbeck {

// At the place; what it lacks of file and text is taken from the revision.
AuditHit revision_hit(const RevisionFacts& revision, std::string message, Place place);
// Where the revision begins.
AuditHit revision_hit(const RevisionFacts& revision, std::string message);

}  // namespace limbeck
