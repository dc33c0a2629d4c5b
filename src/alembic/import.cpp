#include "alembic/import.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

#include "dialect/dialect.h"
#include "plan/kept_body.h"
#include "plan/plan.h"
#include "plan/plan_script.h"
#include "revision/marker.h"
#include "revision/template.h"

namespace limbeck {
namespace {

// Python's comments as SQL's.
std::string comment_sql(std::string_view comment) {
  std::string sql;
  while (!comment.empty()) {
    std::string_view line = comment.substr(0, comment.find('\n'));
    comment.remove_prefix(std::min(line.size() + 1, comment.size()));
    line.remove_prefix(std::min(line.find_first_not_of("# \t"), line.size()));
    if (line.empty() || line.starts_with("### ")) continue;
    sql += fmt::format("-- {}{}\n", line.starts_with("limbeck:") ? "> " : "", line);
  }
  return sql;
}

// One line, for a comment.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return text;
}

// A comment in a statement that would be a marker where it is going to stand is none any more.
std::string without_markers(std::string sql, const Dialect& dialect) {
  for (;;) {
    const std::size_t found = sql::find_comment(sql, marker_prefix, dialect.lexical_rules(), {});
    if (found == std::string::npos) return sql;
    sql.insert(found + 2, " >");
  }
}

std::string statement_sql(const sql::Statement& statement, const Dialect& dialect) {
  std::string sql = without_markers(statement.text + ";\n", dialect);
  if (statement.copy_data) sql += *statement.copy_data + "\\.\n";
  return sql;
}

}  // namespace

AlembicImport::AlembicImport(const Chain& chain, Scripts& scripts,
                             std::vector<std::string> dialects)
    : chain_(chain), scripts_(scripts), dialects_(std::move(dialects)) {
  std::vector<RevisionGraph::Index> all;
  for (const RevisionGraph::Index index : chain_.graph().topological_order()) all.push_back(index);
  for (const std::string& name : dialects_) {
    for (const Direction direction : {Direction::upgrade, Direction::downgrade})
      chain_.announce(all, direction, dialect_named(name), PlanUse::offline);
    if (name == "sqlite")
      replays_[name] = std::make_unique<OfflineReplay>(chain_, dialect_named(name));
  }
}

AlembicImport::Parts AlembicImport::convert(RevisionGraph::Index index, Direction direction,
                                            const Dialect& dialect) {
  const RevisionFile file = chain_.read(index);
  try {
    const Recording recording = scripts_.record(
        {.file = file,
         .dialect = dialect,
         .request = chain_.script_request(index, file, direction, PlanUse::offline)});
    if (recording.needs) {
      const bool query = recording.needs->what == ScriptNeed::What::query;
      return {{.manual = fmt::format("{} ({})",
                                     query ? "it asks the database" : "it needs the application",
                                     one_line(recording.needs->text))}};
    }
    if (!plan_script(file, recording, dialect)) {
      std::string above;
      for (const ScriptItem& item : recording.items) {
        if (const auto* it = std::get_if<ScriptStatement>(&item)) above += comment_sql(it->comment);
        if (const auto* it = std::get_if<ScriptTableChanges>(&item))
          above += comment_sql(it->comment);
      }
      return looked_at(index, direction, dialect, std::move(above));
    }
    Parts parts;
    bool alone = false;
    bool left = false;
    for (const ScriptItem& item : recording.items) {
      if (const auto* boundary = std::get_if<ScriptAutocommit>(&item)) {
        alone = boundary->enter;
        left = false;
      }
      // What is committed before the next statement: each alone, as sections that follow each other
      // would be one transaction.
      if (std::holds_alternative<ScriptCommit>(item) && !parts.empty()) parts.back().alone = true;
      const auto* statement = std::get_if<ScriptStatement>(&item);
      if (statement == nullptr) continue;
      std::string comment = comment_sql(statement->comment);
      for (const sql::Statement& it : statements_of(*statement, file, dialect)) {
        const TransactionControl control = transaction_control(it);
        if (control != TransactionControl::none) {
          left = control == TransactionControl::leave;
          continue;
        }
        const bool by_itself = alone || left || must_be_outside(it, dialect);
        if (parts.empty() || parts.back().alone != by_itself) parts.push_back({.alone = by_itself});
        Part& part = parts.back();
        part.sql += (part.sql.empty() ? "" : "\n") + std::exchange(comment, "") +
                    statement_sql(it, dialect);
      }
    }
    return parts;
  } catch (const Interrupted&) {
    throw;
  } catch (const EngineNeeded&) {
    throw;
  } catch (const Error& error) {
    return {{.manual = one_line(error.report().message)}};
  }
}

AlembicImport::Parts AlembicImport::looked_at(RevisionGraph::Index index, Direction direction,
                                              const Dialect& dialect, std::string comments) {
  const PlannedRevision planned = chain_.plan(index, direction, dialect, PlanUse::offline);
  OfflineReplay& replay = *replays_.at(std::string(dialect.name()));
  Part setting{.alone = true, .sql = "PRAGMA foreign_keys = OFF;\n"};
  Part part;
  part.sql = std::move(comments);
  bool is_first = true;
  for (const std::string& sql : replay.try_out(planned))
    part.sql += fmt::format("{}{};\n", std::exchange(is_first, false) ? "" : "\n", sql);
  return {setting, part};
}

std::string AlembicImport::section_text(RevisionGraph::Index index, Direction direction,
                                        std::vector<std::string>& manual) {
  std::vector<std::pair<std::vector<std::string>, Parts>> variants;
  for (const std::string& name : dialects_) {
    Parts parts = convert(index, direction, dialect_named(name));
    for (const Part& part : parts) {
      if (!part.manual.empty())
        manual.push_back(fmt::format("{} on {}: {}", to_string(direction), name, part.manual));
    }
    const auto same = std::find_if(variants.begin(), variants.end(),
                                   [&](const auto& it) { return it.second == parts; });
    if (same != variants.end()) {
      same->first.push_back(name);
    } else {
      variants.emplace_back(std::vector{name}, std::move(parts));
    }
  }
  std::string text;
  for (auto& [names, parts] : variants) {
    if (variants.size() == 1 && dialects_.size() > 1) names.clear();
    if (parts.empty() && variants.size() > 1) continue;
    if (parts.empty()) parts.push_back({});
    for (const Part& part : parts) {
      std::string marker = section_marker(
          direction, names, part.alone ? SectionKind::no_transaction : SectionKind::transaction);
      if (!part.manual.empty()) {
        marker.insert(marker.size() - 1, " manual");
        marker += fmt::format("-- {}\n", part.manual);
      }
      text += (text.empty() ? "" : "\n") + marker + part.sql;
    }
  }
  return text;
}

ImportedRevision AlembicImport::revision(RevisionGraph::Index index) {
  ImportedRevision result;
  const Revision& revision = chain_.graph().at(index);
  std::string sections = section_text(index, Direction::upgrade, result.manual);
  for (auto& [name, replay] : replays_) {
    try {
      replay->run(chain_.plan(index, Direction::upgrade, dialect_named(name), PlanUse::offline));
    } catch (const Error&) {
      continue;  // said above, as what has to be written by a person
    }
  }
  std::vector<std::string> down;
  std::string back = section_text(index, Direction::downgrade, down);
  const auto raises = [](const std::string& reason) {
    return reason.find("raised NotImplementedError") != std::string::npos ||
           reason.find("has no function downgrade") != std::string::npos;
  };
  if (!down.empty() && std::all_of(down.begin(), down.end(), raises)) {
    back = "-- limbeck:downgrade irreversible\n";
    down.clear();
  }
  result.manual.insert(result.manual.end(), down.begin(), down.end());
  result.text = render_revision(squashed_revision_template, revision,
                                {.upgrade = std::move(sections), .downgrade = std::move(back)});
  return result;
}

}  // namespace limbeck
