#include "alembic/env_naming.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "alembic/env_file.h"
#include "alembic/env_modules.h"
#include "alembic/env_text.h"
#include "alembic/python_module.h"
#include "alembic/python_tree.h"
#include "base/file.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;
using alembic::argument_at;
using alembic::EnvText;
using alembic::ModuleSearch;
using alembic::PythonConstant;
using alembic::PythonToken;
using Tokens = alembic::PythonTokens;

constexpr std::string_view convention_word = "naming_convention";

bool is_name(const PythonToken& token) {
  return token.kind == PythonToken::Kind::name;
}

// What an expression such as "app.db.Base.metadata" names last, without ".metadata".
std::string_view named_last(Tokens expression) {
  for (std::size_t at = 0; at < expression.size(); ++at)
    if (is_name(expression[at]) ? at % 2 != 0 : at % 2 == 0 || !expression[at].is(".")) return {};
  std::size_t size = expression.size();
  if (size >= 3 && expression[size - 1].text == "metadata") size -= 2;
  return size == 0 ? std::string_view() : expression[size - 1].text;
}

bool is_call_without_arguments(Tokens expression) {
  const std::size_t size = expression.size();
  return size >= 3 && expression[size - 1].is(")") && expression[size - 2].is("(");
}

// The items of {...} whose values are known texts; others are functions, for tokens of their own.
std::optional<PythonConstant> known_items(const EnvText& module, Tokens items, std::size_t function,
                                          std::string_view sign) {
  PythonConstant result;
  result.kind = PythonConstant::Kind::collection;
  for (std::size_t at = 0; at < items.size();) {
    const Tokens item = argument_at(items, at);
    if (item.size() < 3 || !item[1].is(sign)) return std::nullopt;
    const auto key =
        sign == "=" ? std::optional(std::string(item[0].text)) : alembic::text_of(item[0]);
    if (!key) return std::nullopt;
    if (auto value = module.constant(item.subspan(2), function)) {
      result.keys.push_back(*key);
      result.items.push_back(*std::move(value));
    }
    at += item.size() + 1;
  }
  return result;
}

// dict() of pairs.
std::optional<PythonConstant> of_pairs(const PythonConstant& pairs) {
  PythonConstant result;
  result.kind = PythonConstant::Kind::collection;
  for (const PythonConstant& pair : pairs.items) {
    const bool is_pair = pair.items.size() == 2 && pair.keys.empty() &&
                         pair.items[0].kind == PythonConstant::Kind::text;
    if (!is_pair) return std::nullopt;
    result.keys.push_back(pair.items[0].text);
    result.items.push_back(pair.items[1]);
  }
  return result;
}

// NAMES["pk"] = ..., NAMES.update(...)
bool is_changed_in_place(const EnvText& module, std::string_view name) {
  constexpr std::array<std::string_view, 4> methods{"update", "setdefault", "pop", "clear"};
  return std::any_of(module.lines().begin(), module.lines().end(), [&](const EnvText::Line& line) {
    const Tokens tokens = line.tokens;
    if (tokens.size() < 4 || tokens[0].text != name) return false;
    if (tokens[1].is("."))
      return std::find(methods.begin(), methods.end(), tokens[2].text) != methods.end();
    const auto close = std::find_if(tokens.begin(), tokens.end(),
                                    [](const PythonToken& it) { return it.is("]"); });
    return (tokens[1].is("[") && close + 1 < tokens.end() && (close + 1)->is("=")) ||
           tokens[1].is("|=");
  });
}

// Whether a class of that name, at the beginning of a line of the module, gets its metadata from
// SQLAlchemy, as it is there. Nothing: there is no such class.
std::optional<bool> is_bare_class(const std::string& module, std::string_view name) {
  using Statement = alembic::PythonStatement;
  using Expression = alembic::PythonExpression;
  constexpr std::array<std::string_view, 4> bases{"DeclarativeBase", "DeclarativeBaseNoMeta",
                                                  "MappedAsDataclass", "AsyncAttrs"};
  const alembic::PythonTree tree = alembic::parse_python(module);
  const auto found = std::find_if(tree.body.begin(), tree.body.end(), [&](const Statement& it) {
    return it.kind == Statement::Kind::class_type && it.text == name;
  });
  if (found == tree.body.end()) return std::nullopt;
  const auto is_known = [&](const Expression& base) {
    return std::find(bases.begin(), bases.end(), base.text) != bases.end();
  };
  const auto says_metadata = [](const Statement& it) {
    return it.kind != Statement::Kind::nothing && it.kind != Statement::Kind::expression &&
           it.kind != Statement::Kind::function &&
           (it.first.empty() || it.first.front().text == "metadata" ||
            it.first.front().text == "registry");
  };
  return !found->second.empty() &&
         std::all_of(found->second.begin(), found->second.end(), is_known) &&
         std::none_of(found->body.begin(), found->body.end(), says_metadata);
}

constexpr int most_names = 20;  // from one to the next

// What a module says in so many words.
std::optional<PythonConstant> written_out(const EnvText& module, Tokens value, std::size_t function,
                                          int depth = 0) {
  if (value.empty() || depth > most_names) return std::nullopt;
  if (value.size() == 1 && is_changed_in_place(module, value.front().text)) return std::nullopt;
  if (auto constant = module.constant(value, function)) return constant;
  const Tokens inside = value.size() > 2 ? value.subspan(1, value.size() - 2) : Tokens();
  if (value.front().is("{") && value.back().is("}"))
    return known_items(module, inside, function, ":");
  if (value.front().text == "dict" && value.size() > 3 && value[1].is("(") &&
      value.back().is(")")) {
    const Tokens arguments = inside.subspan(1);
    const Tokens first = argument_at(arguments, 0);
    if (first.size() < arguments.size() || (first.size() > 2 && first[1].is("=")))
      return known_items(module, arguments, function, "=");
    const auto pairs = written_out(module, first, function, depth + 1);
    if (!pairs || !pairs->keys.empty()) return pairs;
    return of_pairs(*pairs);
  }
  if (value.size() != 1) return std::nullopt;
  const auto bindings = module.bindings(value.front().text, function);
  if (bindings.size() != 1 || bindings[0].kind != EnvText::Binding::Kind::value)
    return std::nullopt;
  return written_out(module, bindings[0].value, module.lines()[bindings[0].line].function,
                     depth + 1);
}

class NamingSearch {
 public:
  explicit NamingSearch(const AlembicProject& project) : project_(project), search_(project) {}

  EnvNaming read(const std::string& env) {
    const fs::path file = alembic::env_file(project_);
    const EnvText text(env, project_.options);
    search_.add_imports(env, file);
    if (env.find("current_app") != std::string::npos)
      search_.add_folder(project_.script_location.parent_path());
    read_module(env, file);
    while (const auto module = search_.next()) add_module(*module);
    for (const Wanted& wanted : wanted_) find(wanted);
    if (result_.names.empty() && result_.unknown.empty()) return {};
    if (!gives_metadata(text)) return {};
    return result_;
  }

 private:
  struct Wanted {
    std::string name = {};  // that another module gives its value
    fs::path file = {};
    int line = 0;
  };

  void add_module(const fs::path& file) {
    try {
      const std::string text = read_file(file, alembic::max_module_size);
      search_.add_imports(text, file);
      read_module(text, file);
    } catch (const Error&) {
      return;  // Python will say so, where it is needed
    }
  }

  void read_module(const std::string& text, const fs::path& file) {
    texts_.emplace_back(file, text);
    if (text.find(convention_word) == std::string::npos) return;
    const EnvText module(text, project_.options);
    for (const EnvText::Line& line : module.lines()) read_line(module, line, file);
  }

  // naming_convention=..., metadata.naming_convention = ..., {"naming_convention": ...}
  void read_line(const EnvText& module, const EnvText::Line& line, const fs::path& file) {
    const Tokens tokens = line.tokens;
    for (std::size_t at = 0; at + 2 < tokens.size(); ++at) {
      const bool is_key = tokens[at + 1].is(":") && alembic::text_of(tokens[at]) == convention_word;
      const bool is_set = tokens[at].text == convention_word && tokens[at + 1].is("=");
      if (is_key || is_set)
        read_value(module, line, argument_at(tokens, at + 2),
                   {.file = file, .line = module.line_number(tokens[at])});
    }
    const bool is_annotated =
        tokens.size() > 3 && tokens[0].text == convention_word && tokens[1].is(":");
    const auto assigned = is_annotated ? alembic::assignment_in(tokens) : std::nullopt;
    if (assigned)
      read_value(module, line, assigned->value,
                 {.file = file, .line = module.line_number(tokens[0])});
  }

  void read_value(const EnvText& module, const EnvText::Line& line, Tokens value, Wanted place) {
    if (value.size() > 3 && value[0].text == "dict" && value.back().is(")")) {  // dict(app.NAMES)
      const Tokens inside = value.subspan(2, value.size() - 3);
      if (!named_last(inside).empty()) value = inside;
    }
    if (value.empty() || value.back().text == convention_word) {
      // That of another metadata, or of a name that is read where it is set.
      if (value.size() != 1 || !is_imported(module, value, line.function)) return;
    }
    if (const auto constant = written_out(module, value, line.function))
      return add(*constant, place);
    const std::string_view name = named_last(value);
    if (name.empty()) return add_unknown("it is computed", place);
    for (const EnvText::Binding& binding : module.bindings(value.front().text, line.function)) {
      if (binding.kind == EnvText::Binding::Kind::parameter) return;  // read where it is called
      if (binding.kind != EnvText::Binding::Kind::import)
        return add_unknown("it is computed", place);
      place.name = value.size() == 1 ? binding.value.front().text : name;
    }
    if (place.name.empty()) place.name = name;
    wanted_.push_back(std::move(place));
  }

  static bool is_imported(const EnvText& module, Tokens name, std::size_t function) {
    for (const EnvText::Binding& binding : module.bindings(name.front().text, function))
      if (binding.kind == EnvText::Binding::Kind::import) return true;
    return false;
  }

  // A name that one of the modules gives its value.
  void find(const Wanted& wanted) {
    bool is_found = false;
    for (const auto& [file, text] : texts_) {
      if (text.find(wanted.name) == std::string::npos) continue;
      const EnvText module(text, project_.options);
      for (const EnvText::Binding& binding : module.bindings(wanted.name, 0)) {
        if (binding.kind != EnvText::Binding::Kind::value) continue;
        const auto constant = written_out(module, binding.value, 0);
        if (!constant) continue;
        is_found = true;
        add(*constant, {.file = file, .line = module.line_number(binding.value.front())});
      }
    }
    if (!is_found) add_unknown("it is computed", wanted);
  }

  void add(const PythonConstant& given, const Wanted& place) {
    const auto pairs = given.keys.empty() ? of_pairs(given) : std::nullopt;
    const PythonConstant& constant = pairs ? *pairs : given;
    std::map<std::string, std::string> names;
    for (std::size_t at = 0; at < constant.keys.size(); ++at)
      if (constant.items[at].kind == PythonConstant::Kind::text)
        names[constant.keys[at]] = constant.items[at].text;
    if (names.empty() || names == result_.names) return;
    if (!result_.names.empty())
      return add_unknown("another is in " + shown_place(result_, project_.folder), place);
    result_.names = std::move(names);
    if (result_.unknown.empty()) at(place);
  }

  void add_unknown(std::string_view why, const Wanted& place) {
    if (!result_.unknown.empty()) return;
    result_.unknown = why;
    at(place);
  }

  void at(const Wanted& place) {
    result_.file = place.file;
    result_.line = place.line;
  }

  // Whether target_metadata may be one that has the convention.
  bool gives_metadata(const EnvText& env) const;
  bool is_bare(const EnvText& env, Tokens metadata, std::size_t function) const;
  bool is_made_bare(std::string_view name) const;
  bool is_changed() const;

  const AlembicProject& project_;
  ModuleSearch search_;
  std::vector<std::pair<fs::path, std::string>> texts_;
  std::vector<Wanted> wanted_;
  EnvNaming result_;
};

bool NamingSearch::gives_metadata(const EnvText& env) const {
  bool is_configured = false;
  for (const EnvText::Line& line : env.lines()) {
    const Tokens tokens = line.tokens;
    for (std::size_t at = 1; at + 1 < tokens.size(); ++at) {
      if (tokens[at].text != "configure" || !tokens[at - 1].is(".") || !tokens[at + 1].is("("))
        continue;
      is_configured = true;
      for (std::size_t from = at + 2; from < tokens.size() && !tokens[from].is(")");) {
        const Tokens argument = argument_at(tokens, from);
        if (argument.empty()) break;
        if (argument[0].is("**")) return true;
        const bool is_metadata = argument.size() > 2 && argument[0].text == "target_metadata";
        if (is_metadata && !is_bare(env, argument.subspan(2), line.function)) return true;
        from += argument.size() + 1;
      }
    }
  }
  return !is_configured;
}

// Surely without a naming convention: None, a list (Alembic looks at a single one alone), or made
// with nothing said.
bool NamingSearch::is_bare(const EnvText& env, Tokens metadata, std::size_t function) const {
  if (metadata[0].is("[")) return true;
  if (const auto constant = env.constant(metadata, function)) return true;
  if (metadata.size() == 1) {
    const auto bindings = env.bindings(metadata[0].text, function);
    if (bindings.size() == 1 && bindings[0].kind == EnvText::Binding::Kind::value)
      return is_bare(env, bindings[0].value, env.lines()[bindings[0].line].function);
  }
  if (metadata.back().is(")"))
    return is_call_without_arguments(metadata) &&
           metadata[metadata.size() - 3].text == "MetaData" && !is_changed();
  const std::string_view name = named_last(metadata);
  if (name.empty()) return false;
  const auto bindings = env.bindings(name, function);
  const bool is_import = bindings.size() == 1 && bindings[0].kind == EnvText::Binding::Kind::import;
  return is_made_bare(is_import ? bindings[0].value.front().text : name);
}

// Whether some metadata gets its convention, or a class its metadata, after it was made.
bool NamingSearch::is_changed() const {
  for (const auto& [file, text] : texts_) {
    if (text.find(convention_word) == std::string::npos) continue;
    const EnvText module(text, project_.options);
    for (const EnvText::Line& line : module.lines()) {
      const Tokens tokens = line.tokens;
      for (std::size_t at = 1; at + 1 < tokens.size(); ++at)
        if (tokens[at - 1].is(".") && tokens[at + 1].is("=") &&
            (tokens[at].text == convention_word || tokens[at].text == "metadata"))
          return true;
    }
  }
  return false;
}

// NAME = declarative_base() and the like, or class NAME(DeclarativeBase), in one module alone.
bool NamingSearch::is_made_bare(std::string_view name) const {
  constexpr std::array<std::string_view, 3> makers{"declarative_base", "MetaData", "SQLAlchemy"};
  std::size_t made = 0;
  for (const auto& [file, text] : texts_) {
    if (text.find(name) == std::string::npos) continue;
    const EnvText module(text, project_.options);
    if (const auto is_bare = is_bare_class(text, name)) {
      if (!*is_bare) return false;
      ++made;
    }
    for (const EnvText::Binding& binding : module.bindings(name, 0)) {
      if (binding.kind == EnvText::Binding::Kind::import) continue;
      const Tokens value = binding.value;
      if (binding.kind != EnvText::Binding::Kind::value || !is_call_without_arguments(value))
        return false;
      const std::string_view maker = value[value.size() - 3].text;
      if (std::find(makers.begin(), makers.end(), maker) == makers.end()) return false;
      ++made;
    }
  }
  return made == 1 && !is_changed();
}

}  // namespace

std::string shown_place(const EnvNaming& naming, const fs::path& folder) {
  const fs::path inside = naming.file.lexically_relative(folder);
  const bool is_inside = !inside.empty() && *inside.begin() != "..";
  return fmt::format("{}:{}", (is_inside ? inside : naming.file).string(), naming.line);
}

EnvNaming read_env_naming(const AlembicProject& project) {
  const auto env = alembic::read_env_file(project);
  if (!env) return {};
  return NamingSearch(project).read(*env);
}

}  // namespace limbeck
