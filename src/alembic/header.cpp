#include "alembic/header.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "alembic/python_code_hash.h"
#include "alembic/python_constant.h"
#include "alembic/python_module.h"
#include "base/source.h"
#include "base/text_place.h"
#include "base/utf8.h"

namespace limbeck::alembic {
namespace {

using Kind = PythonToken::Kind;

enum class Known { missing, computed, constant };

struct HeaderName {
  std::string_view name;
  Known known = Known::missing;
  PythonConstant value = {};
  std::size_t offset = 0;  // of the line that said so
};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool begins_definition(const PythonToken& token) {
  return is_one_of(token.text, {"def", "class", "async", "@"});
}

bool begins_block(const PythonToken& token) {
  return is_one_of(token.text, {"if", "elif", "else", "try", "except", "finally", "for", "while",
                                "with", "match"});
}

bool assigns(const PythonToken& token) {
  return token.kind == Kind::op && token.text.ends_with('=') &&
         !is_one_of(token.text, {"==", "!=", "<=", ">="});
}

// The first sign outside of brackets that assigns; 0 when there is none.
std::size_t assigning_sign(std::span<const PythonToken> line) {
  int depth = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at].kind == Kind::op ? line[at].text.front() : ' ';
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (depth == 0 && assigns(line[at])) return at;
  }
  return 0;
}

// Of Python.
constexpr std::string_view python_blanks = " \t\r\n\f\v";

class HeaderReader {
 public:
  HeaderReader(std::string_view text, const std::string& file, bool whole)
      : text_(text), file_(file), whole_(whole), lines_(text) {}

  std::optional<ScriptHeader> read();
  std::size_t consumed() const { return consumed_; }

 private:
  bool read_line();  // whether the header ended before it
  bool is_complete();
  void read_docstring();
  void read_import();
  void read_names();
  void note_assignments_within();
  void set(std::string_view name, std::optional<PythonConstant> value);
  HeaderName* find(std::string_view name);
  ScriptHeader finish();
  std::string id(const HeaderName& name) const;
  std::vector<std::string> ids(const HeaderName& name) const;
  std::string legacy_id() const;
  [[noreturn]] void fail(std::size_t offset, std::string message, std::string hint) const {
    throw fault_at(text_, offset, {file_, 1, 1, {}}, std::move(message), std::move(hint));
  }

  std::string_view text_;
  const std::string& file_;
  bool whole_;
  PythonLines lines_;
  bool first_ = true;
  bool in_definition_ = false;  // indented lines belong to a function or a class
  std::size_t consumed_ = 0;
  std::string docstring_;
  PythonConstants constants_;
  std::array<HeaderName, 4> names_{HeaderName{"revision"}, HeaderName{"down_revision"},
                                   HeaderName{"branch_labels"}, HeaderName{"depends_on"}};
};

std::optional<ScriptHeader> HeaderReader::read() {
  while (lines_.next()) {
    // The last line of a beginning may go on behind it.
    if (!whole_ && lines_.end() + 1 >= text_.size()) return std::nullopt;
    consumed_ = lines_.end();
    if (read_line()) return finish();
  }
  if (!whole_) return std::nullopt;
  const PythonToken& fault = lines_.fault();
  consumed_ = text_.size();
  if (fault.kind == Kind::end || is_complete()) return finish();
  const bool bracket = fault.kind == Kind::unfinished && fault.text.empty();
  fail(std::min(fault.offset, text_.size()),
       bracket                  ? "a bracket is not closed"
       : fault.text.size() == 1 ? "this character is no Python"
                                : "this string is not closed",
       "the revision can be read when the script is valid Python up to its header's end");
}

// A header name may still be assigned behind the first function, where almost nobody does.
bool HeaderReader::is_complete() {
  if (names_[0].known == Known::missing || names_[1].known == Known::missing) return false;
  const std::string_view rest = text_.substr(std::min(consumed_, text_.size()));
  return std::none_of(names_.begin(), names_.end(), [&](const HeaderName& name) {
    for (std::size_t at = rest.find(name.name); at != std::string_view::npos;
         at = rest.find(name.name, at + 1)) {
      if (at > 0 && rest[at - 1] == '\n') return true;
    }
    return false;
  });
}

bool HeaderReader::read_line() {
  const auto line = lines_.tokens();
  const PythonToken& head = line.front();
  const bool first = std::exchange(first_, false);
  if (lines_.indent() > 0) {
    if (!in_definition_) note_assignments_within();
    return false;
  }
  in_definition_ = begins_definition(head);
  if (in_definition_) return is_complete();
  if (first && head.kind == Kind::string) {
    read_docstring();
  } else if (head.text == "from" || head.text == "import") {
    read_import();
  } else if (begins_block(head)) {
    note_assignments_within();
  } else {
    read_names();
  }
  return false;
}

void HeaderReader::read_docstring() {
  const std::optional<PythonConstant> value = evaluate_python(lines_.tokens(), {});
  const bool plain =
      std::all_of(lines_.tokens().begin(), lines_.tokens().end(),
                  [](const PythonToken& token) { return token.kind == Kind::string; });
  if (plain && value) docstring_ = value->text;
}

// from .names import revision
void HeaderReader::read_import() {
  for (const PythonToken& token : lines_.tokens().subspan(1)) {
    if (token.kind == Kind::name) set(token.text, std::nullopt);
  }
}

void HeaderReader::read_names() {
  const auto line = lines_.tokens();
  if (const auto assignment = assignment_in(line)) {
    const auto value = evaluate_python(assignment->value, constants_);
    for (const std::string_view name : assignment->names) set(name, value);
    return;
  }
  // revision, down_revision = ..., revision += ..., del revision
  const std::size_t end = line.front().text == "del" ? line.size() : assigning_sign(line);
  for (std::size_t at = 0; at < end; ++at) {
    if (line[at].kind == Kind::name && (at == 0 || !line[at - 1].is("."))) {
      set(line[at].text, std::nullopt);
    }
  }
}

// In an "if", a "try" or a "with": which of them is run is not known.
void HeaderReader::note_assignments_within() {
  const auto line = lines_.tokens();
  for (std::size_t at = 0; at + 1 < line.size(); ++at) {
    const bool assigned = assigns(line[at + 1]) || (at == 0 && line[1].is(":"));
    if (line[at].kind == Kind::name && assigned) set(line[at].text, std::nullopt);
  }
}

HeaderName* HeaderReader::find(std::string_view name) {
  const auto found = std::find_if(names_.begin(), names_.end(),
                                  [&](const HeaderName& each) { return each.name == name; });
  return found == names_.end() ? nullptr : &*found;
}

void HeaderReader::set(std::string_view name, std::optional<PythonConstant> value) {
  if (HeaderName* header = find(name)) {
    header->known = value ? Known::constant : Known::computed;
    header->offset = lines_.tokens().front().offset;
    if (value) header->value = *value;
  }
  if (value) {
    constants_.insert_or_assign(std::string(name), *std::move(value));
  } else if (const auto known = constants_.find(name); known != constants_.end()) {
    constants_.erase(known);
  }
}

std::string HeaderReader::id(const HeaderName& name) const {
  if (name.value.kind == PythonConstant::Kind::text) return name.value.text;
  fail(name.offset, fmt::format("{} must be a string", name.name), {});
}

std::vector<std::string> HeaderReader::ids(const HeaderName& name) const {
  using ValueKind = PythonConstant::Kind;
  std::vector<std::string> result;
  if (name.known == Known::missing || name.value.kind == ValueKind::none) return result;
  if (name.value.kind == ValueKind::text) return {name.value.text};
  const bool texts =
      name.value.kind == ValueKind::collection && name.value.keys.empty() &&
      std::all_of(name.value.items.begin(), name.value.items.end(),
                  [](const PythonConstant& item) { return item.kind == ValueKind::text; });
  if (!texts) {
    fail(name.offset, fmt::format("{} must be a string, several of them, or None", name.name), {});
  }
  for (const PythonConstant& item : name.value.items) {
    if (std::find(result.begin(), result.end(), item.text) == result.end()) {
      result.push_back(item.text);
    }
  }
  if (!name.value.ordered) std::sort(result.begin(), result.end());
  return result;
}

// Of scripts older than the name "revision".
std::string HeaderReader::legacy_id() const {
  std::string_view name = file_;
  name.remove_prefix(name.rfind('/') + 1);
  const std::size_t end = name.find_first_not_of("abcdef0123456789");
  if (end == 0 || name.substr(end) != ".py") return {};
  return std::string(name.substr(0, end));
}

ScriptHeader HeaderReader::finish() {
  ScriptHeader header;
  Revision& revision = header.revision;
  describe_revision(docstring_, revision);
  for (const HeaderName& name : names_) {
    if (name.known != Known::computed) continue;
    header.computed = place_at(text_, name.offset, {file_, 1, 1, {}});
    revision.place = *header.computed;
    return header;
  }
  const auto& [id_name, down, labels, depends] = names_;
  if (id_name.known == Known::missing) {
    revision.id = legacy_id();
    if (revision.id.empty()) {
      fail(0, "this script has no name \"revision\"",
           "every .py file in a folder of versions is a revision: give it a revision, or move it "
           "elsewhere");
    }
  } else {
    revision.id = id(id_name);
  }
  revision.place = place_at(text_, id_name.offset, {file_, 1, 1, {}});
  if (down.known == Known::missing) {
    fail(id_name.offset, "this script has no name \"down_revision\"",
         "it is None for the first revision: down_revision = None");
  }
  revision.down_revisions = ids(down);
  revision.labels = ids(labels);
  revision.depends_on = ids(depends);
  return header;
}

// What a comment in one of the first two lines says about the bytes behind it; empty: UTF-8.
std::string_view declared_encoding(std::string_view text) {
  for (int line = 0; line < 2; ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view head = text.substr(0, end);
    const std::size_t coding = head.find("coding");
    if (head.starts_with('#') && coding != std::string_view::npos) {
      const std::size_t begin = head.find_first_not_of(":= \t", coding + 6);
      if (begin == std::string_view::npos) return {};
      const std::string_view name = head.substr(begin, head.find_first_of(" \t\r;", begin) - begin);
      return is_one_of(name, {"utf-8", "utf8", "UTF-8"}) ? std::string_view() : name;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

// Every older encoding of western texts agrees with Latin-1 in what ids are made of.
std::string from_latin1(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      result += c;
    } else {
      result += static_cast<char>(0xC0U | (byte >> 6U));
      result += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return result;
}

}  // namespace

void describe_revision(std::string_view docstring, Revision& revision) {
  constexpr std::string_view created = "Create Date:";
  revision.description = trimmed(docstring, python_blanks);
  const std::string_view description = revision.description;
  revision.message = trimmed(description.substr(0, description.find('\n')), python_blanks);
  std::size_t at = description.find(created);
  if (at != std::string_view::npos && (at == 0 || description[at - 1] == '\n')) {
    at += created.size();
    revision.created =
        trimmed(description.substr(at, description.find('\n', at) - at), python_blanks);
  }
}

bool is_script_name(std::string_view name) {
  return name.ends_with(".py") && !name.starts_with('.') && !name.starts_with("__init__");
}

std::optional<ScriptHeader> read_script_header(std::string_view text, const std::string& file,
                                               bool whole) {
  const std::size_t wrong = find_invalid_utf8(text);
  if (wrong == std::string_view::npos) return HeaderReader(text, file, whole).read();
  if (!declared_encoding(text).empty()) {
    return HeaderReader(from_latin1(text), file, whole).read();
  }
  // A beginning may end within a character; only what the header holds has to be right.
  HeaderReader reader(text.substr(0, whole ? text.size() : wrong), file, whole);
  auto header = reader.read();
  if (whole && wrong < reader.consumed()) check_text(text, {file, 1, 1, {}});
  return header;
}

ScriptFormat script_format() {
  ScriptFormat format;
  format.is_script = is_script_name;
  format.read_header = read_script_header;
  format.code_hash = python_code_hash;
  return format;
}

}  // namespace limbeck::alembic
