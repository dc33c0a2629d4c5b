#include "dialect/sqlite/journal_file.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>

namespace limbeck::sqlite {
namespace {

constexpr std::int64_t largest_kept = std::int64_t{1} << 20;  // bytes

// A short answer of a pragma; nothing when it cannot be asked. All are those of the file "main".
struct Answer {
  std::array<char, 24> bytes{};
  std::size_t size = 0;
  std::string_view text() const { return {bytes.data(), size}; }
};

std::optional<Answer> ask(sqlite3* database, const char* pragma) noexcept {
  Answer answer;
  const auto take = [](void* context, int count, char** texts, char** /*names*/) {
    auto* taken = static_cast<Answer*>(context);
    if (count == 1 && texts[0] != nullptr)
      taken->size = std::string_view(texts[0]).copy(taken->bytes.data(), taken->bytes.size());
    return 0;
  };
  if (sqlite3_exec(database, pragma, take, &answer, nullptr) != SQLITE_OK) return std::nullopt;
  return answer;
}

bool answers(sqlite3* database, const char* pragma, std::string_view expected) noexcept {
  const std::optional<Answer> answer = ask(database, pragma);
  return answer && answer->text() == expected;
}

std::int64_t size_limit(sqlite3* database) noexcept {
  std::int64_t bytes = -1;
  if (const auto answer = ask(database, "PRAGMA main.journal_size_limit"))
    std::from_chars(answer->bytes.data(), answer->bytes.data() + answer->size, bytes);
  return bytes;
}

void set_size_limit(sqlite3* database, std::int64_t bytes) noexcept {
  std::array<char, 64> pragma{};
  std::snprintf(pragma.data(), pragma.size(), "PRAGMA main.journal_size_limit = %lld",
                static_cast<long long>(bytes));
  ask(database, pragma.data());
}

}  // namespace

void JournalFile::keep(sqlite3* database) noexcept {
  if (kept_ || !answers(database, "PRAGMA main.journal_mode", "delete")) return;
  size_limit_ = size_limit(database);
  kept_ = answers(database, "PRAGMA main.journal_mode = PERSIST", "persist");
  if (kept_ && (size_limit_ < 0 || size_limit_ > largest_kept))
    set_size_limit(database, largest_kept);
}

void JournalFile::let_go(sqlite3* database) noexcept {
  if (!kept_) return;
  // A revision may have put the file into another mode.
  const bool ours = answers(database, "PRAGMA main.journal_mode", "persist");
  kept_ = ours && !answers(database, "PRAGMA main.journal_mode = DELETE", "delete");
  if (!kept_) set_size_limit(database, size_limit_);
}

}  // namespace limbeck::sqlite
