#include "report/verification.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <vector>

#include "base/counted.h"
#include "base/json_writer.h"
#include "report/findings.h"
#include "report/run_log.h"

namespace limbeck {
namespace {

// Longer than this, a statement is shown whatever it does.
constexpr double slow_seconds = 0.1;

const TableStatistics* size_of(std::span<const TableStatistics> sizes, const RelationName& table) {
  const auto found = std::find_if(sizes.begin(), sizes.end(), [&](const TableStatistics& size) {
    return size.schema == table.schema && size.table == table.name;
  });
  return found == sizes.end() ? nullptr : &*found;
}

std::string shown(const RelationName& table) {
  if (table.name.empty()) return "the whole database";
  return printable(table.schema.empty() ? table.name : table.schema + "." + table.name);
}

// What a whole database is locked with is SQLite's.
std::string_view mode_of(const RelationName& table, LockLevel lock) {
  return table.name.empty() ? "RESERVED" : to_string(lock);
}

std::string lock_line(std::string_view indent, const RelationName& table, LockLevel lock,
                      std::span<const TableStatistics> sizes) {
  std::string line = fmt::format("{}lock: {} on {}", indent, mode_of(table, lock), shown(table));
  if (const TableStatistics* size = size_of(sizes, table)) {
    if (size->rows >= 0)
      line += ", about " + counted(static_cast<std::size_t>(std::round(size->rows)), "row");
    constexpr std::int64_t megabyte = 1'048'576;
    line += fmt::format(", {} MB", size->bytes / megabyte);
  }
  return line + "\n";
}

std::string lock_lines(std::string_view indent, std::span<const WatchedStatement> statements,
                       std::span<const TableStatistics> sizes) {
  std::string lines;
  for (const auto& [table, lock] : strongest_locks(statements)) {
    if (!table.name.empty()) lines += lock_line(indent, table, lock, sizes);
  }
  return lines;
}

// The lock that the statement works under, which an earlier one may have taken.
LockLevel lock_of(const WatchedStatement& statement, const RelationName& table) {
  const auto held = statement.seen.held.find(table);
  return held == statement.seen.held.end() ? LockLevel::none : held->second;
}

// Shorter than this, an estimate is of no interest to people.
constexpr double long_seconds = 1;

bool takes_long(const WatchedStatement& statement) {
  return statement.there && statement.there->seconds >= long_seconds;
}

// "40 min", and no more exactly than an estimate can be.
std::string about(double seconds) {
  constexpr double minute = 60;
  constexpr double hour = 3600;
  if (seconds < 2 * minute) return fmt::format("{:.0f} s", seconds);
  if (seconds < 2 * hour) return fmt::format("{:.0f} min", seconds / minute);
  return fmt::format("{:.0f} hours", seconds / hour);
}

// Others wait as long as it works.
bool is_in_the_way(const WatchedStatement& statement) {
  return std::any_of(
      statement.seen.impacts.begin(), statement.seen.impacts.end(), [&](const auto& each) {
        return each.second.is_long() && lock_of(statement, each.first) >= LockLevel::share;
      });
}

std::vector<std::string_view> work_of(const TableImpact& impact) {
  std::vector<std::string_view> work;
  if (impact.rewrite) work.emplace_back("writes it again");
  if (impact.scan) work.emplace_back("reads all of it");
  if (impact.foreign_key_scan) work.emplace_back("looks up every row of a foreign key");
  if (impact.index_build) work.emplace_back("builds an index");
  return work;
}

// "migrations/8c21_mail.sql:6"
std::string line_of(const Place& place) {
  return printable(to_string(Place{.file = place.file, .line = place.line}));
}

std::string time_of(double seconds) {
  return seconds < 0.0095 ? fmt::format("{:.1f} ms", seconds * 1000) : duration_text(seconds);
}

std::string statement_text(const WatchedStatement& statement) {
  std::string text = fmt::format("    {}  {}  ({})\n", line_of(statement.place),
                                 printable(statement.text), time_of(statement.seconds));
  for (const auto& [table, lock] : statement.seen.held) {
    const auto impact = statement.seen.impacts.find(table);
    const bool taken =
        impact != statement.seen.impacts.end() && impact->second.lock != LockLevel::none;
    const std::vector<std::string_view> work = impact == statement.seen.impacts.end()
                                                   ? std::vector<std::string_view>{}
                                                   : work_of(impact->second);
    if (!taken && work.empty()) continue;
    text += fmt::format("      {} on {}{}", mode_of(table, lock), shown(table),
                        taken ? "" : " (from before)");
    if (!work.empty()) {
      text += fmt::format(": {}", fmt::join(work, ", "));
      if (!blocked_by(lock).empty()) text += fmt::format("; {} wait meanwhile", blocked_by(lock));
    }
    text += "\n";
  }
  if (takes_long(statement)) {
    const TimeEstimate& there = *statement.there;
    text +=
        fmt::format("      estimate: about {} there ({} for {} of {} here, about {:.0f} there)\n",
                    about(there.seconds), time_of(statement.seconds),
                    counted(there.rows_here, "row"), shown(there.table), there.rows_there);
  }
  return text;
}

std::string statements_text(std::string_view direction,
                            std::span<const WatchedStatement> statements, bool all) {
  std::string text;
  for (const WatchedStatement& statement : statements) {
    if (all || statement.seconds >= slow_seconds || is_in_the_way(statement) ||
        takes_long(statement))
      text += statement_text(statement);
  }
  return text.empty() ? text : fmt::format("  {}:\n{}", direction, text);
}

std::string finding_text(const Finding& finding, const Painter& paint) {
  const bool wrong = finding.severity == Severity::error;
  const std::string severity(to_string(finding.severity));
  std::string text = fmt::format("  {}[{}]: {}\n", wrong ? paint(Style::red, severity) : severity,
                                 finding.rule, printable(finding.message));
  if (finding.place.line > 0)
    text += fmt::format("    --> {}\n", printable(to_string(finding.place)));
  if (!finding.rewrite.empty() && wrong)
    text += fmt::format("    what to do: {}\n", finding.rewrite);
  return text;
}

std::string head_of(const VerifiedRevision& revision, const Painter& paint) {
  std::string text = paint(Style::yellow, printable(revision.id));
  if (!revision.message.empty()) text += "  " + printable(revision.message);
  text += fmt::format("\n  up ({})", duration_text(revision.up_seconds));
  if (revision.down_seconds)
    text += fmt::format(", down ({})", duration_text(*revision.down_seconds));
  if (revision.irreversible) text += ", no way down";
  return text + ", " + counted(revision.rows, "row") + " before\n";
}

std::size_t count_of(const Verification& verification, Severity severity) {
  return static_cast<std::size_t>(
      std::count_if(verification.findings.begin(), verification.findings.end(),
                    [&](const Finding& finding) { return finding.severity == severity; }));
}

void write_lock(const RelationName& table, LockLevel lock, JsonWriter& json) {
  json.member("schema", table.schema)
      .member("table", table.name)
      .member("mode", mode_of(table, lock));
}

void write_locks(std::string_view key, std::span<const WatchedStatement> statements,
                 std::span<const TableStatistics> sizes, JsonWriter& json) {
  json.key(key).begin_array();
  for (const auto& [table, lock] : strongest_locks(statements)) {
    json.begin_object();
    write_lock(table, lock, json);
    if (const TableStatistics* size = size_of(sizes, table))
      json.member("estimated_rows", size->rows).member("bytes", size->bytes);
    json.end_object();
  }
  json.end_array();
}

void write_statement(std::string_view direction, const WatchedStatement& statement,
                     JsonWriter& json) {
  json.begin_object()
      .member("direction", direction)
      .member("file", statement.place.file)
      .member("line", statement.place.line)
      .member("statement", statement.text)
      .member("seconds", statement.seconds);
  if (statement.there) {
    json.key("estimate")
        .begin_object()
        .member("seconds", statement.there->seconds)
        .member("schema", statement.there->table.schema)
        .member("table", statement.there->table.name)
        .member("rows_here", statement.there->rows_here)
        .member("rows_there", statement.there->rows_there)
        .end_object();
  }
  std::map<RelationName, TableImpact> tables = statement.seen.impacts;
  for (const auto& [table, lock] : statement.seen.held) tables.try_emplace(table);
  for (const auto& [table, rows] : statement.seen.rows) tables.try_emplace(table);
  json.key("tables").begin_array();
  for (const auto& [table, impact] : tables) {
    json.begin_object();
    write_lock(table, lock_of(statement, table), json);
    const auto rows = statement.seen.rows.find(table);
    const RowWork work = rows == statement.seen.rows.end() ? RowWork{} : rows->second;
    json.member("taken_here", impact.lock != LockLevel::none)
        .member("rewrites", impact.rewrite)
        .member("scans", impact.scan || impact.foreign_key_scan)
        .member("builds_index", impact.index_build)
        .member("rows_read", work.read)
        .member("rows_written", work.written);
    json.end_object();
  }
  json.end_array().end_object();
}

void write_revision(const VerifiedRevision& revision, std::span<const TableStatistics> sizes,
                    JsonWriter& json) {
  json.begin_object().member("id", revision.id).member("up_seconds", revision.up_seconds);
  if (revision.down_seconds)
    json.member("down_seconds", *revision.down_seconds);
  else
    json.key("down_seconds").null();
  json.member("irreversible", revision.irreversible).member("rows", revision.rows);
  write_locks("locks", revision.up, sizes, json);
  write_locks("down_locks", revision.down, sizes, json);
  json.key("statements").begin_array();
  for (const WatchedStatement& statement : revision.up) write_statement("upgrade", statement, json);
  for (const WatchedStatement& statement : revision.down)
    write_statement("downgrade", statement, json);
  json.end_array().end_object();
}

}  // namespace

std::string verification_text(const Verification& verification,
                              std::span<const TableStatistics> sizes, bool all_statements,
                              const Painter& paint) {
  std::string text;
  const auto add_findings = [&](const std::string& revision) {
    for (const Finding& finding : verification.findings) {
      if (finding.revision == revision) text += finding_text(finding, paint);
    }
  };
  for (const VerifiedRevision& revision : verification.revisions) {
    text += head_of(revision, paint);
    text += lock_lines("  ", revision.up, sizes);
    text += statements_text("up", revision.up, all_statements);
    text += statements_text("down", revision.down, all_statements);
    add_findings(revision.id);
  }
  // Of a revision that could not even be run, and of all of them together.
  for (const Finding& finding : verification.findings) {
    const bool shown = std::any_of(
        verification.revisions.begin(), verification.revisions.end(),
        [&](const VerifiedRevision& revision) { return revision.id == finding.revision; });
    if (shown) continue;
    if (!finding.revision.empty()) text += printable(finding.revision) + "\n";
    text += finding_text(finding, paint);
  }
  for (const std::string& statement : verification.passed_over)
    text += fmt::format("not run: {}: it reaches beyond the database\n", printable(statement));
  const std::size_t findings = count_of(verification, Severity::error);
  const std::size_t notices = count_of(verification, Severity::notice);
  text += fmt::format("Verified {}{}: {}{}\n", counted(verification.revisions.size(), "revision"),
                      verification.way_back ? ", there and back" : "",
                      findings == 0 ? "nothing is wrong" : counted(findings, "finding"),
                      notices == 0 ? "" : fmt::format(", {}", counted(notices, "notice")));
  return text;
}

std::string verification_json(const Verification& verification,
                              std::span<const TableStatistics> sizes) {
  JsonWriter json;
  json.begin_object().member("clean", verification.clean());
  json.key("revisions").begin_array();
  for (const VerifiedRevision& revision : verification.revisions)
    write_revision(revision, sizes, json);
  json.end_array().key("findings");
  write_findings(json, verification.findings, "");
  json.member("way_back", verification.way_back);
  json.key("passed_over").begin_array();
  for (const std::string& statement : verification.passed_over) json.value(statement);
  json.end_array().end_object();
  return json.text() + "\n";
}

}  // namespace limbeck
