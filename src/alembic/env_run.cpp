#include "alembic/env_run.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "alembic/application_text.h"
#include "alembic/env_file.h"
#include "alembic/env_machine.h"
#include "alembic/python_tree.h"

namespace limbeck::alembic {
namespace {

constexpr std::size_t most_stops = 10;

// The same database for every driver: "postgresql+asyncpg://" is "postgresql://".
std::string without_driver(const std::string& url) {
  const std::size_t end = url.find("://");
  const std::size_t plus = url.find('+');
  if (end == std::string::npos || plus > end) return url;
  return url.substr(0, plus) + url.substr(end);
}

// What comes together of one answer.
class Answers {
 public:
  void add(const EnvValue* value, int line) {
    const bool is_text = value->is(EnvValue::Kind::text);
    if (is_text || value->is(EnvValue::Kind::none)) {
      add_known(value->text, line);
    } else {
      add_unknown(line);
    }
    add_variable(value->variable);
    if (value->changes_variable) changed_.push_back(value->variable);
  }
  void add_unknown(int line) {
    is_known_ = false;
    if (line_of_unknown_ == 0) line_of_unknown_ = line;
  }
  void add_variable(const std::string& name) {
    const bool is_new = std::find(variables_.begin(), variables_.end(), name) == variables_.end();
    if (is_new && !name.empty()) variables_.push_back(name);
  }

  EnvAnswer take() && {
    EnvAnswer answer;
    answer.is_known = is_known_ && known_.size() < 2;
    answer.line = line_of_unknown_ > 0 ? line_of_unknown_ : line_;
    if (answer.is_known && !known_.empty()) answer.text = std::move(known_.front());
    if (!answer.is_known) answer.candidates = std::move(known_);
    answer.variables = std::move(variables_);
    answer.changed = std::move(changed_);
    return answer;
  }

 private:
  void add_known(const std::string& text, int line) {
    const bool is_there = std::any_of(known_.begin(), known_.end(), [&](const std::string& it) {
      return without_driver(it) == without_driver(text);
    });
    if (is_there) return;
    known_.push_back(text);
    line_ = line_ == 0 ? line : std::min(line_, line);
  }

  bool is_known_ = true;
  int line_ = 0;
  int line_of_unknown_ = 0;
  std::vector<std::string> known_;
  std::vector<std::string> variables_;
  std::vector<std::string> changed_;
};

// What the application gives, and is known to be the default: asked once, for it takes reading.
class Defaults {
 public:
  explicit Defaults(const AlembicProject& project) : project_(project) {}

  const EnvValue* known(const EnvValue* value) {
    if (!value->is(EnvValue::Kind::unknown)) return value;
    const auto [asked, is_new] = asked_.emplace(value->text, false);
    if (is_new) asked->second = says_nothing_of_version_table(project_, value->text);
    return asked->second ? &none_ : value;
  }

 private:
  const AlembicProject& project_;
  const EnvValue none_ = {.kind = EnvValue::Kind::none};
  std::map<std::string, bool> asked_;
};

// The ways through env.py, one after the other.
class Ways {
 public:
  Ways(const AlembicProject& project, const PythonTree& tree)
      : project_(project), tree_(tree), defaults_(project) {}

  EnvRun follow() {
    EnvMachine machine(project_, tree_);
    int line = 0;
    try {
      go_through(machine);
      // The rest is known all the same, for a url that is given in another way.
      is_behind_ = run_.end == End::stops || (lack_ && known_.executed.empty());
      if (is_behind_) go_behind(line);
    } catch (const EnvTooLong&) {
      EnvRun run;
      run.end = End::too_long;
      run.line = line > 0 ? line : machine.line();
      return run;
    }
    run_.knows_version_table = run_.knows_version_table || (run_.is_followed() && !is_behind_) ||
                               run_.end == End::unconfigured;
    run_.url = std::move(known_.url).take();
    run_.version_table = std::move(known_.table).take();
    run_.version_table_schema = std::move(known_.schema).take();
    run_.executed = std::move(known_.executed);
    run_.may_be_configured = known_.is_any_configured && !known_.is_any_other && !lack_;
    take_engines();
    find_dotenv(machine.dotenv_variables());
    run_.line_of_x_arguments = machine.line_of_x_arguments();
    return std::move(run_);
  }

 private:
  using End = EnvRun::End;
  struct Engine {
    std::string name = {};
    Answers url = {};
    Answers table = {};
    Answers schema = {};
    int ways = 0;  // that migrate it
  };
  struct Known {
    std::vector<Engine> engines = {};
    bool has_other_engines = false;
    int ways = 0;
    std::vector<std::string> arguments = {};
    bool gives_nothing = false;
    Answers url = {};
    Answers table = {};
    Answers schema = {};
    std::vector<std::vector<std::string>> executed = {};
    // Of those urls that are not known.
    bool is_any_configured = false;
    bool is_any_other = false;
  };

  // The larger, the farther a way comes.
  static int rank(End end) {
    switch (end) {
      case End::migrates:
        return 4;
      case End::unseen:
        return 3;
      case End::does_nothing:
        return 2;
      case End::unconfigured:
        return 1;
      case End::stops:
      case End::fails:
      case End::broken:
      case End::too_long:
        break;
    }
    return 0;
  }

  void go_through(EnvMachine& machine) {
    while (machine.next_way()) {
      machine.run();
      take_way(machine);
    }
    run_.statements.insert(machine.statements().begin(), machine.statements().end());
    run_.reached.insert(machine.reached().begin(), machine.reached().end());
  }

  // One thing after the other that it asks for is taken to be there. reached: as far as it comes.
  void go_behind(int& reached) {
    const End end = run_.end;
    const int line = run_.line;
    std::size_t passed = 0;
    do {
      passed = stops_.size();
      EnvMachine machine(project_, tree_, EnvMachine::Needs::are_met);
      if (end == End::stops) machine.go_on_behind(stops_);
      has_end_ = false;
      try {
        go_through(machine);
      } catch (const EnvTooLong&) {
        reached = machine.line();
        throw;
      }
    } while (run_.end == End::stops && stops_.size() > passed && passed < most_stops);
    run_.knows_version_table = run_.is_followed() && !known_.executed.empty();
    if (end == End::stops || run_.knows_version_table) {
      run_.end = end;
      run_.line = line;
    } else {
      run_.end = End::fails;
      run_.line = lack_->line;
      run_.error = lack_->type;
    }
  }

  // Whether this way comes as far as any other.
  bool comes_to(End end, int line) {
    if (has_end_ && rank(end) < rank(run_.end)) return false;
    if (!has_end_ || rank(end) > rank(run_.end)) {
      run_.end = end;
      run_.line = line;
      known_ = {};
    }
    has_end_ = true;
    return true;
  }

  void take_way(const EnvMachine& machine) {
    const std::optional<EnvError>& error = machine.error();
    if (!machine.targets().empty()) return take_targets(machine);
    if (error && error->is_of_environment) {
      if (!comes_to(End::migrates, 0)) return;
      if (!lack_) lack_ = error;
      if (run_.unset.empty()) run_.unset = error->variable;
      run_.lacks_option = run_.lacks_option || error->variable.empty();
      known_.url.add_unknown(error->line);
      known_.url.add_variable(error->variable);
    } else if (error) {
      if (error->is_meant) stops_.insert(error->line);
      const bool is_farthest = comes_to(error->is_meant ? End::stops : End::fails, error->line);
      if (is_farthest && run_.error.empty()) run_.error = error->type;
    } else {
      const int line = machine.left_to_others_in();
      comes_to(line > 0 ? End::unseen : End::unconfigured, line);
    }
  }

  void take_targets(const EnvMachine& machine) {
    std::set<std::string> migrated;
    const std::size_t count = machine.targets().size();
    for (std::size_t at = 0; at < count; ++at) {
      const EnvTarget& target = machine.targets()[at];
      if (!comes_to(target.is_migrated ? End::migrates : End::does_nothing, target.table_line))
        continue;
      take_target(target);
      take_arguments(target.arguments);
      const auto name = engine_name(target, at, count);
      const bool is_of_several = count > 1 || has_arguments(target.arguments);
      known_.has_other_engines = known_.has_other_engines || (!name && is_of_several);
      if (name) add_to_engine(*name, target, migrated.insert(*name).second);
    }
    ++known_.ways;
  }

  static bool has_arguments(const EnvArguments& arguments) {
    return arguments.is_open || !arguments.named.empty();
  }

  // Nothing: it has none, or that is not known.
  std::optional<std::string> engine_name(const EnvTarget& target, std::size_t at,
                                         std::size_t count) const {
    const auto& given = target.arguments.named;
    if (has_arguments(target.arguments)) {
      auto named = given.find("engine_name");
      if (named == given.end() && given.size() == 1) named = given.begin();
      const bool is_known = named != given.end() && named->second->is(EnvValue::Kind::text);
      return is_known ? std::optional(named->second->text) : std::nullopt;
    }
    // Without names they are those that alembic.ini lists.
    const std::vector<AlembicEngine>& listed = project_.engines;
    if (count > 1 && listed.size() == count) return listed[at].name;
    const auto same = std::find_if(listed.begin(), listed.end(), [&](const AlembicEngine& it) {
      return target.url->is(EnvValue::Kind::text) && it.url == target.url->text;
    });
    return same == listed.end() ? std::nullopt : std::optional(same->name);
  }

  void add_to_engine(const std::string& name, const EnvTarget& target, bool is_new_way) {
    auto engine = std::find_if(known_.engines.begin(), known_.engines.end(),
                               [&](const Engine& it) { return it.name == name; });
    if (engine == known_.engines.end()) {
      known_.engines.push_back({.name = name});
      engine = known_.engines.end() - 1;
    }
    engine->ways += is_new_way ? 1 : 0;
    engine->url.add(target.url, target.url_line);
    engine->table.add(defaults_.known(target.table), target.table_line);
    engine->schema.add(defaults_.known(target.schema), target.schema_line);
  }

  void take_arguments(const EnvArguments& arguments) {
    known_.gives_nothing = known_.gives_nothing || !has_arguments(arguments);
    const auto add = [&](const std::string& name) {
      auto& all = known_.arguments;
      if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
    };
    for (const auto& [name, value] : arguments.named) add(name);
    if (arguments.is_open) add("**");
  }

  void take_engines() {
    for (Engine& engine : known_.engines)
      run_.engines.push_back({.name = engine.name,
                              .url = std::move(engine.url).take(),
                              .version_table = std::move(engine.table).take(),
                              .version_table_schema = std::move(engine.schema).take(),
                              .is_always_migrated = engine.ways == known_.ways});
    run_.has_other_engines = known_.has_other_engines;
    run_.arguments = std::move(known_.arguments);
    run_.gives_nothing = known_.gives_nothing;
  }

  void take_target(const EnvTarget& target) {
    if (lack_ && is_behind_) {
      known_.url.add_unknown(lack_->line);
      known_.url.add_variable(lack_->variable);
    } else {
      known_.url.add(target.url, target.url_line);
      const bool is_unknown = target.url->is(EnvValue::Kind::unknown);
      (target.url->is_configured ? known_.is_any_configured : known_.is_any_other) |= is_unknown;
    }
    known_.table.add(defaults_.known(target.table), target.table_line);
    known_.schema.add(defaults_.known(target.schema), target.schema_line);
    known_.executed.push_back(target.executed);
  }

  void find_dotenv(const std::set<std::string>& variables) {
    if (run_.url.is_known) return;
    for (const std::string& name : run_.url.variables)
      if (run_.dotenv.empty() && variables.contains(name)) run_.dotenv = name;
  }

  const AlembicProject& project_;
  const PythonTree& tree_;
  Defaults defaults_;
  std::optional<EnvError> lack_;
  std::set<int> stops_;     // the lines in which it ends itself
  bool is_behind_ = false;  // what follows what is missing is looked at
  bool has_end_ = false;
  Known known_;
  EnvRun run_;
};

}  // namespace

EnvRun follow_env(const AlembicProject& project, const std::string& text) {
  const PythonTree tree = parse_python(text);
  if (tree.broken_in == 0) return Ways(project, tree).follow();
  EnvRun run;
  run.end = EnvRun::End::broken;
  run.line = tree.broken_in;
  return run;
}

void follow_env_of(AlembicProject& project) {
  if (const auto text = read_env_file(project))
    project.env_run = std::make_shared<const EnvRun>(follow_env(project, *text));
}

const EnvRun* env_run_of(const AlembicProject& project) {
  return project.env_run.get();
}

}  // namespace limbeck::alembic
