#include "plan/step.h"

#include "base/sha256.h"

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
      return step.long_scan ? StepClass::long_scan : StepClass::short_lock;
    case StepKind::setting:
      return StepClass::short_lock;
    case StepKind::outside:
      return StepClass::concurrent;
    case StepKind::backfill:
      return StepClass::batched;
  }
  return StepClass::short_lock;
}

std::string hash_of(const Step& step) {
  std::string text;
  for (const sql::Statement& statement : step.statements) {
    text += statement.text;
    text += ";\n";
    if (statement.copy_data) text += *statement.copy_data + "\\.\n";
  }
  if (step.kind == StepKind::backfill) text += "backfill " + step.backfill.table;
  for (const std::string& column : step.backfill.key) text += " key " + column;
  return "sha256:" + sha256_hex(text);
}

}  // namespace limbeck
