#include "report/verification.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "report/findings.h"
#include "report/run_log.h"

namespace limbeck {
namespace {

const TableSize* size_of(std::span<const TableSize> sizes, const HeldLock& lock) {
  const auto found = std::find_if(sizes.begin(), sizes.end(), [&](const TableSize& size) {
    return size.schema == lock.schema && size.table == lock.table;
  });
  return found == sizes.end() ? nullptr : &*found;
}

std::string lock_line(const HeldLock& lock, std::span<const TableSize> sizes) {
  std::string line =
      fmt::format("  lock: {} on {}.{}", lock.mode, printable(lock.schema), printable(lock.table));
  if (const TableSize* size = size_of(sizes, lock))
    line += fmt::format(", about {:.0f} rows, {} MB", std::max(size->rows, 0.0),
                        size->bytes / (1024 * 1024));
  return line + "\n";
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
  return text + fmt::format(", {} row{} before\n", revision.rows, revision.rows == 1 ? "" : "s");
}

std::size_t count_of(const Verification& verification, Severity severity) {
  return static_cast<std::size_t>(
      std::count_if(verification.findings.begin(), verification.findings.end(),
                    [&](const Finding& finding) { return finding.severity == severity; }));
}

std::string plural(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

void write_revision(const VerifiedRevision& revision, std::span<const TableSize> sizes,
                    JsonWriter& json) {
  json.begin_object().member("id", revision.id).member("up_seconds", revision.up_seconds);
  if (revision.down_seconds)
    json.member("down_seconds", *revision.down_seconds);
  else
    json.key("down_seconds").null();
  json.member("irreversible", revision.irreversible).member("rows", revision.rows);
  json.key("locks").begin_array();
  for (const HeldLock& lock : revision.locks) {
    json.begin_object()
        .member("schema", lock.schema)
        .member("table", lock.table)
        .member("mode", lock.mode);
    if (const TableSize* size = size_of(sizes, lock))
      json.member("estimated_rows", size->rows).member("bytes", size->bytes);
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace

std::string verification_text(const Verification& verification, std::span<const TableSize> sizes,
                              const Painter& paint) {
  std::string text;
  const auto add_findings = [&](const std::string& revision) {
    for (const Finding& finding : verification.findings) {
      if (finding.revision == revision) text += finding_text(finding, paint);
    }
  };
  for (const VerifiedRevision& revision : verification.revisions) {
    text += head_of(revision, paint);
    for (const HeldLock& lock : revision.locks) text += lock_line(lock, sizes);
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
  text += fmt::format("Verified {}{}: {}{}\n", plural(verification.revisions.size(), "revision"),
                      verification.way_back ? ", there and back" : "",
                      findings == 0 ? "nothing is wrong" : plural(findings, "finding"),
                      notices == 0 ? "" : fmt::format(", {}", plural(notices, "notice")));
  return text;
}

std::string verification_json(const Verification& verification, std::span<const TableSize> sizes) {
  JsonWriter json;
  json.begin_object().member("clean", verification.clean());
  json.key("revisions").begin_array();
  for (const VerifiedRevision& revision : verification.revisions)
    write_revision(revision, sizes, json);
  json.end_array().key("findings");
  write_findings(json, verification.findings);
  json.member("way_back", verification.way_back);
  json.key("passed_over").begin_array();
  for (const std::string& statement : verification.passed_over) json.value(statement);
  json.end_array().end_object();
  return json.text() + "\n";
}

}  // namespace limbeck
