#include "run/backup_record.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <system_error>

#include "base/file.h"
#include "base/json_writer.h"
#include "base/time.h"
#include "schema/json_document.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_record = std::size_t{16} * 1024 * 1024;
constexpr std::int64_t format = 1;

std::string text_in(const JsonValue& object, std::string_view name) {
  const auto found = object.find(name);
  if (!found || found->type() != JsonValue::Type::text) return {};
  return std::string(found->text());
}

std::vector<std::string> texts_in(const JsonValue& object, std::string_view name) {
  std::vector<std::string> texts;
  const auto found = object.find(name);
  if (!found || found->type() != JsonValue::Type::list) return texts;
  for (const JsonValue element : *found) {
    if (element.type() == JsonValue::Type::text) texts.emplace_back(element.text());
  }
  return texts;
}

[[noreturn]] void refuse(const fs::path& file) {
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("{} is no record of a backup", file.string()),
               .hint = "it is written beside the backup and goes where that goes; without it the "
                       "backup can be restored, unchecked"});
}

}  // namespace

BackupRecord parse_record(std::string_view text, const fs::path& file) {
  BackupRecord record;
  try {
    const JsonDocument document(text);
    const JsonValue root = document.root();
    if (root.type() != JsonValue::Type::object || !root.find("limbeck_backup")) refuse(file);
    record.dialect = text_in(root, "dialect");
    record.database = text_in(root, "database");
    record.engine = text_in(root, "engine");
    record.server = text_in(root, "server");
    record.created_at = text_in(root, "created_at");
    record.version_table = text_in(root, "version_table");
    record.heads = texts_in(root, "heads");
    record.hash = text_in(root, "hash");
    if (const auto size = root.find("size"); size && size->type() == JsonValue::Type::natural)
      record.size = size->natural();
    if (const auto tables = root.find("tables");
        tables && tables->type() == JsonValue::Type::list) {
      for (const JsonValue table : *tables) {
        if (table.type() != JsonValue::Type::object) refuse(file);
        record.tables.push_back({{text_in(table, "schema")}, {text_in(table, "name")}});
      }
    }
  } catch (const JsonDocument::Fault&) {
    refuse(file);
  }
  if (record.dialect.empty() || record.hash.empty()) refuse(file);
  return record;
}

fs::path record_path(const fs::path& backup) {
  return backup.string() + ".json";
}

std::string record_json(const BackupRecord& record) {
  JsonWriter json;
  json.begin_object()
      .member("limbeck_backup", format)
      .member("dialect", record.dialect)
      .member("database", record.database);
  if (!record.engine.empty()) json.member("engine", record.engine);
  json.member("server", record.server)
      .member("created_at", record.created_at)
      .member("version_table", record.version_table)
      .member("heads", record.heads);
  if (record.is_part()) {
    json.key("tables").begin_array();
    for (const QualifiedName& table : record.tables) {
      json.begin_object()
          .member("schema", table.schema.name)
          .member("name", table.object.name)
          .end_object();
    }
    json.end_array();
  }
  json.member("hash", record.hash).member("size", record.size).end_object();
  return json.text();
}

void write_record(const BackupRecord& record) {
  write_new_file(record_path(record.file), record_json(record) + "\n");
}

std::optional<BackupRecord> read_record(const fs::path& backup) {
  const fs::path file = record_path(backup);
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::nullopt;
  BackupRecord record = parse_record(read_file(file, max_record), file);
  record.file = backup.string();
  return record;
}

std::string backed_up_database(const TargetDatabase& database) {
  if (!database.dialect->is_file()) return database.url.redacted();
  std::error_code error;
  const fs::path file = fs::weakly_canonical(fs::absolute(database.url.target()), error);
  return error ? database.url.redacted() : "sqlite:///" + file.string();
}

std::vector<BackupRecord> backups_of(const TargetDatabase& database, const fs::path& folder) {
  std::vector<BackupRecord> found;
  const std::string name = backed_up_database(database);
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != ".backup") continue;
    try {
      auto record = read_record(entry.path());
      if (record && record->database == name) found.push_back(*std::move(record));
    } catch (const Error&) {
      continue;  // not one of ours
    }
  }
  std::sort(found.begin(), found.end(), [](const BackupRecord& a, const BackupRecord& b) {
    return a.created_at > b.created_at;
  });
  return found;
}

std::vector<std::string> remove_old_backups(const std::vector<BackupRecord>& newest_first, int keep,
                                            int keep_days) {
  const std::string oldest =
      keep_days > 0 ? iso8601(std::chrono::system_clock::now() - std::chrono::hours(24) * keep_days)
                    : std::string();
  std::vector<std::string> removed;
  std::array<int, 2> newer{};  // of the whole database, of some tables
  for (const BackupRecord& backup : newest_first) {
    const int before = newer.at(backup.is_part() ? 1 : 0)++;
    const bool too_many = keep > 0 && before >= keep;
    if (before == 0 || (!too_many && backup.created_at >= oldest)) continue;
    std::error_code error;
    if (!fs::remove(backup.file, error)) continue;
    fs::remove(record_path(backup.file), error);
    removed.push_back(backup.file);
  }
  return removed;
}

}  // namespace limbeck
