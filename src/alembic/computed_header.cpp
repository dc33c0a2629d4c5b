#include "alembic/computed_header.h"

#include <fmt/format.h>
#include <memory>
#include <optional>
#include <utility>

#include "limbeck/error.h"

#include "alembic/header.h"
#include "alembic/reader_process.h"
#include "base/json_writer.h"
#include "dialect/dialect.h"
#include "schema/json_document.h"

namespace limbeck::alembic {
namespace {

class HeaderAsker {
 public:
  explicit HeaderAsker(ScriptReaderSettings settings) : settings_(std::move(settings)) {}

  Revision ask(const std::string& file, const Place& computed);

 private:
  void start(const Place& computed);
  void send(const std::string& lines, const Place& computed);
  std::string receive(const Place& computed);
  [[noreturn]] void fail(const Place& computed, const std::string& reason) const {
    throw Error({.code = ExitCode::invalid_project,
                 .message = "the header of this revision is computed, and Python did not say what "
                            "it is",
                 .place = computed,
                 .detail = reason,
                 .hint = "write its value out as a string, a tuple of strings or None"});
  }

  ScriptReaderSettings settings_;
  std::optional<Dialogue> dialogue_;
};

void HeaderAsker::send(const std::string& lines, const Place& computed) {
  if (dialogue_->send(lines, settings_.interrupt)) return;
  fail(computed, describe(dialogue_->stop()));
}

void HeaderAsker::start(const Place& computed) {
  if (dialogue_) return;
  dialogue_.emplace(reader_command(settings_), settings_.folder.string(), reader_attachment());
  if (!dialogue_->start_error().empty()) {
    fail(computed,
         fmt::format("{} could not be started: {}", settings_.python, dialogue_->start_error()));
  }
  send(configure_line(settings_, dialect_named("postgresql")), computed);
  receive(computed);
}

std::string HeaderAsker::receive(const Place& computed) {
  std::string line;
  switch (dialogue_->receive(line, settings_.timeout_ms, settings_.interrupt)) {
    case Dialogue::End::line:
      return line;
    case Dialogue::End::ended:
      fail(computed, describe(dialogue_->stop()));
    case Dialogue::End::timed_out:
      dialogue_.reset();
      fail(computed, fmt::format("it said nothing for {} seconds", settings_.timeout_ms / 1000));
    case Dialogue::End::interrupted:
      break;
  }
  throw Interrupted({.code = ExitCode::interrupted, .message = "interrupted"}, {});
}

std::string text_of(const JsonValue& object, std::string_view name) {
  const auto value = object.find(name);
  if (!value || value->type() != JsonValue::Type::text) return {};
  return std::string(value->text());
}

std::vector<std::string> texts_of(const JsonValue& object, std::string_view name) {
  std::vector<std::string> result;
  const auto list = object.find(name);
  if (!list || list->type() != JsonValue::Type::list) return result;
  for (const JsonValue item : *list) {
    if (item.type() == JsonValue::Type::text) result.emplace_back(item.text());
  }
  return result;
}

Revision HeaderAsker::ask(const std::string& file, const Place& computed) {
  start(computed);
  JsonWriter request;
  std::error_code error;
  const std::string path = std::filesystem::absolute(file, error).string();
  request.begin_object().member("do", "header").member("path", path).end_object();
  send(request.text() + "\n", computed);
  const std::string line = receive(computed);
  const JsonDocument document(line);
  const JsonValue answer = document.root();
  const std::string event = text_of(answer, "event");
  if (event == "needs") fail(computed, "it needs " + text_of(answer, "text"));
  if (event == "raised") {
    fail(computed, fmt::format("{}: {}", text_of(answer, "type"), text_of(answer, "message")));
  }
  Revision revision;
  revision.id = text_of(answer, "revision");
  revision.down_revisions = texts_of(answer, "down_revision");
  revision.labels = texts_of(answer, "branch_labels");
  revision.depends_on = texts_of(answer, "depends_on");
  revision.place = computed;
  describe_revision(text_of(answer, "doc"), revision);
  return revision;
}

}  // namespace

std::function<Revision(const std::string&, const Place&)> ask_python_for_headers(
    ScriptReaderSettings settings) {
  return [asker = std::make_shared<HeaderAsker>(std::move(settings))](
             const std::string& file, const Place& computed) { return asker->ask(file, computed); };
}

}  // namespace limbeck::alembic
