#include "plan/step.h"

namespace limbeck {

std::string_view to_string(StepKind kind) {
  switch (kind) {
    case StepKind::transaction:
      return "transaction";
    case StepKind::statement:
      return "statement";
    case StepKind::outside:
      return "outside";
    case StepKind::setting:
      return "setting";
    case StepKind::backfill:
      return "backfill";
  }
  return "";
}

StepClass class_of(const Step& step) {
  switch (step.kind) {
    case StepKind::transaction:
    case StepKind::statement:
    case StepKind::setting:
      return StepClass::short_lock;
    case StepKind::outside:
      return StepClass::concurrent;
    case StepKind::backfill:
      return StepClass::batched;
  }
  return StepClass::short_lock;
}

}  // namespace limbeck
