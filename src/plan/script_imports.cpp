#include "plan/script_imports.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <string>

namespace limbeck {
namespace {

constexpr std::array<std::string_view, 14> harmless{
    "__future__", "alembic", "collections", "datetime", "decimal", "enum", "itertools",
    "json",       "re",      "sqlalchemy",  "textwrap", "typing",  "uuid", "string"};
// Parts of sqlalchemy that lead to objects and not to statements.
constexpr std::array<std::string_view, 3> doubtful{"sqlalchemy.orm", "sqlalchemy.ext", "Session"};

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text;
}

// The first component of a module's name.
std::string_view root_of(std::string_view module) {
  return module.substr(0, module.find_first_of(". \t,;\r#"));
}

bool is_harmless(std::string_view module) {
  return std::find(harmless.begin(), harmless.end(), root_of(module)) != harmless.end();
}

// "import a, b as c": every one of them.
bool imports_harmless(std::string_view modules) {
  for (;;) {
    if (!is_harmless(without_blanks(modules))) return false;
    const std::size_t comma = modules.find(',');
    if (comma == std::string_view::npos) return true;
    modules.remove_prefix(comma + 1);
  }
}

bool line_is_harmless(std::string_view line) {
  line = without_blanks(line);
  const bool import = line.starts_with("import ");
  const bool from = line.starts_with("from ");
  if (!import && !from) return line.find("__import__") == std::string_view::npos;
  for (const std::string_view name : doubtful)
    if (line.find(name) != std::string_view::npos) return false;
  if (import) return imports_harmless(line.substr(7));
  return is_harmless(without_blanks(line.substr(5)));
}

// Without a function of the module, as far as it is indented.
std::string without_function(std::string_view source, std::string_view name) {
  std::string text;
  bool within = false;
  while (!source.empty()) {
    const std::string_view line = source.substr(0, source.find('\n'));
    source.remove_prefix(std::min(line.size() + 1, source.size()));
    if (!line.empty() && line.front() != ' ' && line.front() != '\t' && line.front() != '#')
      within = line.starts_with("def ") && line.substr(4).starts_with(name);
    if (!within) text.append(line).append("\n");
  }
  return text;
}

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// At the beginning of a name, but for what begins with a dot.
bool holds_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
    if (word.front() == '.' || at == 0 || (!is_name(text[at - 1]) && text[at - 1] != '.'))
      return true;
  return false;
}

}  // namespace

bool uses_only_migration_modules(std::string_view source) {
  if (source.find("importlib") != std::string_view::npos) return false;
  while (!source.empty()) {
    const std::string_view line = source.substr(0, source.find('\n'));
    if (!line_is_harmless(line)) return false;
    source.remove_prefix(std::min(line.size() + 1, source.size()));
  }
  return true;
}

bool asks_and_acts(std::string_view source, Direction direction) {
  constexpr std::array asking{".fetchall(", ".fetchone(", ".scalar(",   ".scalar_one(",
                              ".scalars(",  ".first(",    ".mappings(", ".rowcount"};
  constexpr std::array acting{"open(", "print(",    "os.",    "shutil.", "subprocess.",
                              "Path(", "requests.", "urllib", "socket.", "tempfile."};
  const std::string text =
      without_function(source, direction == Direction::upgrade ? "downgrade" : "upgrade");
  const auto holds = [&](const char* word) { return holds_word(text, word); };
  return std::any_of(asking.begin(), asking.end(), holds) &&
         std::any_of(acting.begin(), acting.end(), holds);
}

bool may_reach_others(std::string_view source) {
  constexpr std::array reaching{"listen", "register_operation", "implementation_for", "setattr("};
  if (std::any_of(reaching.begin(), reaching.end(),
                  [&](const char* word) { return source.find(word) != std::string_view::npos; }))
    return true;
  while (!source.empty()) {
    const std::string_view line = source.substr(0, source.find('\n'));
    source.remove_prefix(std::min(line.size() + 1, source.size()));
    // "sa.Text = ..."
    const std::string_view words = without_blanks(line);
    const std::string_view target = words.substr(0, words.find_first_of(" =([\"'"));
    const std::string_view behind = without_blanks(words.substr(target.size()));
    if (target.find('.') != std::string_view::npos && behind.starts_with('=') &&
        !behind.starts_with("=="))
      return true;
  }
  return false;
}

bool takes_argument(std::string_view source, Direction direction) {
  const std::string begin = fmt::format("def {}(", to_string(direction));
  while (!source.empty()) {
    const std::size_t at = source.find(begin);
    if (at == std::string_view::npos) return false;
    const bool at_line_begin = at == 0 || source[at - 1] == '\n';
    source.remove_prefix(at + begin.size());
    if (at_line_begin)
      return source.substr(std::min(source.find_first_not_of(" \t\r\n"), source.size()), 1) != ")";
  }
  return false;
}

bool handles_errors(std::string_view source) {
  while (!source.empty()) {
    const std::string_view line = source.substr(0, source.find('\n'));
    source.remove_prefix(std::min(line.size() + 1, source.size()));
    const std::string_view words = without_blanks(line);
    if (words.starts_with("except:") || words.starts_with("except ") ||
        words.find("suppress(") != std::string_view::npos)
      return true;
  }
  return false;
}

}  // namespace limbeck
