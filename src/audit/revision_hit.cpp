#include "audit/revision_hit.h"

#include "base/source.h"

namespace limbeck {

AuditHit revision_hit(const RevisionFacts& revision, std::string message, Place place) {
  if (place.file.empty()) place.file = revision.revision.place.file;
  if (place.source_line.empty()) place.source_line = source_line(revision.text, place.line);
  return {.message = std::move(message),
          .object = revision.revision.id,
          .revision = revision.revision.id,
          .place = std::move(place)};
}

AuditHit revision_hit(const RevisionFacts& revision, std::string message) {
  return revision_hit(revision, std::move(message), revision.revision.place);
}

}  // namespace limbeck
