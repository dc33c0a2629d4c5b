#include "dialect/sqlite/journal_file.h"

#include <string_view>

namespace limbeck::sqlite {
namespace {

// Whether the pragma answers with this mode. What it is asked for or told is only the file "main".
bool answers(sqlite3* database, const char* pragma, std::string_view mode) noexcept {
  struct Answer {
    std::string_view wanted;
    bool given = false;
  } answer{mode};
  const auto look = [](void* context, int count, char** texts, char** /*names*/) {
    auto* wanted = static_cast<Answer*>(context);
    wanted->given = count == 1 && texts[0] != nullptr && texts[0] == wanted->wanted;
    return 0;
  };
  return sqlite3_exec(database, pragma, look, &answer, nullptr) == SQLITE_OK && answer.given;
}

}  // namespace

void JournalFile::keep(sqlite3* database) noexcept {
  if (answers(database, "PRAGMA main.journal_mode", "delete"))
    kept_ = answers(database, "PRAGMA main.journal_mode = PERSIST", "persist");
}

void JournalFile::let_go(sqlite3* database) noexcept {
  if (!kept_) return;
  // A revision may have put the file into another mode.
  if (answers(database, "PRAGMA main.journal_mode", "persist"))
    answers(database, "PRAGMA main.journal_mode = DELETE", "delete");
  kept_ = false;
}

}  // namespace limbeck::sqlite
