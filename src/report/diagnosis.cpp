#include "report/diagnosis.h"

#include <fmt/format.h>

namespace limbeck {

std::string_view to_string(Ailment::Kind kind) {
  switch (kind) {
    case Ailment::Kind::stopped_revision:
      return "stopped_revision";
    case Ailment::Kind::changed_revision:
      return "changed_revision";
    case Ailment::Kind::unknown_revision:
      return "unknown_revision";
    case Ailment::Kind::narrow_version_table:
      return "narrow_version_table";
  }
  return "";
}

std::string diagnosis_text(std::span<const Ailment> ailments, const Painter& paint) {
  if (ailments.empty()) return "Nothing is wrong.\n";
  std::string text;
  for (const Ailment& ailment : ailments) {
    text += fmt::format("{}\n  {} {}\n", paint(Style::red, printable_lines(ailment.what)),
                        paint(Style::dim, "what to do:"), printable_lines(ailment.way_out));
  }
  return text;
}

std::string running_text(const RunAtWork& running) {
  return fmt::format("A run is at work: {}; nothing was changed\n", printable(describe(running)));
}

void write_running(const std::optional<RunAtWork>& running, JsonWriter& json) {
  if (!running) {
    json.null();
    return;
  }
  json.begin_object()
      .member("pid", running->holder.pid)
      .member("user", running->holder.user)
      .member("host", running->holder.host)
      .member("since", running->holder.since)
      .optional_member("activity", running->holder.activity);
  if (running->revision) {
    json.member("revision", running->revision->revision)
        .member("direction", running->revision->direction);
  }
  json.end_object();
}

void write_ailments(std::span<const Ailment> ailments, JsonWriter& json) {
  json.begin_array();
  for (const Ailment& ailment : ailments) {
    json.begin_object()
        .member("kind", to_string(ailment.kind))
        .member("subject", ailment.subject)
        .member("what", ailment.what)
        .member("way_out", ailment.way_out)
        .end_object();
  }
  json.end_array();
}

}  // namespace limbeck
