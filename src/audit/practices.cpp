#include "audit/practices.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <set>

#include "audit/type_claims.h"
#include "base/counted.h"
#include "dialect/schema_dialect.h"
#include "sql/statement.h"

namespace limbeck {
namespace {

std::string share(std::size_t part, std::size_t whole, std::string_view what) {
  if (part == whole && whole > 1) return fmt::format("all {} {}", whole, what);
  return fmt::format("{} of {} {}", part, whole, what);
}

// Worth a word: most of them, and not only because there is next to nothing.
bool is_most(std::size_t part, std::size_t whole) {
  return part > 0 && part * 4 >= whole * 3;
}

template <class Test>
std::size_t count(const AuditFacts& facts, const Test& test) {
  return static_cast<std::size_t>(
      std::count_if(facts.revisions.begin(), facts.revisions.end(), test));
}

std::string whole_chain(const AuditFacts& facts) {
  if (!facts.graph_is_whole() || facts.graph.size() == 0 || facts.graph.real_heads().size() != 1 ||
      facts.graph.bases().size() != 1)
    return {};
  return fmt::format("{} from one base to one head, {}, no link broken",
                     counted(facts.graph.size(), "revision"),
                     facts.graph.id(facts.graph.real_heads().front()));
}

std::string applied(const AuditFacts& facts) {
  if (!facts.database || !facts.graph_is_whole() || facts.graph.size() == 0) return {};
  const bool all =
      std::all_of(facts.applied.begin(), facts.applied.end(), [](bool it) { return it; });
  return all ? fmt::format("the database has {}",
                           share(facts.graph.size(), facts.graph.size(), "revisions"))
             : std::string();
}

// What the names of files begin with: eight digits of a date, twelve of an id, a number.
std::string shape_of(const std::string& name) {
  constexpr std::size_t digits_of_date = 8;
  std::size_t digits = 0;
  while (digits < name.size() && std::isdigit(static_cast<unsigned char>(name[digits])) != 0)
    ++digits;
  const bool separated = digits < name.size() && (name[digits] == '_' || name[digits] == '-');
  if (digits == digits_of_date && separated) return "a date, YYYYMMDD";
  if (digits > 0 && separated) return "a number";
  return {};
}

std::string names(const AuditFacts& facts) {
  if (facts.revisions.size() < 2) return {};
  std::set<std::string> shapes;
  for (const RevisionFacts& revision : facts.revisions)
    shapes.insert(shape_of(revision.path.stem().string()));
  if (shapes.size() == 1 && !shapes.begin()->empty())
    return fmt::format("{} begin with {}",
                       share(facts.revisions.size(), facts.revisions.size(), "files"),
                       *shapes.begin());
  const std::size_t by_id = count(facts, [](const RevisionFacts& it) {
    return it.path.stem().string().starts_with(it.revision.id);
  });
  if (by_id < facts.revisions.size()) return {};
  return fmt::format("{} begin with their id", share(by_id, by_id, "files"));
}

std::string messages(const AuditFacts& facts) {
  const std::size_t told = count(facts, [](const RevisionFacts& it) {
    return it.revision.message.find(' ') != std::string::npos;
  });
  if (!is_most(told, facts.revisions.size())) return {};
  return share(told, facts.revisions.size(), "revisions say what they do");
}

std::string comments(const AuditFacts& facts) {
  const std::size_t told = count(facts, [](const RevisionFacts& it) {
    return it.revision.description.find('\n') != std::string::npos;
  });
  if (told == 0) return {};
  return share(told, facts.revisions.size(), "revisions say more than one line about why");
}

std::string downgrades(const AuditFacts& facts) {
  const std::size_t back =
      count(facts, [](const RevisionFacts& it) { return it.down.how != HowRun::cannot; });
  if (!is_most(back, facts.revisions.size())) return {};
  std::string text = share(back, facts.revisions.size(), "revisions have a downgrade");
  if (facts.replay.walked_back) text += ", and each was walked in memory";
  const std::size_t irreversible =
      count(facts, [](const RevisionFacts& it) { return it.down.irreversible; });
  if (irreversible > 0) text += fmt::format("; {} say that there is none", irreversible);
  return text;
}

std::string hand_written(const AuditFacts& facts) {
  const std::size_t scripts = count(facts, [](const RevisionFacts& it) { return it.is_script; });
  const std::size_t by_hand = count(facts, [](const RevisionFacts& it) {
    return it.is_script && it.text.find(".execute(") != std::string::npos;
  });
  if (by_hand == 0) return {};
  return share(by_hand, scripts, "scripts hold SQL that was written by hand");
}

bool makes(const RevisionFacts& revision, std::string_view words) {
  for (const Step& step : revision.up.steps)
    for (const sql::Statement& statement : step.statements)
      if (sql::starts_with(statement, words)) return true;
  return false;
}

std::string indexes(const AuditFacts& facts) {
  std::size_t tables = 0;
  std::size_t indexed = 0;
  for (const RevisionFacts& revision : facts.revisions) {
    if (!makes(revision, "CREATE TABLE")) continue;
    ++tables;
    if (makes(revision, "CREATE INDEX") || makes(revision, "CREATE UNIQUE INDEX")) ++indexed;
  }
  if (indexed * 2 < tables || indexed == 0) return {};
  return share(indexed, tables, "revisions that make tables make indexes with them");
}

const Schema* built(const AuditFacts& facts) {
  return facts.replay.at_heads ? &facts.replay.at_heads->schema : nullptr;
}

std::string foreign_keys(const AuditFacts& facts) {
  const Schema* const schema = built(facts);
  if (schema == nullptr) return {};
  std::size_t keys = 0;
  std::set<RelationName> tables;
  for (const auto& [id, object] : schema->objects) {
    const auto* constraint = std::get_if<Constraint>(&object.definition);
    if (constraint == nullptr || !constraint->foreign_key) continue;
    ++keys;
    tables.insert({id.schema, id.name});
  }
  if (keys == 0) return {};
  return counted(keys, "foreign key") + " in " + counted(tables.size(), "table");
}

std::string enums(const AuditFacts& facts) {
  const Schema* const schema = built(facts);
  if (schema == nullptr) return {};
  std::vector<std::string> names;
  for (const auto& [id, object] : schema->objects)
    if (id.kind == Kind::enumeration) names.push_back(shown_name({id.schema, id.name}));
  if (names.empty()) return {};
  return fmt::format("{}: {}", counted(names.size(), "enum type"), fmt::join(names, ", "));
}

std::string timestamps(const AuditFacts& facts) {
  const Schema* const schema = built(facts);
  if (schema == nullptr) return {};
  std::size_t tables = 0;
  std::size_t stamped = 0;
  for (const auto& [id, object] : schema->objects) {
    if (id.kind != Kind::table) continue;
    ++tables;
    const auto columns = columns_of(*schema, id.schema, id.name);
    stamped += std::any_of(columns.begin(), columns.end(), [](const Object* column) {
      return column->id.part.starts_with("created") || column->id.part.starts_with("updated");
    });
  }
  if (stamped * 2 < tables || stamped == 0) return {};
  return share(stamped, tables, "tables say when a row was written");
}

}  // namespace

std::vector<Practice> practices() {
  return {
      {"whole-chain", "The chain is whole", whole_chain},
      {"applied", "The database is up to date", applied},
      {"names", "Files are named alike", names},
      {"messages", "Revisions say what they do", messages},
      {"comments", "Revisions say why", comments},
      {"downgrades", "There is a way back", downgrades},
      {"hand-written", "What matters is written by hand", hand_written},
      {"indexes", "Indexes come with their tables", indexes},
      {"foreign-keys", "Foreign keys are declared", foreign_keys},
      {"enums", "Enums are types of their own", enums},
      {"timestamps", "Rows have timestamps", timestamps},
  };
}

}  // namespace limbeck
