#include "source/models_document.h"

#include <algorithm>
#include <fmt/format.h>

#include "limbeck/error.h"

#include "base/json_writer.h"
#include "base/letter_case.h"
#include "base/terminal.h"
#include "dialect/schema_dialect.h"
#include "schema/json_document.h"

namespace limbeck {
namespace {

constexpr std::int64_t document_version = 1;

[[noreturn]] void fail(const std::string& program, const std::string& what) {
  throw Error(
      {.code = ExitCode::invalid_project,
       .message = fmt::format("{} prints models that cannot be read: {}", printable(program), what),
       .hint = "build it with the same version of Limbeck as the command line"});
}

// A document, walked through with the name of its program for errors.
class Reader {
 public:
  Reader(JsonValue value, const std::string& program) : value_(value), program_(program) {}

  Reader member(std::string_view name) const {
    if (value_.type() != JsonValue::Type::object) fail(program_, "an object is missing");
    const auto found = value_.find(name);
    if (!found) fail(program_, fmt::format("{} is missing", name));
    return {*found, program_};
  }
  std::string text(std::string_view name) const {
    const JsonValue found = member(name).value_;
    if (found.type() != JsonValue::Type::text) fail(program_, fmt::format("{} is no text", name));
    return std::string(found.text());
  }
  int number(std::string_view name) const {
    const JsonValue found = member(name).value_;
    if (found.type() != JsonValue::Type::natural)
      fail(program_, fmt::format("{} is no number", name));
    return static_cast<int>(found.natural());
  }
  std::vector<Reader> list(std::string_view name) const {
    const JsonValue found = member(name).value_;
    if (found.type() != JsonValue::Type::list) fail(program_, fmt::format("{} is no list", name));
    std::vector<Reader> elements;
    for (const JsonValue element : found) elements.emplace_back(element, program_);
    return elements;
  }
  std::vector<Reader> members(std::string_view name) const {
    const JsonValue found = member(name).value_;
    if (found.type() != JsonValue::Type::object)
      fail(program_, fmt::format("{} is no object", name));
    std::vector<Reader> elements;
    for (const JsonValue element : found) elements.emplace_back(element, program_);
    return elements;
  }
  std::string name() const { return std::string(value_.name()); }

 private:
  JsonValue value_;
  const std::string& program_;
};

ModelSql read_sql(const Reader& reader) {
  ModelSql sql{.error = reader.text("error"), .sql = reader.text("sql")};
  for (const Reader& it : reader.list("shared"))
    sql.shared.push_back({it.text("set"), it.text("name"), it.text("sql")});
  return sql;
}

std::string place_of(const ModelTable& table) {
  return fmt::format("set {}, struct {} at {}:{}", printable(table.set),
                     printable(table.struct_name), printable(table.file), table.line);
}

// What the table is called in the database.
std::pair<std::string, std::string> key_of(const ModelTable& table, const std::string& dialect) {
  const bool has_schemas = dialect == "postgresql";
  std::string name = table.name;
  if (!schema_dialect_named(dialect).case_sensitive_names()) name = lower_case(name);
  return {has_schemas ? table.schema : "", name};
}

void check_tables(std::span<const ModelsDocument> models, const std::string& dialect) {
  std::map<std::pair<std::string, std::string>, const ModelTable*> declared;
  for (const ModelsDocument& document : models) {
    for (const ModelTable& table : document.tables) {
      const auto [first, is_new] = declared.emplace(key_of(table, dialect), &table);
      if (is_new) continue;
      throw Error({.code = ExitCode::invalid_project,
                   .message = fmt::format("table {} is declared by two sets of models: {} and {}",
                                          printable(table.name), printable(first->second->set),
                                          printable(table.set)),
                   .place = Place{table.file, table.line, 0, {}},
                   .detail = place_of(*first->second) + "\n" + place_of(table),
                   .hint = "one of the two has to be called something else, or to go"});
    }
  }
}

}  // namespace

std::string to_json(const ModelsDocument& models) {
  JsonWriter json;
  json.begin_object().member("limbeck_models", document_version);
  json.key("tables").begin_array();
  for (const ModelTable& table : models.tables) {
    json.begin_object()
        .member("set", table.set)
        .member("schema", table.schema)
        .member("name", table.name)
        .member("struct", table.struct_name)
        .member("file", table.file)
        .member("line", table.line)
        .end_object();
  }
  json.end_array().key("sql").begin_object();
  for (const auto& [dialect, sql] : models.sql) {
    json.key(dialect).begin_object().member("error", sql.error).key("shared").begin_array();
    for (const ModelShared& it : sql.shared) {
      json.begin_object()
          .member("set", it.set)
          .member("name", it.name)
          .member("sql", it.sql)
          .end_object();
    }
    json.end_array().member("sql", sql.sql).end_object();
  }
  json.end_object().end_object();
  return json.text() + "\n";
}

std::optional<ModelsDocument> read_models(std::string_view json, const std::string& program) {
  try {
    const JsonDocument document(json);
    const JsonValue root = document.root();
    if (root.type() != JsonValue::Type::object || !root.find("limbeck_models")) return std::nullopt;
    const Reader reader(root, program);
    if (reader.number("limbeck_models") != document_version)
      fail(program, "they are of another version of Limbeck");
    ModelsDocument models{.program = program};
    for (const Reader& it : reader.list("tables")) {
      models.tables.push_back({it.text("set"), it.text("schema"), it.text("name"),
                               it.text("struct"), it.text("file"), it.number("line")});
    }
    for (const Reader& it : reader.members("sql")) models.sql[it.name()] = read_sql(it);
    return models;
  } catch (const JsonDocument::Fault&) {
    return std::nullopt;  // read_snapshot says what is wrong with it
  }
}

std::vector<SqlText> models_sql(std::span<const ModelsDocument> models,
                                const std::string& dialect) {
  check_tables(models, dialect);
  std::vector<SqlText> texts;
  std::map<std::string, const ModelShared*> made;
  for (const ModelsDocument& document : models) {
    const auto sql = document.sql.find(dialect);
    if (sql == document.sql.end()) {
      throw Error({.code = ExitCode::invalid_project,
                   .message = fmt::format("{} prints no models for {}", printable(document.program),
                                          dialect),
                   .hint = "build the program anew with this version of Limbeck's models_main.h"});
    }
    if (!sql->second.error.empty()) {
      throw Error({.code = ExitCode::invalid_project,
                   .message = sql->second.error,
                   .hint = "correct the declaration in the program's source, and build it anew",
                   .context = {"in the models of " + document.program}});
    }
    for (const ModelShared& it : sql->second.shared) {
      const auto [first, is_new] = made.emplace(it.name, &it);
      if (is_new) {
        texts.push_back({document.program, it.sql + ";\n"});
      } else if (first->second->sql != it.sql) {
        throw Error({.code = ExitCode::invalid_project,
                     .message = fmt::format("{} is declared by two sets of models, {} and {}, and "
                                            "not in the same way",
                                            printable(it.name), printable(first->second->set),
                                            printable(it.set)),
                     .detail = printable(first->second->sql) + "\n" + printable(it.sql),
                     .hint = "let both use one C++ type, or give one of them another name"});
      }
    }
  }
  for (const ModelsDocument& document : models)
    texts.push_back({document.program, document.sql.at(dialect).sql});
  return texts;
}

}  // namespace limbeck
