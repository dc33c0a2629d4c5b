#include "revision/template.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <utility>
#include <vector>

#include "base/letter_case.h"
#include "base/text_place.h"
#include "base/utf8.h"
#include "revision/marker.h"

namespace limbeck {

const std::string_view default_revision_template = R"(-- ${description}
--
-- limbeck:revision ${revision}
-- limbeck:revises ${revises}
-- limbeck:labels ${labels}
-- limbeck:depends-on ${depends_on}
-- limbeck:created ${created}

-- limbeck:upgrade
${upgrade}

-- limbeck:downgrade
${downgrade}
)";

const std::string_view squashed_revision_template = R"(-- ${description}
--
-- limbeck:revision ${revision}
-- limbeck:revises ${revises}
-- limbeck:labels ${labels}
-- limbeck:depends-on ${depends_on}
-- limbeck:created ${created}
-- limbeck:squashed ${squashed}
-- limbeck:squashed-hash ${squashed_hash}

${upgrade}

${downgrade}
)";

namespace {

enum class Filling {
  one_line,  // line ends and control characters become blanks
  comment,   // several lines, each a comment
  verbatim,  // SQL
};

struct Placeholder {
  std::string_view name;
  std::string value;
  Filling filling = Filling::one_line;
};

bool is_control(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x20 || byte == 0x7F) return true;
  // U+0080 to U+009F, of which U+0085 is a line end, and the line ends U+2028 and U+2029.
  const std::string_view rest = text.substr(at);
  return (rest.size() > 1 && byte == 0xC2 && static_cast<unsigned char>(rest[1]) < 0xA0) ||
         rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9");
}

// Without control characters and bytes that are no UTF-8; LF is kept.
std::string clean(std::string_view text) {
  std::string result;
  std::size_t invalid = find_invalid_utf8(text);
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 1;
    while (at + length < text.size() && is_utf8_continuation(text[at + length])) ++length;
    if (at == invalid) {
      result += '?';
      const std::size_t next = find_invalid_utf8(text.substr(at + 1));
      invalid = next == std::string_view::npos ? next : at + 1 + next;
      length = 1;
    } else if (text[at] == '\n') {
      result += '\n';
    } else if (is_control(text, at)) {
      result += ' ';
    } else {
      result += text.substr(at, length);
    }
    at += length;
  }
  return result;
}

std::string one_line(std::string_view text) {
  std::string result = clean(text);
  std::replace(result.begin(), result.end(), '\n', ' ');
  const std::size_t begin = std::min(result.find_first_not_of(' '), result.size());
  return result.substr(begin, result.find_last_not_of(' ') + 1 - begin);
}

std::vector<Placeholder> placeholders_of(const Revision& revision, const RevisionBody& body) {
  const auto list = [](const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ", "));
  };
  const std::string& text = revision.description.empty() ? revision.message : revision.description;
  return {{"message", one_line(revision.message)},
          {"description", clean(text), Filling::comment},
          {"revision", revision.id},
          {"revises", list(revision.down_revisions)},
          {"labels", list(revision.labels)},
          {"depends_on", list(revision.depends_on)},
          {"created", one_line(revision.created)},
          {"squashed", list(revision.squashed)},
          {"squashed_hash", list(revision.squashed_hashes)},
          {"upgrade", body.upgrade, Filling::verbatim},
          {"downgrade", body.downgrade, Filling::verbatim}};
}

// One line of the template, cut into text and placeholders.
class TemplateLine {
 public:
  TemplateLine(std::string_view line, int number, const std::vector<Placeholder>& known)
      : line_(line), number_(number), known_(known) {}

  // The lines that it becomes, with their line ends; nothing when all of its placeholders are
  // empty.
  std::string render() const;

 private:
  const Placeholder& find(std::size_t begin, std::size_t end) const;
  void fill(std::string& result, const Placeholder& placeholder, std::string_view before) const;

  std::string_view line_;
  int number_;
  const std::vector<Placeholder>& known_;
};

const Placeholder& TemplateLine::find(std::size_t begin, std::size_t end) const {
  const std::string_view name = line_.substr(begin + 2, end - begin - 2);
  for (const Placeholder& placeholder : known_) {
    if (placeholder.name == name) return placeholder;
  }
  std::vector<std::string_view> names;
  for (const Placeholder& placeholder : known_) {
    const bool of_squash = placeholder.name.starts_with("squashed");  // in its own template alone
    if (!of_squash) names.push_back(placeholder.name);
  }
  throw fault_at(line_, begin, {.file = "revision template", .line = number_, .column = 1},
                 fmt::format("there is no placeholder ${{{}}}", name),
                 fmt::format("the placeholders are {}", fmt::join(names, ", ")));
}

void TemplateLine::fill(std::string& result, const Placeholder& placeholder,
                        std::string_view before) const {
  const bool is_comment = before.find_first_not_of(" \t") != std::string_view::npos &&
                          before.substr(before.find_first_not_of(" \t")).starts_with("--");
  if (placeholder.filling == Filling::comment && !is_comment) {
    result += one_line(placeholder.value);
  } else if (placeholder.filling == Filling::comment) {
    std::string_view rest = placeholder.value;
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      result.append(rest.substr(0, end)).append("\n").append(before);
      rest.remove_prefix(end + 1);
    }
    result += rest;
  } else {
    result += placeholder.value;
  }
}

// Puts ">" into each line of filled that has become a marker by its filling.
std::string without_new_markers(std::string_view filled) {
  std::string result;
  for (std::size_t at = 0; at < filled.size();) {
    const std::size_t end = std::min(filled.find('\n', at), filled.size());
    const std::string_view line = filled.substr(at, end - at);
    if (read_marker(line, {})) {
      const std::size_t text = line.find_first_not_of("- \t");
      result.append(line.substr(0, text)).append("> ").append(line.substr(text));
    } else {
      result += line.substr(0, line.find_last_not_of(" \t") + 1);
    }
    result += '\n';
    at = end + 1;
  }
  return result;
}

std::string TemplateLine::render() const {
  std::string result;
  bool any = false;
  bool filled = false;
  bool verbatim = false;
  std::size_t at = 0;
  for (std::size_t begin = line_.find("${"); begin != std::string_view::npos;
       begin = line_.find("${", at)) {
    const std::size_t end = line_.find('}', begin);
    if (end == std::string_view::npos) break;
    const Placeholder& placeholder = find(begin, end);
    result += line_.substr(at, begin - at);
    fill(result, placeholder, line_.substr(0, begin));
    any = true;
    filled = filled || !placeholder.value.empty();
    verbatim = verbatim || placeholder.filling == Filling::verbatim;
    at = end + 1;
  }
  if (any && !filled) return {};
  result += line_.substr(at);
  const bool was_marker = read_marker(line_, {}).has_value();
  if (!any || verbatim || was_marker) return result.ends_with('\n') ? result : result + '\n';
  return without_new_markers(result);
}

void check_names_of(const Revision& revision) {
  const auto check = [](std::string_view name, bool is_id) {
    if (const std::string fault = name_fault(name, is_id); !fault.empty()) {
      throw Error({.code = ExitCode::usage,
                   .message = fmt::format("'{}' cannot be the name of a revision or a label",
                                          one_line(name)),
                   .detail = fault,
                   .hint = "a name holds letters, digits and _"});
    }
  };
  check(revision.id, true);
  for (const std::string& name : revision.down_revisions) check(name, true);
  for (const std::string& name : revision.depends_on) check(name, false);
  for (const std::string& name : revision.labels) check(name, false);
}

// Whether the character is one of a word, as far as that can be said without the tables of Unicode:
// of what is not ASCII, the blocks of punctuation and symbols that occur in messages are not.
bool in_word(std::string_view character) {
  if (character.size() == 1) {
    const char c = character.front();
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(character[at]); };
  if (byte(0) == 0xC2) return byte(1) == 0xAA || byte(1) == 0xB5 || byte(1) == 0xBA;
  if (byte(0) == 0xC3)
    return byte(1) != 0x97 && byte(1) != 0xB7;  // the signs of multiplication and division
  if (byte(0) == 0xE2) return byte(1) >= 0xB0;  // U+2000 to U+2BFF: punctuation, arrows, symbols
  if (byte(0) == 0xE3) return byte(1) != 0x80;  // U+3000 to U+303F: punctuation
  return byte(0) != 0xF0 || byte(1) != 0x9F;    // U+1F000 to U+1FFFF: emoji
}

// The number with at least so many digits.
std::string token_value(std::string_view name, const Revision& revision, const std::string& words,
                        const ZoneTime& time, std::size_t digits, bool& known) {
  known = true;
  if (name == "rev") return revision.id;
  if (name == "slug") return words;
  const std::array<std::pair<std::string_view, long long>, 7> numbers{{{"epoch", time.epoch},
                                                                       {"year", time.year},
                                                                       {"month", time.month},
                                                                       {"day", time.day},
                                                                       {"hour", time.hour},
                                                                       {"minute", time.minute},
                                                                       {"second", time.second}}};
  for (const auto& [token, number] : numbers) {
    if (token == name) return fmt::format("{:0{}}", number, digits);
  }
  known = false;
  return {};
}

// part: of the template, where it is at fault; empty: all of it.
Error template_fault(std::string message, std::string_view file_template, Place place,
                     std::string_view part = {}) {
  const std::size_t at = part.empty() ? std::string::npos : place.source_line.find(part);
  if (at != std::string::npos) place.column = static_cast<int>(at) + 1;
  return Error({.code = ExitCode::invalid_project,
                .message = std::move(message),
                .place = place.file.empty() ? std::nullopt : std::optional(std::move(place)),
                .detail = fmt::format("file_template is {}", file_template),
                .hint = "the tokens are %(rev)s %(slug)s %(epoch)d %(year)d %(month).2d %(day).2d "
                        "%(hour).2d %(minute).2d %(second).2d and %%"});
}

// What stands between the bracket and the letter of a token, as printf reads it: ".2", "02", "2",
// or nothing.
std::optional<std::size_t> digits_of(std::string_view format) {
  while (!format.empty() && (format.front() == '.' || format.front() == '0'))
    format.remove_prefix(1);
  if (format.empty()) return 1;
  if (format.size() > 1 || format.front() < '1' || format.front() > '9') return std::nullopt;
  return static_cast<std::size_t>(format.front() - '0');
}

// A name from outside never makes a folder of its own.
std::string without_slashes(std::string text) {
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

void check_file_name(std::string_view name, std::string_view file_template, const Place& place) {
  constexpr std::size_t longest = 255;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find('/', at), name.size());
    const std::string_view part = name.substr(at, end - at);
    if (part.empty() || part.front() == '.' || part.find('\0') != std::string_view::npos) {
      throw template_fault(
          fmt::format(
              "{} is no name of a revision file: no part of it may be empty or begin with a dot",
              one_line(name)),
          file_template, place);
    }
    if (part.size() > longest)
      throw template_fault("the file's name is too long", file_template, place);
    at = end + 1;
  }
}

}  // namespace

namespace {

// A body that begins with a marker of its own takes the place of the template's marker above it.
void add_line(std::string& result, const std::string& filled) {
  const std::string_view so_far(result.data(), result.size() - (result.empty() ? 0 : 1));
  const std::size_t last = so_far.find_last_of('\n') + 1;  // 0 when there is none
  const auto above = read_marker(so_far.substr(last), {});
  const auto begins = read_marker(std::string_view(filled).substr(0, filled.find('\n')), {});
  const bool replaces = above && begins && above->word == begins->word && above->value.empty() &&
                        begins_section(*begins);
  if (replaces) result.resize(last);
  result += filled;
}

}  // namespace

std::string render_revision(std::string_view template_text, const Revision& revision,
                            const RevisionBody& body) {
  check_names_of(revision);
  const std::vector<Placeholder> placeholders = placeholders_of(revision, body);
  std::string result;
  int number = 1;
  for (std::size_t at = 0; at < template_text.size(); ++number) {
    const std::size_t end = std::min(template_text.find('\n', at), template_text.size());
    std::string_view line = template_text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    add_line(result, TemplateLine(line, number, placeholders).render());
    at = end + 1;
  }
  return result;
}

namespace {

// A message without a word leaves no separator of its own behind: "%(rev)s_%(slug)s" is "a1".
void leave_out_separator(std::string& name, std::string_view file_template, std::size_t& at) {
  constexpr std::string_view separators = "_-";
  if (!name.empty() && separators.find(name.back()) != std::string_view::npos) {
    name.pop_back();
  } else if ((name.empty() || name.back() == '/') && at + 1 < file_template.size() &&
             separators.find(file_template[at + 1]) != std::string_view::npos) {
    ++at;
  }
}

}  // namespace

std::string revision_file_name(std::string_view file_template, const Revision& revision,
                               std::size_t slug_length, const ZoneTime& time,
                               std::string_view extension, const Place& place) {
  const std::string words = slug(revision.message, slug_length);
  const bool is_script = extension == ".py";  // named as Alembic names it
  std::string name;
  for (std::size_t at = 0; at < file_template.size(); ++at) {
    if (file_template[at] != '%') {
      name += file_template[at];
      continue;
    }
    if (file_template.substr(at, 2) == "%%") {
      name += '%';
      ++at;
      continue;
    }
    const std::size_t close = file_template.find(')', at);
    const std::size_t letter =
        close == std::string_view::npos ? close : file_template.find_first_of("sd", close);
    if (file_template.substr(at, 2) != "%(" || letter == std::string_view::npos) {
      throw template_fault("a % of file_template begins no token", file_template, place,
                           file_template.substr(at));
    }
    const auto digits = digits_of(file_template.substr(close + 1, letter - close - 1));
    const std::string_view token = file_template.substr(at + 2, close - at - 2);
    bool known = false;
    const std::string value = token_value(token, revision, words, time, digits.value_or(1), known);
    if (!known || !digits) {
      throw template_fault(
          fmt::format("file_template holds the token %({}), which is not known", token),
          file_template, place, file_template.substr(at, letter - at));
    }
    name += without_slashes(value);
    at = letter;
    if (token == "slug" && value.empty() && !is_script)
      leave_out_separator(name, file_template, at);
  }
  if (!name.ends_with(extension)) name += extension;
  check_file_name(name, file_template, place);
  return name;
}

std::string slug(std::string_view message, std::size_t length) {
  const std::string text = clean(message);
  std::string words;
  bool gap = false;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = 1;
    while (at + size < text.size() && is_utf8_continuation(text[at + size])) ++size;
    const std::string_view character = std::string_view(text).substr(at, size);
    at += size;
    if (!in_word(character)) {
      gap = true;
      continue;
    }
    if (gap && !words.empty()) words += '_';
    gap = false;
    words += lower_case(character);
  }
  if (words.find_first_not_of('_') == std::string::npos) return {};
  if (code_points(words) <= length) return words;
  std::size_t end = 0;
  for (std::size_t count = 0; end < words.size(); ++end) {
    if (!is_utf8_continuation(words[end]) && count++ == length) break;
  }
  words.resize(end);
  words.resize(std::min(words.rfind('_'), words.size()));
  return words + '_';
}

}  // namespace limbeck
