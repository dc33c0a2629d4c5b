#include "alembic/session_statement.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "limbeck/error.h"

#include "base/letter_case.h"
#include "dialect/dialect.h"
#include "sql/lexer.h"
#include "sql/lexical_rules.h"
#include "sql/splitter.h"

namespace limbeck::alembic {
namespace {

using Setting = SessionSetting;
using Settings = std::map<std::string, std::string>;

struct SqlWord {
  sql::TokenKind kind = sql::TokenKind::end;
  std::string text = {};  // a word in small letters; a name or text as what it stands for
};
using SqlWords = std::vector<SqlWord>;

std::string without_quotes(std::string_view text) {
  const char quote = text.front();
  std::string result;
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    if (text[at] == quote) ++at;
    result += text[at];
  }
  return result;
}

SqlWords words_of(std::string_view statement) {
  using Kind = sql::TokenKind;
  SqlWords result;
  sql::Lexer lexer(statement, sql::postgres_rules, {});
  for (sql::Token token = lexer.next(); token.kind != Kind::end; token = lexer.next()) {
    if (token.kind == Kind::line_comment || token.kind == Kind::block_comment) continue;
    const std::string_view text = lexer.text(token);
    const bool is_quoted = text.front() == '"' || text.front() == '\'';
    result.push_back({token.kind, is_quoted                  ? without_quotes(text)
                                  : token.kind == Kind::word ? lower_case(text)
                                                             : std::string(text)});
  }
  return result;
}

bool is_setting(std::string_view name) {
  return name == "search_path" || name == "role";
}

bool is_value(const SqlWord& word) {
  return word.kind == sql::TokenKind::word || word.kind == sql::TokenKind::name ||
         word.kind == sql::TokenKind::string;
}

// A name of none of the schemas has no characters.
std::string quoted_schema(const std::string& name) {
  return name.empty() ? "\"\"" : dialect_named("postgresql").quote(Identifier{name});
}

bool is_filled_in(std::string_view text) {
  return text.find_first_of("%{}") != std::string_view::npos;
}

// From this word on: what the setting becomes; empty: nobody knows.
std::string value_from(const SqlWords& words, std::size_t at, const std::string& name) {
  std::string result;
  for (bool is_next = true; at < words.size(); ++at, is_next = !is_next) {
    if (!is_next && words[at].text == ",") continue;
    if (!is_next || !is_value(words[at]) || is_filled_in(words[at].text)) return {};
    if (name == "role") return at + 1 == words.size() ? words[at].text : std::string();
    result += (result.empty() ? "" : ", ") + quoted_schema(words[at].text);
  }
  return result;
}

// What one statement does to the settings.
struct SettingChange {
  enum class Kind { none, set, reset, reset_all, commit, rollback };
  Kind kind = Kind::none;
  Setting setting = {};
  bool is_local = false;
};
using ChangeKind = SettingChange::Kind;

// SELECT set_config('search_path', 'app', false)
SettingChange change_of_call(const SqlWords& words) {
  const auto call = std::find_if(words.begin(), words.end(),
                                 [](const SqlWord& it) { return it.text == "set_config"; });
  const auto left = words.end() - call;
  if (left < 3 || !is_setting(call[2].text)) return {};
  const bool is_whole = left >= 8 && call[3].text == "," && is_value(call[4]) &&
                        call[4].kind == sql::TokenKind::string && call[5].text == ",";
  SettingChange change{ChangeKind::set, {call[2].text, {}}};
  if (!is_whole) return change;
  change.is_local = call[6].text != "false";
  if (call[2].text == "role") {
    change.setting.value = call[4].text;
  } else {
    change.setting.value = value_from(words_of(call[4].text), 0, call[2].text);
  }
  return change;
}

SettingChange change_of_set(const SqlWords& words) {
  std::size_t at = 1;
  SettingChange change{ChangeKind::set, {}};
  if (words[at].text == "session" || words[at].text == "local") {
    change.is_local = words[at].text == "local";
    if (++at >= words.size()) return {};
  }
  std::string name = words[at].text;
  // The owner of what is made; but also who may take which role.
  if (name == "authorization") return {ChangeKind::set, {"role", {}}};
  const bool is_schema = name == "schema";
  if (is_schema) name = "search_path";
  if (!is_setting(name) || ++at >= words.size()) return {};
  if (words[at].text == "=" || words[at].text == "to") ++at;
  change.setting = {name, value_from(words, at, name)};
  const bool is_word = at + 1 == words.size() && words[at].kind == sql::TokenKind::word;
  const bool is_default =
      is_word && (words[at].text == "default" || (name == "role" && words[at].text == "none"));
  if (is_default) change.kind = ChangeKind::reset;
  return change;
}

SettingChange change_of(const SqlWords& words) {
  if (words.empty()) return {};
  const std::string& verb = words.front().text;
  if (verb == "commit" || verb == "end") return {ChangeKind::commit, {}};
  if (verb == "rollback" || verb == "abort") return {ChangeKind::rollback, {}};
  if (verb == "discard") return {ChangeKind::reset_all, {}};
  if (words.size() < 2) return {};
  if (verb == "reset" && words[1].text == "all") return {ChangeKind::reset_all, {}};
  if (verb == "reset")
    return {ChangeKind::reset, {words[1].text == "session" ? "role" : words[1].text, {}}};
  return verb == "set" ? change_of_set(words) : change_of_call(words);
}

std::vector<SettingChange> changes_in(std::string_view text) {
  std::vector<SettingChange> result;
  try {
    for (const sql::Statement& statement : sql::split(text, sql::postgres_rules, {}))
      result.push_back(change_of(words_of(statement.text)));
  } catch (const Error&) {
    // Parts of it are filled in later, as it seems.
    const std::string small = lower_case(text);
    if (small.find("search_path") != std::string::npos)
      result.push_back({ChangeKind::set, {"search_path", {}}});
    if (small.find("set role") != std::string::npos)
      result.push_back({ChangeKind::set, {"role", {}}});
  }
  return result;
}

// Those of "-c search_path=app,public -c role=owner".
std::vector<Setting> options_in(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<Setting> found;
  for (std::size_t at = text.find("-c"); at != std::string_view::npos;
       at = text.find("-c", at + 2)) {
    std::string_view rest = text.substr(at + 2);
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
    const std::size_t sign = rest.find('=');
    if (sign == std::string_view::npos) break;
    const std::string name = lower_case(rest.substr(0, sign));
    if (!is_setting(name)) continue;
    std::string value;
    for (std::size_t i = sign + 1; i < rest.size() && blanks.find(rest[i]) == rest.npos; ++i) {
      if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
      value += rest[i];
    }
    if (is_filled_in(value)) value.clear();
    found.push_back({name, value});
  }
  return found;
}

}  // namespace

std::vector<Setting> session_settings_in(std::string_view text) {
  std::vector<Setting> found;
  for (const SettingChange& change : changes_in(text))
    if (change.kind == ChangeKind::set) found.push_back(change.setting);
  for (Setting& option : options_in(text)) found.push_back(std::move(option));
  return found;
}

Settings session_settings_after(const std::vector<std::string>& statements) {
  Settings options;    // that the session begins with
  Settings committed;  // what a rollback leaves
  Settings now;
  Settings beneath;  // without what holds for one transaction
  const auto change_both = [&](const auto& change) {
    change(now);
    change(beneath);
  };
  const auto take = [&](const SettingChange& change) {
    const std::string& name = change.setting.name;
    const auto reset = [&](Settings& all) {
      const auto begun = options.find(name);
      if (begun == options.end()) all.erase(name);
      if (begun != options.end()) all[name] = begun->second;
    };
    if (change.kind == ChangeKind::set) {
      now[name] = change.setting.value;
      if (!change.is_local) beneath[name] = change.setting.value;
    }
    if (change.kind == ChangeKind::reset) change_both(reset);
    if (change.kind == ChangeKind::reset_all) now = beneath = options;
    if (change.kind == ChangeKind::commit) now = committed = beneath;
    if (change.kind == ChangeKind::rollback) now = beneath = committed;
  };
  for (const std::string& statement : statements) {
    for (const Setting& option : options_in(statement)) {
      options[option.name] = committed[option.name] = option.value;
      now[option.name] = beneath[option.name] = option.value;
    }
    for (const SettingChange& change : changes_in(statement)) take(change);
  }
  return now;
}

}  // namespace limbeck::alembic
