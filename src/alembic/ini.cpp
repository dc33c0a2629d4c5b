#include "alembic/ini.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <utility>

#include "alembic/project_error.h"
#include "base/letter_case.h"
#include "base/source.h"
#include "base/text_place.h"
#include "base/utf8.h"

namespace limbeck::alembic {
namespace {

constexpr std::string_view ini_blanks = " \t\r\f\v";
constexpr std::string_view default_section = "DEFAULT";
constexpr int max_substitutions = 10;
constexpr int max_names = 10'000;  // that one value may stand for, all in all

constexpr std::string_view percent_hint =
    "a percent sign of its own is written %%; %(name)s stands for another option";

// One "%" of a value and what follows it.
struct Token {
  enum class Kind { percent, name, wrong };
  Kind kind = Kind::wrong;
  std::string_view name = {};
  std::size_t size = 0;
};

Token token_at(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) == "%%") return {Token::Kind::percent, {}, 2};
  if (text.substr(at, 2) != "%(") return {};
  const std::size_t close = text.find(')', at);
  if (close == std::string_view::npos || text.substr(close + 1, 1) != "s") return {};
  return {Token::Kind::name, text.substr(at + 2, close - at - 2), close + 2 - at};
}

// Puts value_of(name) in place of each %(name)s.
template <class ValueOf>
std::string replace_tokens(std::string_view text, const Place& place, const ValueOf& value_of) {
  std::string result;
  std::size_t at = 0;
  for (std::size_t percent = text.find('%'); percent != std::string_view::npos;
       percent = text.find('%', at)) {
    result += text.substr(at, percent - at);
    const Token token = token_at(text, percent);
    if (token.kind == Token::Kind::wrong) {
      fail_project("a percent sign here begins neither %% nor %(name)s", place,
                   std::string(percent_hint));
    }
    if (token.kind == Token::Kind::percent) {
      result += '%';
    } else {
      result += value_of(token.name);
    }
    at = percent + token.size;
  }
  return result += text.substr(at);
}

}  // namespace

Place safe_place(const std::string& file, int line, int column, std::string_view source_line) {
  constexpr std::array<std::string_view, 4> signs{"url", "://", "password", "secret"};
  const std::string text = lower_case(source_line);
  const bool secret = std::any_of(signs.begin(), signs.end(), [&](std::string_view sign) {
    return text.find(sign) != std::string::npos;
  });
  return {file, line, column, secret ? std::string() : std::string(source_line)};
}

std::string format_tokens(const std::string& text,
                          const std::map<std::string, std::string, std::less<>>& values,
                          const Place& place) {
  return replace_tokens(text, place, [&](std::string_view name) -> const std::string& {
    const auto value = values.find(name);
    if (value == values.end())
      fail_project(fmt::format("there is no value for %({})s", name), place);
    return value->second;
  });
}

namespace {

// Takes the file apart line by line, by the rules of configparser with its default settings.
class IniReader {
 public:
  IniReader(std::string_view text, const std::string& file) : text_(text), file_(file) {
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
  }

  template <class OnSection, class OnOption>
  void read(const OnSection& on_section, const OnOption& on_option);

 private:
  struct Line {
    std::string_view whole;
    std::string_view content;
    std::size_t indent = 0;
    bool comment = false;
  };

  Line next();
  Place place(const Line& line, std::size_t offset) const {
    const std::string_view before = line.whole.substr(0, offset);
    return safe_place(file_, number_, static_cast<int>(code_points(before)) + 1, line.whole);
  }
  Place place(const Line& line) const { return place(line, line.indent); }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  int number_ = 0;
};

IniReader::Line IniReader::next() {
  Line line;
  const std::size_t end = std::min(text_.find('\n', at_), text_.size());
  line.whole = text_.substr(at_, end - at_);
  while (line.whole.ends_with('\r')) line.whole.remove_suffix(1);
  at_ = end + 1;
  ++number_;
  line.content = trimmed(line.whole, ini_blanks);
  line.comment = line.content.starts_with('#') || line.content.starts_with(';');
  if (line.comment) line.content = {};
  const std::size_t first = line.whole.find_first_not_of(ini_blanks);
  line.indent = first == std::string_view::npos ? 0 : first;
  return line;
}

// on_section(name, place); on_option(name, place) -> the option to be filled.
template <class OnSection, class OnOption>
void IniReader::read(const OnSection& on_section, const OnOption& on_option) {
  Option* option = nullptr;  // whose value may go on
  bool in_section = false;
  std::size_t indent = 0;
  while (at_ < text_.size()) {
    const Line line = next();
    if (line.content.empty()) {
      if (option != nullptr && !line.comment) option->value += '\n';
      continue;
    }
    if (option != nullptr && line.indent > indent) {
      option->value += '\n';
      option->value += line.content;
      continue;
    }
    indent = line.indent;
    if (line.content.starts_with('[') && line.content.rfind(']') > 1 &&
        line.content.rfind(']') != std::string_view::npos) {
      on_section(std::string(line.content.substr(1, line.content.rfind(']') - 1)), place(line));
      in_section = true;
      option = nullptr;
      continue;
    }
    if (!in_section) fail_project("an option before the first [section]", place(line));
    const std::size_t delimiter = line.content.find_first_of("=:");
    if (delimiter == std::string_view::npos || delimiter == 0) {
      fail_project("this line is neither a [section] nor an option", place(line),
                   "an option is written name = value; a value goes on in lines that are indented");
    }
    const std::string_view value = trimmed(line.content.substr(delimiter + 1), ini_blanks);
    const std::size_t column =
        value.empty() ? line.indent : static_cast<std::size_t>(value.data() - line.whole.data());
    option = on_option(lower_case(trimmed(line.content.substr(0, delimiter), ini_blanks)),
                       place(line), place(line, column));
    option->value = value;
  }
}

}  // namespace

IniFile IniFile::parse(std::string_view text, const std::string& file) {
  IniFile ini;
  ini.file_ = file;
  if (const std::size_t wrong = find_invalid_utf8(text); wrong != std::string_view::npos) {
    Place place = place_at(text, wrong, {file, 1, 1, {}});
    place.source_line.clear();
    fail_project("the bytes here are not UTF-8", place, "save the file as UTF-8");
  }
  Section* section = nullptr;
  IniReader(text, file)
      .read(
          [&](const std::string& name, const Place& place) {
            if (name == default_section) {
              section = &ini.defaults_;
              return;
            }
            const auto [at, is_new] = ini.sections_.try_emplace(name);
            if (!is_new) fail_project(fmt::format("a second section [{}]", name), place);
            section = &at->second;
          },
          [&](const std::string& name, const Place& name_place, Place value_place) {
            const auto [at, is_new] = section->try_emplace(name);
            if (!is_new) {
              fail_project(fmt::format("a second option {} in this section", name), name_place,
                           fmt::format("the first stands in line {}", at->second.place.line));
            }
            at->second.place = std::move(value_place);
            return &at->second;
          });
  const auto trim = [](Section& each) {
    for (auto& [name, option] : each) {
      option.value.resize(option.value.find_last_not_of(" \t\r\n\f\v") + 1);
    }
  };
  trim(ini.defaults_);
  for (auto& [name, each] : ini.sections_) trim(each);
  return ini;
}

bool IniFile::has_section(std::string_view section) const {
  return sections_.find(section) != sections_.end();
}

std::vector<std::string> IniFile::sections() const {
  std::vector<std::string> result;
  for (const auto& [name, section] : sections_) result.push_back(name);
  return result;
}

void IniFile::set_default(const std::string& name, const std::string& value) {
  Option option;
  option.value = value;
  defaults_.try_emplace(name, std::move(option));
}

const Option* IniFile::find(std::string_view section, std::string_view name) const {
  const auto at = sections_.find(section);
  if (at == sections_.end()) return nullptr;
  const auto own = at->second.find(name);
  if (own != at->second.end()) return &own->second;
  const auto common = defaults_.find(name);
  return common == defaults_.end() ? nullptr : &common->second;
}

std::string IniFile::interpolate(const std::string& text, std::string_view section,
                                 const Option& option, int depth, int& names) const {
  if (depth > max_substitutions || ++names > max_names) {
    fail_project("the names in this value lead to each other without an end", option.place);
  }
  return replace_tokens(text, option.place, [&](std::string_view name) {
    const Option* other = find(section, lower_case(name));
    if (other == nullptr) {
      fail_project(fmt::format("there is no option {0} that %({0})s could stand for", name),
                   option.place, std::string(percent_hint));
    }
    return interpolate(other->value, section, option, depth + 1, names);
  });
}

std::optional<Option> IniFile::get(std::string_view section, std::string_view name) const {
  const Option* found = find(section, name);
  if (found == nullptr) return std::nullopt;
  Option result = *found;
  int names = 0;
  result.value = interpolate(found->value, section, *found, 1, names);
  return result;
}

std::optional<Option> IniFile::raw(std::string_view section, std::string_view name) const {
  const Option* found = find(section, name);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::vector<std::string> IniFile::names(std::string_view section) const {
  std::vector<std::string> result;
  for (const auto& [name, option] : defaults_) result.push_back(name);
  const auto at = sections_.find(section);
  if (at != sections_.end()) {
    for (const auto& [name, option] : at->second) result.push_back(name);
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace limbeck::alembic
