#include "report/squashed_revision.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "diff/diff.h"
#include "plan/kept_body.h"
#include "report/generated_revision.h"

namespace limbeck {
namespace {

using Position = RevisionGraph::Index;

constexpr std::size_t most_named = 20;

std::string lines(const std::vector<std::string>& texts) {
  std::string result;
  for (std::size_t i = 0; i < texts.size() && i < most_named; ++i)
    result += (result.empty() ? "" : "\n") + texts[i];
  if (texts.size() > most_named) result += fmt::format("\nand {} more", texts.size() - most_named);
  return result;
}

// One dialect's share of the work.
struct DialectWork {
  std::string name = {};
  ReplaySettings replay = {};
  RangeSchemas schemas = {};
  std::vector<Operation> up = {};
  std::vector<Operation> down = {};

  const Dialect& dialect() const { return dialect_named(name); }
  const SchemaDialect& schema_dialect() const { return schema_dialect_named(name); }
};

[[noreturn]] void refuse_script(const Revision& revision) {
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("revision {} is a script, and only revisions of SQL can be "
                                      "squashed",
                                      revision.id),
               .place = revision.place,
               .state = "nothing was changed",
               .hint = "\"limbeck import alembic\" makes revisions of SQL out of scripts"});
}

class Squasher {
 public:
  Squasher(const Chain& chain, const SquashRange& range, const SquashOptions& options)
      : chain_(chain),
        range_(range),
        options_(options),
        before_(before_range(chain.graph(), range)) {
    for (const Position index : range.revisions) {
      files_.push_back(chain.read(index));
      if (files_.back().is_script) refuse_script(files_.back().revision);
    }
  }

  SquashedRevision make() {
    choose_dialects();
    find_irreversible();
    find_data();
    result_.revision = squashed_revision(chain_.graph(), range_, files_.back().hash);
    result_.revision.message = options_.message.substr(0, options_.message.find('\n'));
    result_.revision.description = options_.message;
    result_.revision.created = options_.created;
    for (DialectWork& work : works_)
      work.schemas = replay_range(chain_, before_, range_.revisions, work.replay);
    if (options_.data == SquashedData::keep) {
      keep();
    } else {
      generate();
    }
    for (const DialectWork& work : works_) result_.dialects.push_back(work.name);
    return std::move(result_);
  }

 private:
  // Those that were asked for, and those that the files have sections for.
  void choose_dialects() {
    std::vector<std::string> names = options_.dialects;
    for (const RevisionFile& file : files_) {
      for (const Section& section : file.sections) {
        for (const std::string& name : section.dialects) {
          has_sections_ = true;
          if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
        }
      }
    }
    for (const std::string& name : names) {
      if (name == "mariadb" && options_.data == SquashedData::keep) continue;  // never run today
      DialectWork work;
      work.name = dialect_named(name).name();
      work.replay.dialect = work.name;
      work.replay.server = options_.server;
      work.replay.connect = options_.connect;
      work.replay.access = access_stated(chain_, before_, range_.revisions, dialect_named(name));
      works_.push_back(std::move(work));
    }
  }

  void find_irreversible() {
    for (const RevisionFile& file : files_) {
      bool declared = false;
      bool irreversible = false;
      for (const Section& section : file.sections) {
        declared = declared || section.direction == Direction::downgrade;
        irreversible = irreversible || section.irreversible;
      }
      if (!declared || irreversible) irreversible_.push_back(file.revision.id);
    }
    result_.irreversible = !irreversible_.empty();
  }

  void find_data() {
    if (options_.data == SquashedData::keep) return;
    const RowsBefore rows =
        before_.empty() || !options_.renames.empty() ? RowsBefore::none : RowsBefore::possible;
    std::set<std::string> seen;
    std::vector<std::string> places;
    for (const DialectWork& work : works_) {
      for (const RevisionFile& file : files_) {
        for (DataStatement& found : data_statements(file, work.dialect(), rows)) {
          std::string text = fmt::format("{}: {}", to_string(found.place), found.summary);
          if (!seen.insert(text).second) continue;
          places.push_back(std::move(text));
          result_.left_out.push_back(std::move(found));
        }
      }
    }
    if (places.empty() || options_.data == SquashedData::drop) return;
    throw Error(
        {.code = ExitCode::usage,
         .message = fmt::format("{} statement{} of the range do{} more than change the schema",
                                places.size(), places.size() == 1 ? "" : "s",
                                places.size() == 1 ? "es" : ""),
         .detail = lines(places),
         .state = "nothing was written",
         .hint =
             "--data keep keeps the statements of all revisions, one after another; --data drop "
             "writes the difference of the two schemas and leaves these out"});
  }

  void generate() {
    for (DialectWork& work : works_) {
      check_modelled(work);
      DiffOptions diff_options;
      diff_options.renames = options_.renames;
      diff_options.rules = work.dialect().lexical_rules();
      const RangeSchemas& schemas = work.schemas;
      work.up = diff(schemas.before, schemas.after, work.schema_dialect(), diff_options);
      diff_options.renames = reversed(options_.renames);
      work.down = diff(schemas.after, schemas.before, work.schema_dialect(), diff_options);
    }
    RevisionBody body;
    body.upgrade = generated(Direction::upgrade);
    body.downgrade = result_.irreversible ? no_way_back() : generated(Direction::downgrade);
    prove(render(body));
  }

  // What no model has would be lost without a word.
  void check_modelled(const DialectWork& work) const {
    std::vector<std::string> lost;
    for (const Unmodelled& it : work.schemas.after.unmodelled) {
      if (!work.schemas.before.unmodelled.contains(it)) lost.push_back(it.what);
    }
    for (const Unmodelled& it : work.schemas.refused) lost.push_back(it.what);
    if (lost.empty()) return;
    throw Error({.code = ExitCode::usage,
                 .message = "the range makes what no difference of two schemas shows",
                 .detail = lines(lost),
                 .state = "nothing was written",
                 .hint = "--data keep keeps the statements of all revisions, one after another"});
  }

  // One section for all dialects when all say the same.
  std::string generated(Direction direction) const {
    const auto text_for = [&](const DialectWork& work, const std::vector<std::string>& dialects) {
      const bool up = direction == Direction::upgrade;
      const Schema& from = up ? work.schemas.before : work.schemas.after;
      const Schema& to = up ? work.schemas.after : work.schemas.before;
      const std::string marker = section_marker(direction, dialects, SectionKind::transaction);
      constexpr std::size_t dashes = 3;
      return marker +
             generated_section(up ? work.up : work.down, work.schema_dialect(), from, to,
                               std::string_view(marker).substr(dashes, marker.size() - dashes - 1));
    };
    const std::string first = text_for(works_.front(), {});
    const bool same = std::all_of(works_.begin(), works_.end(), [&](const DialectWork& work) {
      return text_for(work, {}) == first;
    });
    if (same && !has_sections_) return first;
    std::string text;
    for (const DialectWork& work : works_) {
      if (!text.empty()) text += "\n";
      text += text_for(work, {work.name});
    }
    return text;
  }

  void keep() {
    std::vector<const Dialect*> dialects;
    for (const DialectWork& work : works_) dialects.push_back(&work.dialect());
    const auto body = [&](KeptCommit commit) {
      RevisionBody kept = kept_body(files_, dialects, !result_.irreversible, commit);
      if (result_.irreversible) kept.downgrade = no_way_back();
      return kept;
    };
    try {
      prove(render(body(KeptCommit::together)));
    } catch (const ConnectionLost&) {
      throw;
    } catch (const Interrupted&) {
      throw;
    } catch (const DatabaseError&) {
      prove(render(body(KeptCommit::apart)));  // some things need what is before them committed
    }
  }

  std::string no_way_back() const {
    return fmt::format("-- limbeck:downgrade irreversible\n-- as {} {}\n",
                       fmt::join(irreversible_, ", "), irreversible_.size() == 1 ? "is" : "are");
  }

  RevisionFile render(const RevisionBody& body) const {
    RevisionBody trimmed = body;
    for (std::string* text : {&trimmed.upgrade, &trimmed.downgrade}) {
      while (text->ends_with('\n')) text->pop_back();
    }
    const std::string text = render_revision(squashed_revision_template, result_.revision, trimmed);
    return parse_revision_file(text, fmt::format("the squash {}", result_.revision.id));
  }

  void prove(const RevisionFile& squash) {
    for (const DialectWork& work : works_) {
      const SquashSchemas built =
          replay_squash(chain_, before_, squash, !result_.irreversible, work.replay);
      check_same(
          work, work.schemas.after, built.after, "does not build what the range builds",
          "this is a fault of Limbeck where it has written the SQL itself; --data keep keeps "
          "the statements of all revisions");
      if (!built.back) continue;
      check_same(work, work.schemas.before, *built.back,
                 "does not lead back to where the range begins",
                 options_.data == SquashedData::keep
                     ? "a downgrade within the range does not take back its upgrade: mend it where "
                       "it is not applied, or use --data drop"
                     : "this is a fault of Limbeck; --data keep keeps the statements of all "
                       "revisions");
    }
    result_.text = squash.text;
    result_.revision = squash.revision;
  }

  static void check_same(const DialectWork& work, const Schema& wanted, const Schema& got,
                         std::string_view what, std::string hint) {
    DiffOptions diff_options;
    diff_options.rules = work.dialect().lexical_rules();
    std::vector<std::string> differences;
    for (const Operation& operation : diff(got, wanted, work.schema_dialect(), diff_options))
      differences.push_back("missing: " + describe(operation));
    if (differences.empty()) {
      for (const Operation& operation : diff(wanted, got, work.schema_dialect(), diff_options))
        differences.push_back("too much: " + describe(operation));
    }
    if (differences.empty()) return;
    throw Error({.code = ExitCode::invalid_project,
                 .message = fmt::format("on {}, the {} {}", work.name, "squash", what),
                 .detail = lines(differences),
                 .state = "nothing was written",
                 .hint = std::move(hint)});
  }

  const Chain& chain_;
  const SquashRange& range_;
  const SquashOptions& options_;
  std::vector<std::string> before_;
  std::vector<RevisionFile> files_;
  std::vector<DialectWork> works_;
  bool has_sections_ = false;  // of some dialects alone
  std::vector<std::string> irreversible_;
  SquashedRevision result_;
};

}  // namespace

SquashedRevision make_squash(const Chain& chain, const SquashRange& range,
                             const SquashOptions& options) {
  return Squasher(chain, range, options).make();
}

}  // namespace limbeck
