#include "limbeck/error.h"

#include <utility>

namespace limbeck {

std::string to_string(const Place& place) {
  std::string text = place.file;
  if (place.line > 0) text += ':' + std::to_string(place.line);
  if (place.line > 0 && place.column > 0) text += ':' + std::to_string(place.column);
  return text;
}

Error::Error(ErrorReport report) : report_(std::move(report)) {}

DatabaseError::DatabaseError(ErrorReport report, SqlFailure failure)
    : Error(std::move(report)), failure_(std::move(failure)) {}

}  // namespace limbeck
