#include "report/error.h"

#include <array>
#include <fmt/format.h>
#include <utility>

#include "base/code_point.h"

namespace limbeck {
namespace {

constexpr std::array meanings{
    ExitMeaning{ExitCode::ok, "ok", "done, or nothing to do"},
    ExitMeaning{ExitCode::internal_error, "internal_error", "a fault in Limbeck itself"},
    ExitMeaning{ExitCode::usage, "usage", "the command line is wrong"},
    ExitMeaning{ExitCode::pending, "pending",
                "revisions are pending, or the database is not where it was asked to be"},
    ExitMeaning{ExitCode::findings, "findings", "a check ran and found something"},
    ExitMeaning{ExitCode::lock_not_acquired, "lock_not_acquired",
                "another runner holds the lock, or a table lock was not granted in time"},
    ExitMeaning{ExitCode::failed_rolled_back, "failed_rolled_back",
                "the work failed; the database is as it was before the failed revision"},
    ExitMeaning{ExitCode::failed_between_steps, "failed_between_steps",
                "the work stopped inside a revision; the next run resumes there"},
    ExitMeaning{ExitCode::tampered_revision, "tampered_revision",
                "an applied revision's file has changed"},
    ExitMeaning{ExitCode::cannot_connect, "cannot_connect",
                "the database cannot be reached or read, or refuses the login"},
    ExitMeaning{ExitCode::invalid_project, "invalid_project",
                "the configuration, a revision file or the revision graph is wrong"},
    ExitMeaning{ExitCode::interrupted, "interrupted",
                "Ctrl-C; the database is as it was before the interrupted revision"},
};

constexpr std::size_t max_source_width = 160;

// The part of a source line that is shown, with its caret: as wide as the printable form of what is
// before the fault.
struct Excerpt {
  std::string line;
  std::size_t caret = 0;
};

Excerpt excerpt(std::string_view source, int column) {
  std::string before;
  std::string_view rest = source;
  for (int i = 1; i < column && !rest.empty(); ++i) {
    const std::size_t length = first_code_point(rest).length;
    before += rest[0] == '\t' ? " " : printable(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  std::string after;
  for (const char c : rest) after += c == '\t' ? ' ' : c;
  after = printable(after);
  // A fault far to the right is shown with the end of what stands before it.
  std::size_t width = display_width(before);
  if (width > max_source_width / 2) {
    std::string_view tail = before;
    while (width > max_source_width / 4) {
      const CodePoint first = first_code_point(tail);
      width -= width_of(first.value);
      tail.remove_prefix(first.length);
    }
    before = "..." + std::string(tail);
    width = display_width(before);
  }
  return {before + shorten(after, max_source_width - width), width};
}

void write_place(const Place& place, const Painter& paint, std::string& text) {
  text += fmt::format("{} {}\n", paint(Style::blue, "  -->"), printable(to_string(place)));
  if (place.source_line.empty() || place.line <= 0) return;
  const Excerpt shown = excerpt(place.source_line, place.column);
  const std::string number = std::to_string(place.line);
  const std::string gutter(number.size(), ' ');
  text += fmt::format("{}\n", paint(Style::blue, gutter + " |"));
  text += fmt::format("{} {}\n", paint(Style::blue, number + " |"), shown.line);
  if (place.column <= 0) return;
  text += fmt::format("{} {}{}\n", paint(Style::blue, gutter + " |"), std::string(shown.caret, ' '),
                      paint(Style::red, "^"));
}

void write_field(std::string_view name, std::string_view content, const Painter& paint,
                 std::string& text) {
  if (content.empty()) return;
  text += fmt::format("{} {}\n", paint(Style::bold, fmt::format("{}:", name)),
                      printable_lines(content));
}

const SqlFailure* failure_of(const Error& error) {
  const auto* database_error = dynamic_cast<const DatabaseError*>(&error);
  return database_error == nullptr ? nullptr : &database_error->failure();
}

void write_failure_json(const SqlFailure& failure, JsonWriter& json) {
  json.optional_member("sqlstate", failure.sqlstate)
      .optional_member("server_message", failure.message)
      .optional_member("server_detail", failure.detail)
      .optional_member("server_hint", failure.hint)
      .optional_member("schema", failure.schema)
      .optional_member("table", failure.table)
      .optional_member("column", failure.column)
      .optional_member("constraint", failure.constraint)
      .member("retryable", failure.retryable);
}

}  // namespace

std::span<const ExitMeaning> exit_meanings() {
  return meanings;
}

std::string_view to_string(ExitCode code) {
  for (const ExitMeaning& row : meanings) {
    if (row.code == code) return row.name;
  }
  return "internal_error";
}

std::string error_text(const Error& error, const Painter& paint) {
  const ErrorReport& report = error.report();
  const SqlFailure* failure = failure_of(error);
  std::string text = paint(Style::red, "error:") + " " + printable_lines(report.message);
  if (failure != nullptr && !failure->sqlstate.empty()) {
    text += fmt::format(" (SQLSTATE {})", printable(failure->sqlstate));
  }
  text += '\n';
  if (report.place && !report.place->file.empty()) write_place(*report.place, paint, text);
  write_field("detail", report.detail, paint, text);
  if (failure != nullptr) {
    if (!report.detail.starts_with(failure->detail)) {
      write_field("the database says", failure->detail, paint, text);
    }
    if (failure->hint != report.hint) {
      write_field("the database suggests", failure->hint, paint, text);
    }
  }
  for (const std::string& context : report.context) text += printable(context) + "\n";
  write_field("state", report.state, paint, text);
  write_field("what to do", report.hint, paint, text);
  return text;
}

std::string error_json(const Error& error) {
  const ErrorReport& report = error.report();
  JsonWriter json;
  json.begin_object().key("error").begin_object();
  json.member("code", static_cast<int>(report.code))
      .member("name", to_string(report.code))
      .member("message", report.message)
      .key("place");
  if (report.place) {
    json.begin_object()
        .member("file", report.place->file)
        .member("line", report.place->line)
        .member("column", report.place->column)
        .optional_member("source_line", report.place->source_line)
        .end_object();
  } else {
    json.null();
  }
  json.optional_member("detail", report.detail)
      .optional_member("state", report.state)
      .optional_member("hint", report.hint)
      .member("context", report.context);
  if (const SqlFailure* failure = failure_of(error)) write_failure_json(*failure, json);
  json.end_object().end_object();
  return json.text() + "\n";
}

Error unexpected(const std::exception& exception) {
  return Error({.code = ExitCode::internal_error,
                .message = fmt::format("something went wrong that Limbeck did not expect: {}",
                                       exception.what()),
                .hint = "please report this with the command that you gave"});
}

}  // namespace limbeck
