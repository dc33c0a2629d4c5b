#include "cli/arguments.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "limbeck/error.h"

#include "base/edit_distance.h"

namespace limbeck::cli {
namespace {

[[noreturn]] void fail(std::string message, std::string hint) {
  throw Error({.code = ExitCode::usage, .message = std::move(message), .hint = std::move(hint)});
}

std::string help_hint(const CommandSpec* command) {
  if (command == nullptr) return "\"limbeck --help\" lists the commands";
  return fmt::format("\"limbeck {} --help\" shows what it takes", command->name);
}

// CLI11 says "--url: 1 required  missing" or "--url: At Most 1 required but received 2".
std::string mismatch_text(std::string_view what) {
  const std::string_view option = what.substr(0, what.find(':'));
  const bool missing = what.find("missing") != std::string_view::npos;
  return fmt::format("{} {}", option, missing ? "needs a value" : "is given more than once");
}

// An option or argument as CLI11 knows it, and its name in the table.
struct Bound {
  std::string_view name;
  CLI::Option* option;
};

Bound add_option(CLI::App& app, const OptionSpec& spec) {
  std::string names(spec.name);
  if (!spec.short_name.empty()) names = fmt::format("{},{}", spec.short_name, spec.name);
  if (spec.value.empty()) return {spec.name, app.add_flag(names)};
  CLI::Option* option = app.add_option(names);
  option->type_size(1)->allow_extra_args(false);
  if (spec.repeatable) {
    option->expected(1, CLI::detail::expected_max_vector_size);
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  return {spec.name, option};
}

// Whether the argument is there is looked at later: --help does without it.
Bound add_positional(CLI::App& app, const PositionalSpec& spec) {
  CLI::Option* option = app.add_option(std::string(spec.name))->type_size(1);
  if (spec.most == many) {
    option->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args(true);
  } else {
    option->expected(spec.most);
  }
  return {spec.name, option};
}

class Parser {
 public:
  // Of the commands, those alone that a word may call: to describe them all to CLI11 takes longer
  // than to parse.
  explicit Parser(std::span<const std::string> words) {
    app_.set_help_flag();
    app_.allow_extras();
    help_.push_back(app_.add_flag("-h,--help"));
    version_ = app_.add_flag("--version");
    for (const OptionSpec& spec : global_options()) globals_.push_back(add_option(app_, spec));
    for (const CommandSpec& spec : commands()) {
      if (is_among(words, spec.name) || is_among(words, spec.alias)) add_command(spec);
    }
    app_.require_subcommand(0, 1);
  }

  Arguments parse(std::span<const std::string> arguments) {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
      app_.parse(std::move(reversed));
    } catch (const CLI::ArgumentMismatch& error) {
      fail(mismatch_text(error.what()), help_hint(chosen()));
    } catch (const CLI::ParseError& error) {
      fail(fmt::format("the command line is wrong: {}", error.what()), help_hint(chosen()));
    }
    Arguments result;
    result.command = chosen();
    result.help = std::any_of(help_.begin(), help_.end(),
                              [](const CLI::Option* option) { return option->count() > 0; });
    result.version = version_->count() > 0;
    collect(globals_, result);
    for (const Sub& sub : subs_) {
      if (sub.app->parsed()) collect(sub.bound, result);
    }
    refuse_extras(result.command);
    if (result.help || result.version) return result;
    if (result.command != nullptr) {
      check_positionals(result);
      check_json(result);
    }
    check_switches(global_options(), result);
    if (result.command != nullptr) check_switches(result.command->options, result);
    check_not_empty(result);
    return result;
  }

 private:
  static bool is_among(std::span<const std::string> words, std::string_view name) {
    return std::find(words.begin(), words.end(), name) != words.end();
  }

  struct Sub {
    const CommandSpec* spec;
    CLI::App* app;
    std::vector<Bound> bound;
  };

  void add_command(const CommandSpec& spec) {
    CLI::App* app = app_.add_subcommand(std::string(spec.name));
    if (!spec.alias.empty()) app->alias(std::string(spec.alias));
    app->set_help_flag();
    app->fallthrough();
    app->allow_extras();
    help_.push_back(app->add_flag("-h,--help"));
    Sub sub{&spec, app, {}};
    for (const OptionSpec& option : spec.options) sub.bound.push_back(add_option(*app, option));
    for (const PositionalSpec& positional : spec.positionals) {
      sub.bound.push_back(add_positional(*app, positional));
    }
    subs_.push_back(std::move(sub));
  }

  const CommandSpec* chosen() const {
    for (const Sub& sub : subs_) {
      if (sub.app->parsed()) return sub.spec;
    }
    return nullptr;
  }

  static void collect(const std::vector<Bound>& bound, Arguments& result) {
    for (const auto& [name, option] : bound) {
      if (option->count() > 0) result.set(name, option->results());
    }
  }

  void refuse_extras(const CommandSpec* command) const {
    std::vector<std::string> extras = app_.remaining(true);
    const bool is_ended = std::erase(extras, "--") > 0;
    if (extras.empty()) return;
    const std::string& extra = extras.front();
    if (is_ended && extra.starts_with('-') && extra.size() > 1) {
      fail(fmt::format("\"{}\" stands behind \"--\", where no options are", extra),
           "write the options before it: limbeck upgrade --no-backup -- -1");
    }
    if (extra.starts_with('-') && extra.size() > 1) refuse_option(extra, command);
    if (command != nullptr) {
      fail(fmt::format("\"{}\" is one argument too many for \"limbeck {}\"", extra, command->name),
           help_hint(command));
    }
    std::vector<std::string_view> known;
    for (const CommandSpec& spec : commands()) {
      if (!spec.hidden) known.push_back(spec.name);
    }
    const std::vector<std::string> near = closest_names(extra, known);
    fail(fmt::format("there is no command \"{}\"", extra),
         near.empty() ? help_hint(nullptr) : did_you_mean(near));
  }

  [[noreturn]] static void refuse_option(const std::string& extra, const CommandSpec* command) {
    const std::string name = extra.substr(0, extra.find('='));
    std::vector<std::string_view> known{"--help"};
    for (const OptionSpec& spec : global_options()) known.push_back(spec.name);
    if (command != nullptr) {
      for (const OptionSpec& spec : command->options) known.push_back(spec.name);
    } else {
      known.push_back("--version");
    }
    const std::vector<std::string> near = closest_names(name, known);
    const std::string where =
        command == nullptr ? "limbeck" : fmt::format("limbeck {}", command->name);
    fail(fmt::format("\"{}\" has no option {}", where, name),
         near.empty() ? help_hint(command) : did_you_mean(near));
  }

  // CLI11 takes --flag=no for the flag, and what follows for a value of its own.
  static void check_switches(std::span<const OptionSpec> options, const Arguments& arguments) {
    for (const OptionSpec& option : options) {
      if (!option.value.empty() || option.may_have_value) continue;
      for (const std::string& value : arguments.values(option.name)) {
        if (value == "true") continue;
        fail(fmt::format("{} takes no value", option.name),
             fmt::format("leave out \"={}\"; or {} altogether", value, option.name));
      }
    }
  }

  static void check_json(const Arguments& arguments) {
    if (!arguments.command->text_only || !arguments.has("--json")) return;
    fail(fmt::format("\"limbeck {}\" has no JSON form", arguments.command->name),
         "leave out --json");
  }

  static bool has_empty_value(const Arguments& arguments, std::string_view name) {
    const std::vector<std::string> values = arguments.values(name);
    return std::find(values.begin(), values.end(), "") != values.end();
  }

  // Often a variable of a shell that is not set: nothing else may be taken in its place, no other
  // database, and no head for a revision. A message may say nothing.
  static void check_not_empty(const Arguments& arguments) {
    if (has_empty_value(arguments, "--url")) {
      fail("--url is empty", "name a database, or leave out --url for the configured one");
    }
    if (has_empty_value(arguments, "--engine"))
      fail("--engine is empty", "the main one of Flask-Migrate's databases is named '<default>'");
    const auto check = [&](std::string_view name) {
      if (!has_empty_value(arguments, name)) return;
      fail(fmt::format("{} is empty", name), "give it a value, or leave it out");
    };
    for (const OptionSpec& spec : global_options()) {
      if (!spec.value.empty()) check(spec.name);
    }
    if (arguments.command == nullptr || arguments.command->hidden) return;
    for (const OptionSpec& spec : arguments.command->options) {
      if (!spec.value.empty() && spec.name != "--message") check(spec.name);
    }
    for (const PositionalSpec& spec : arguments.command->positionals) check(spec.name);
  }

  static void check_positionals(const Arguments& arguments) {
    for (const PositionalSpec& spec : arguments.command->positionals) {
      if (static_cast<int>(arguments.values(spec.name).size()) < spec.least) {
        fail(fmt::format("\"limbeck {}\" needs {}: {}", arguments.command->name, spec.name,
                         spec.help),
             help_hint(arguments.command));
      }
    }
  }

  CLI::App app_;
  std::vector<CLI::Option*> help_;
  CLI::Option* version_ = nullptr;
  std::vector<Bound> globals_;
  std::vector<Sub> subs_;
};

}  // namespace

std::string Arguments::value(std::string_view option) const {
  const auto found = values_.find(option);
  return found == values_.end() || found->second.empty() ? "" : found->second.back();
}

std::vector<std::string> Arguments::values(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

void Arguments::set(std::string_view name, std::vector<std::string> values) {
  values_[std::string(name)] = std::move(values);
}

Arguments parse_arguments(std::span<const std::string> arguments) {
  return Parser(arguments).parse(arguments);
}

}  // namespace limbeck::cli
