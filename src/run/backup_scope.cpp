#include "run/settings.h"

namespace limbeck {

std::optional<BackupScope> backup_scope_named(std::string_view name) {
  if (name == "off") return BackupScope::off;
  if (name == "touched") return BackupScope::touched;
  if (name == "full") return BackupScope::full;
  return std::nullopt;
}

}  // namespace limbeck
