#include "cli/new_revision_command.h"

#include <fmt/format.h>

#include "cli/findings.h"
#include "report/findings.h"

namespace limbeck::cli {

ExitCode write_and_tell(Session& session, const NewRevision& wanted, const std::string& lint_for) {
  const WrittenRevision written = write_revision(session.project(), session.chain(), wanted);
  if (!written.warning.empty()) session.log().line("warning: " + printable(written.warning));
  run_hooks(session.project(), written.file);
  LintReport told;
  const bool look = !lint_for.empty();
  if (look) told = findings_of_new_revision(session, written.revision.id, lint_for);
  if (session.json()) {
    JsonWriter json;
    json.begin_object()
        .member("id", written.revision.id)
        .member("down_revisions", written.revision.down_revisions)
        .member("depends_on", written.revision.depends_on)
        .member("labels", written.revision.labels)
        .member("file", written.file.string());
    if (look) {
      json.key("findings");
      write_findings(json, told.findings, lint_rules_page);
    }
    json.end_object();
    Session::print(json.text() + "\n");
  } else {
    Session::print(fmt::format("Wrote {}\n", printable(written.file.string())));
  }
  return ExitCode::ok;
}

}  // namespace limbeck::cli
