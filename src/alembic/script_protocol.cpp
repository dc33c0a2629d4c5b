#include "alembic/script_protocol.h"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <utility>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "dialect/dialect.h"
#include "schema/json_document.h"

namespace limbeck {
namespace {

// ---- writing ----

void write_map(JsonWriter& json, std::string_view name,
               const std::map<std::string, std::string>& map) {
  json.key(name).begin_object();
  for (const auto& [key, value] : map) json.member(key, value);
  json.end_object();
}

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes)
    fmt::format_to(std::back_inserter(text), "{:02x}", static_cast<unsigned char>(byte));
  return text;
}

// PostgreSQL's values as its own text, SQLite's as what they are.
struct ValueWriter {
  JsonWriter& json;
  std::string_view type;

  void operator()(std::monostate /*null*/) const { json.null(); }
  void operator()(std::int64_t number) const {
    if (type.empty()) {
      json.value(number);
    } else if (type == "bool") {
      json.value(number != 0 ? "t" : "f");
    } else {
      json.value(std::to_string(number));
    }
  }
  // JSON has no number that is infinite, and Python takes one without a fraction for an integer.
  void operator()(double number) const {
    const std::string text = std::isfinite(number) ? fmt::format("{}", number)
                             : number > 0          ? "Infinity"
                             : number < 0          ? "-Infinity"
                                                   : "NaN";
    if (std::isfinite(number) && (!type.empty() || std::trunc(number) != number)) {
      json.value(number);
    } else if (type.empty()) {
      json.begin_object().member("real", text).end_object();
    } else {
      json.value(text);
    }
  }
  void operator()(const std::string& text) const { json.value(text); }
  void operator()(const Blob& blob) const {
    json.begin_object().member("bytes", hexadecimal(blob.bytes)).end_object();
  }
};

std::string line(const JsonWriter& json) {
  return json.text() + "\n";
}

// Whether Python would read these bytes as UTF-8: a script may say in its first two lines that it
// is written in something else.
bool is_utf8_script(std::string_view source) {
  std::size_t end = source.find('\n');
  if (end != std::string_view::npos) end = source.find('\n', end + 1);
  return !source.empty() && source.substr(0, end).find("coding") == std::string_view::npos &&
         find_invalid_utf8(source) == std::string_view::npos;
}

// ---- reading ----

std::string text_of(const JsonValue& object, std::string_view name) {
  const auto value = object.find(name);
  return value && value->type() == JsonValue::Type::text ? std::string(value->text()) : "";
}

std::vector<std::string> texts_of(const JsonValue& object, std::string_view name) {
  std::vector<std::string> texts;
  const auto value = object.find(name);
  if (!value || value->type() != JsonValue::Type::list) return texts;
  for (const JsonValue& one : *value)
    if (one.type() == JsonValue::Type::text) texts.emplace_back(one.text());
  return texts;
}

int number_of(const JsonValue& object, std::string_view name) {
  const auto value = object.find(name);
  return value && value->type() == JsonValue::Type::natural ? static_cast<int>(value->natural())
                                                            : 0;
}

std::optional<bool> truth_of(const JsonValue& object, std::string_view name) {
  const auto value = object.find(name);
  if (!value || value->type() != JsonValue::Type::truth) return std::nullopt;
  return value->truth();
}

std::optional<std::string> optional_text(const JsonValue& object, std::string_view name) {
  const auto value = object.find(name);
  if (!value || value->type() != JsonValue::Type::text) return std::nullopt;
  return std::string(value->text());
}

std::optional<ConstraintType> constraint_type(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, ConstraintType>, 4> types{{
      {"unique", ConstraintType::unique},
      {"check", ConstraintType::check},
      {"foreignkey", ConstraintType::foreign_key},
      {"primary", ConstraintType::primary_key},
  }};
  for (const auto& [known, type] : types)
    if (known == name) return type;
  return std::nullopt;
}

AlterColumn alter_column(const JsonValue& change) {
  AlterColumn result{.name = text_of(change, "name"),
                     .new_name = optional_text(change, "new_name"),
                     .type = optional_text(change, "type"),
                     .nullable = truth_of(change, "nullable")};
  if (change.find("default")) result.default_value.emplace(optional_text(change, "default"));
  return result;
}

OrderColumns order_columns(const JsonValue& change) {
  OrderColumns result;
  if (const auto lists = change.find("lists")) {
    for (const JsonValue& list : *lists) {
      result.lists.emplace_back();
      for (const JsonValue& column : list) result.lists.back().emplace_back(column.text());
    }
  }
  return result;
}

std::optional<TableChange> table_change(const JsonValue& change) {
  const std::string what = text_of(change, "change");
  if (what == "add_column")
    return AddColumn{.name = text_of(change, "name"),
                     .definition = text_of(change, "definition"),
                     .after = text_of(change, "after"),
                     .before = text_of(change, "before"),
                     .in_key = truth_of(change, "in_key").value_or(false)};
  if (what == "drop_column")
    return DropColumn{.name = text_of(change, "name"),
                      .key_stays = true,  // as under Alembic
                      .in_place = truth_of(change, "in_place").value_or(false)};
  if (what == "alter_column") return alter_column(change);
  if (what == "add_constraint") {
    const auto type = constraint_type(text_of(change, "type"));
    if (!type) return std::nullopt;
    return AddConstraint{.name = text_of(change, "name"),
                         .type = *type,
                         .definition = text_of(change, "definition"),
                         .unless_there = truth_of(change, "unless_there").value_or(false)};
  }
  if (what == "drop_constraint")
    return DropConstraint{.name = text_of(change, "name"),
                          .columns = texts_of(change, "columns"),
                          .type = constraint_type(text_of(change, "type"))};
  if (what == "rename_table") return RenameTable{.new_name = text_of(change, "new_name")};
  if (what == "define") return DefineTable{.sql = text_of(change, "sql")};
  if (what == "order") return order_columns(change);
  if (what == "autoincrement") return SetAutoincrement{.on = truth_of(change, "on").value_or(true)};
  if (what == "create_index") return IndexStatement{.sql = text_of(change, "sql")};
  if (what == "drop_index") return DropIndex{.name = text_of(change, "name")};
  return std::nullopt;
}

std::optional<ScriptTableChanges> table_changes(const JsonValue& batch, int line) {
  ScriptTableChanges result{.changes = {.table = text_of(batch, "table")}, .line = line};
  const auto changes = batch.find("changes");
  if (!changes) return std::nullopt;
  for (const JsonValue& it : *changes) {
    auto change = table_change(it);
    if (!change) return std::nullopt;
    result.changes.changes.push_back(*std::move(change));
  }
  return result;
}

std::optional<ScriptItem> item(const JsonValue& value) {
  const int line = number_of(value, "line");
  if (value.find("sql"))
    return ScriptStatement{
        .sql = text_of(value, "sql"), .line = line, .comment = text_of(value, "comment")};
  if (const auto enter = truth_of(value, "autocommit"))
    return ScriptAutocommit{.enter = *enter, .line = line};
  if (value.find("commit")) return ScriptCommit{.line = line};
  const auto batch = value.find("batch");
  if (!batch) return std::nullopt;
  auto changes = table_changes(*batch, line);
  if (!changes) return std::nullopt;
  changes->comment = text_of(value, "comment");
  return *std::move(changes);
}

std::vector<std::string> texts(const JsonValue& object, std::string_view name) {
  std::vector<std::string> result;
  if (const auto list = object.find(name))
    for (const JsonValue& it : *list) result.emplace_back(it.text());
  return result;
}

std::vector<TypeEvent> type_events(const JsonValue& event) {
  std::vector<TypeEvent> result;
  const auto list = event.find("types");
  if (!list) return result;
  for (const JsonValue& it : *list) {
    TypeEvent words;
    for (const JsonValue& word : it) words.emplace_back(word.text());
    result.push_back(std::move(words));
  }
  return result;
}

ReaderDone done_of(const JsonValue& event) {
  ReaderDone done;
  done.recording.notes = texts(event, "notes");
  done.recording.output = text_of(event, "output");
  done.types = type_events(event);
  done.pure = truth_of(event, "pure").value_or(false);
  return done;
}

std::optional<ReaderEvent> recorded(const JsonValue& event) {
  ReaderDone done = done_of(event);
  if (const auto items = event.find("items")) {
    for (const JsonValue& it : *items) {
      auto read = item(it);
      if (!read) return std::nullopt;
      done.recording.items.push_back(*std::move(read));
    }
  }
  return done;
}

std::optional<ReaderEvent> needs(const JsonValue& event) {
  if (text_of(event, "what") == "engine")
    return ReaderWantsEngine{.text = text_of(event, "text"),
                             .engines = texts_of(event, "engines"),
                             .line = number_of(event, "line")};
  ReaderDone done = done_of(event);
  done.recording.needs =
      ScriptNeed{.what = text_of(event, "what") == "query" ? ScriptNeed::What::query
                                                           : ScriptNeed::What::application,
                 .text = text_of(event, "text"),
                 .line = number_of(event, "line")};
  return done;
}

std::optional<ReaderEvent> raised(const JsonValue& event) {
  ReaderRaised result{.type = text_of(event, "type"),
                      .message = text_of(event, "message"),
                      .file = text_of(event, "file"),
                      .line = number_of(event, "line"),
                      .column = number_of(event, "column"),
                      .output = text_of(event, "output")};
  if (const auto frames = event.find("traceback")) {
    for (const JsonValue& frame : *frames)
      result.traceback.push_back({.file = text_of(frame, "file"),
                                  .line = number_of(frame, "line"),
                                  .function = text_of(frame, "function"),
                                  .text = text_of(frame, "text")});
  }
  return result;
}

std::vector<std::string> texts(const std::vector<std::filesystem::path>& paths) {
  std::vector<std::string> result;
  result.reserve(paths.size());
  for (const std::filesystem::path& path : paths) result.push_back(path.string());
  return result;
}

}  // namespace

std::string configure_line(const ScriptReaderSettings& settings, const Dialect& dialect) {
  JsonWriter json;
  json.begin_object()
      .member("do", "configure")
      .member("dialect", std::string(dialect.name()))
      .optional_member("server_version", settings.server_version)
      .member("paths", texts(settings.python_paths))
      .member("fallback_paths", texts(settings.fallback_python_paths))
      .member("script_location", settings.script_location.string())
      .member("version_locations", texts(settings.version_locations));
  write_map(json, "types", settings.types);
  write_map(json, "naming_convention", settings.naming_convention);
  if (!settings.unknown_naming.empty()) json.member("unknown_naming", settings.unknown_naming);
  write_map(json, "config", settings.options);
  json.member("x", settings.x_arguments)
      .member("version_table", settings.version_table)
      .optional_member("version_table_schema", settings.version_table_schema);
  if (settings.engine) json.member("engine", *settings.engine);
  if (!settings.engine_argument.empty()) json.member("engine_argument", settings.engine_argument);
  if (settings.gives_no_arguments) json.member("gives_no_arguments", true);
  if (settings.always_gives_engine) json.member("always_gives_engine", true);
  if (!settings.engines.empty()) json.member("has_engines", true);
  json.end_object();
  return line(json);
}

std::string script_line(std::string_view what, const ScriptRequest& request) {
  JsonWriter json;
  json.begin_object()
      .member("do", what)
      .member("id", request.id)
      .member("path", request.path.string())
      .member("direction", std::string(to_string(request.direction)))
      .member("offline", request.offline);
  if (is_utf8_script(request.source)) json.member("source", request.source);
  json.end_object();
  return line(json);
}

std::string answer_line(const ResultSet& result) {
  JsonWriter json;
  json.begin_object().member("columns", result.columns).key("types").begin_array();
  for (std::size_t i = 0; i < result.columns.size(); ++i)
    json.value(i < result.types.size() ? result.types[i] : std::string_view());
  json.end_array().key("rows").begin_array();
  for (const Row& row : result.rows) {
    json.begin_array();
    for (std::size_t i = 0; i < row.size(); ++i)
      std::visit(ValueWriter{json, i < result.types.size() ? result.types[i] : ""}, row[i]);
    json.end_array();
  }
  json.end_array();
  if (result.affected == answer_not_known)
    json.member("done_before", true);
  else
    json.member("affected", result.affected);
  json.end_object();
  return line(json);
}

std::string answer_line(const DatabaseError& error) {
  JsonWriter json;
  json.begin_object()
      .key("error")
      .begin_object()
      .member("sqlstate", error.failure().sqlstate)
      .member("message", error.failure().message)
      .end_object()
      .end_object();
  return line(json);
}

std::string empty_answer_line() {
  return "{}\n";
}

std::optional<ReaderEvent> read_event(std::string_view line) {
  try {
    const JsonDocument document(line);
    const JsonValue event = document.root();
    const std::string name = text_of(event, "event");
    const int at = number_of(event, "line");
    if (name == "ready") return ReaderReady{};
    if (name == "recorded" || name == "finished") return recorded(event);
    if (name == "needs") return needs(event);
    if (name == "raised") return raised(event);
    if (name == "execute") return ScriptStatement{.sql = text_of(event, "sql"), .line = at};
    if (name == "autocommit")
      return ScriptAutocommit{.enter = truth_of(event, "enter").value_or(false), .line = at};
    if (name == "commit") return ScriptCommit{.line = at};
    if (name != "batch" || !event.find("batch")) return std::nullopt;
    if (auto changes = table_changes(*event.find("batch"), at)) return *std::move(changes);
    return std::nullopt;
  } catch (const JsonDocument::Fault&) {
    return std::nullopt;
  }
}

}  // namespace limbeck
