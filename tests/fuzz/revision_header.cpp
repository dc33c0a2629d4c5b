#include "revision/revision_file.h"
#include "revision/template.h"
#include "split_check.h"

namespace {

using namespace limbeck;

// The sections lie in the text in order, and their bodies do not overlap.
void check_file(std::string_view bytes) {
  const RevisionFile file = parse_revision_file(bytes, "f");
  require(file.text == canonical(bytes) && file.hash == revision_hash(bytes));
  std::size_t end = 0;
  for (const Section& section : file.sections) {
    require(section.begin >= end && section.end >= section.begin &&
            section.end <= file.text.size());
    require(section.body_line == section.marker.line + 1);
    end = section.end;
  }
  require(parse_revision_header(bytes, "f") == file.revision);
  // Whatever was read can be written, and is then read as the same.
  const Revision again =
      parse_revision_header(render_revision(default_revision_template, file.revision), "f");
  require(again.id == file.revision.id && again.down_revisions == file.revision.down_revisions &&
          again.labels == file.revision.labels && again.depends_on == file.revision.depends_on);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::optional<Revision> whole;
  try {
    whole = parse_revision_header(bytes, "f");
    check_file(bytes);
  } catch (const Error& error) {
    require(error.code() == ExitCode::invalid_project && error.report().place);
  }
  try {
    // What the beginning of a file says is what the whole file says.
    const auto half = try_revision_header(bytes.substr(0, size / 2), "f");
    if (half) require(whole && *half == *whole);
  } catch (const Error&) {
    require(!whole);
  }
  return 0;
}
