// The code of docs/embedding.md.
#include <algorithm>
#include <cctype>
#include <cstdio>

#include "limbeck/operations.h"
#include "limbeck/upgrade.h"

#include "notes_revisions.h"

// begin: together
std::string title_of(const std::string& text) {
  std::string title = text.substr(0, text.find('\n'));
  if (!title.empty()) title[0] = static_cast<char>(std::toupper(title[0]));
  return title;
}

limbeck::Revisions all_revisions() {
  limbeck::Revisions revisions = notes_revisions();  // the SQL files
  revisions.add({
      .id = "7c2e",
      .revises = {"5b1d"},
      .message = "Give every note a title",
      .upgrade =
          [](limbeck::Operations& op) {
            op.add_column(
                "note",
                {.name = "title", .type = limbeck::model::varchar(200), .default_sql = "''"});
            for (const limbeck::Row& note : op.query("SELECT id, text FROM note").rows) {
              op.execute("UPDATE note SET title = $1 WHERE id = $2",
                         {title_of(limbeck::text_of(note[1])), note[0]});
            }
          },
      .downgrade = [](limbeck::Operations& op) { op.drop_column("note", "title"); },
  });
  return revisions;
}
// end

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "sqlite:///notes.db";
  // clang-format off
  // begin: start
  try {
    limbeck::UpgradeOptions options;
    options.progress = [](const limbeck::Progress& it) { std::puts(it.text.c_str()); };
    const limbeck::UpgradeResult result = limbeck::upgrade(url, all_revisions(), options);
    if (result.outcome == limbeck::UpgradeOutcome::database_is_newer) {
      std::puts("these notes belong to a newer version of this program: please update it");
      return 1;
    }
    if (!result.ok()) return 1;
  } catch (const limbeck::Error& error) {
    std::fprintf(stderr, "%s\n%s\n", error.what(), error.report().state.c_str());
    return 1;
  }
  // end
  // clang-format on
  return 0;
}
