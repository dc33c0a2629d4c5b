#include "plan/kept_body.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

#include "base/terminal.h"
#include "plan/range_statements.h"

namespace limbeck {
namespace {

std::string backfill_marker(const Section& section) {
  const BackfillOptions& options = section.backfill;
  const BackfillOptions usual;
  std::string marker = "-- limbeck:backfill";
  for (const std::string& dialect : section.dialects) marker += " " + dialect;
  marker += " table=" + options.table;
  if (!options.key.empty()) marker += fmt::format(" key={}", fmt::join(options.key, ","));
  if (options.batch != usual.batch) marker += fmt::format(" batch={}", options.batch);
  if (options.rate != usual.rate) marker += fmt::format(" rate={}", options.rate);
  return marker + "\n";
}

// The sections of one direction.
class KeptSections {
 public:
  KeptSections(Direction direction, std::span<const Dialect* const> dialects, KeptCommit commit)
      : direction_(direction), dialects_(dialects), commit_(commit) {}

  void add(const RevisionFile& file, bool last) {
    std::string title =
        fmt::format("-- from {}{}{}\n", printable(file.revision.id),
                    file.revision.message.empty() ? "" : ": ", printable(file.revision.message));
    for (const Section& section : file.sections) {
      if (section.direction != direction_ || section.irreversible) continue;
      std::string_view body = file.body(section);
      while (body.starts_with('\n')) body.remove_prefix(1);
      while (body.ends_with('\n')) body.remove_suffix(1);
      if (body.find_first_not_of(" \t\n") == std::string_view::npos) continue;
      begin(section);
      text_ += std::exchange(title, "");
      text_ += fmt::format("{}\n\n", body);
    }
    if (last) return;
    undo_settings(file);
    if (commit_ == KeptCommit::apart) {
      text_ += section_marker(direction_, {}, SectionKind::no_transaction) +
               "-- commits what is above\nSELECT 1;\n\n";
      dialects_of_section_.clear();
    }
  }

  std::string text() && {
    if (text_.empty()) return section_marker(direction_, {}, SectionKind::transaction);
    while (text_.ends_with("\n\n")) text_.pop_back();
    return std::move(text_);
  }

 private:
  // A backfill without a dialect is for those of the section before it, and goes its way.
  void begin(const Section& section) {
    if (section.kind != SectionKind::backfill) {
      text_ += section_marker(direction_, section.dialects, section.kind);
      dialects_of_section_ = section.dialects;
      return;
    }
    if (text_.empty() || (section.dialects.empty() && !dialects_of_section_.empty())) {
      text_ += section_marker(direction_, {}, SectionKind::transaction);
      dialects_of_section_.clear();
    }
    text_ += backfill_marker(section);
  }

  void undo_settings(const RevisionFile& file) {
    for (const Dialect* dialect : dialects_) {
      const std::vector<std::string> statements = settings_undone(file, direction_, *dialect);
      if (statements.empty()) continue;
      const SectionKind kind = dialect->settings_work_in_transaction()
                                   ? SectionKind::transaction
                                   : SectionKind::no_transaction;
      text_ += section_marker(direction_, {std::string(dialect->name())}, kind);
      text_ += "-- as the next revision found it\n";
      for (const std::string& statement : statements) text_ += statement + ";\n";
      text_ += "\n";
      dialects_of_section_ = {std::string(dialect->name())};
    }
  }

  Direction direction_;
  std::span<const Dialect* const> dialects_;
  KeptCommit commit_;
  std::string text_;
  std::vector<std::string> dialects_of_section_;
};

}  // namespace

std::string section_marker(Direction direction, const std::vector<std::string>& dialects,
                           SectionKind kind) {
  std::string marker = fmt::format("-- limbeck:{}", to_string(direction));
  for (const std::string& dialect : dialects) marker += " " + dialect;
  if (kind == SectionKind::no_transaction) marker += " no-transaction";
  return marker + "\n";
}

RevisionBody kept_body(std::span<const RevisionFile> files,
                       std::span<const Dialect* const> dialects, bool reversible,
                       KeptCommit commit) {
  KeptSections up(Direction::upgrade, dialects, commit);
  KeptSections down(Direction::downgrade, dialects, commit);
  for (std::size_t i = 0; i < files.size(); ++i) {
    up.add(files[i], i + 1 == files.size());
    if (reversible) down.add(files[files.size() - 1 - i], i + 1 == files.size());
  }
  RevisionBody body{.upgrade = std::move(up).text(), .downgrade = {}};
  if (reversible) body.downgrade = std::move(down).text();
  return body;
}

}  // namespace limbeck
