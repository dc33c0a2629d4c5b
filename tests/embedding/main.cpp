// Brings a database to the revisions in this program, and says what came of it, a line for each
// thing.
//
// embedding_app URL up|down|status [TARGET] [OPTION...]
//   --old             without the newest revision: an older build of this program
//   --other-version   the newest revision is another than it was
//   --failing         it throws
//   --together        all in one transaction
//   --no-wait         does not wait for another process
//   --cancel-at=ID    asks to stop when this revision begins
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "limbeck/operations.h"
#include "limbeck/upgrade.h"

#include "embedding_app_revisions.h"

namespace {

class Arguments {
 public:
  Arguments(int argc, char** argv) : texts_(argv + 1, argv + argc) {}
  std::string_view at(std::size_t position) const {
    return position < texts_.size() ? texts_[position] : std::string_view();
  }
  bool has(std::string_view option) const {
    return std::find(texts_.begin(), texts_.end(), option) != texts_.end();
  }
  std::string value(std::string_view option) const {
    for (const std::string_view it : texts_)
      if (it.starts_with(option)) return std::string(it.substr(option.size()));
    return {};
  }

 private:
  std::vector<std::string_view> texts_;
};

void print(const char* what, std::string_view text) {
  std::printf("%s %.*s\n", what, static_cast<int>(text.size()), text.data());
}

// What SQL cannot say the same way everywhere: the last word of a name, in the program's own way.
std::string last_word(const std::string& name) {
  const std::size_t blank = name.rfind(' ');
  return blank == std::string::npos ? name : name.substr(blank + 1);
}

void split_names(limbeck::Operations& op) {
  op.add_column("account", {.name = "family_name", .type = limbeck::model::text, .nullable = true});
  const limbeck::ResultSet accounts = op.query("SELECT id, full_name FROM account ORDER BY id");
  for (const limbeck::Row& account : accounts.rows) {
    op.execute("UPDATE account SET family_name = $1 WHERE id = $2",
               {last_word(limbeck::text_of(account[1])), account[0]});
  }
  op.note("split " + std::to_string(accounts.rows.size()) + " names");
}

// Committed account by account: what is done is passed over by the next run after a kill.
void count_letters(limbeck::Operations& op) {
  op.execute("CREATE TABLE letters (account INTEGER NOT NULL, run INTEGER NOT NULL)");
  op.commit();
  for (int account = 1; account <= 3; ++account) {
    op.execute("INSERT INTO letters (account, run) VALUES ($1, 1)", {std::int64_t{account}});
    op.commit();
  }
  op.outside_transaction([&] { op.execute("CREATE INDEX ix_letters ON letters (account)"); });
}

limbeck::Revisions revisions(const Arguments& arguments) {
  limbeck::Revisions all = embedding_app_revisions();
  // migrations/0003_names.sql says the rest of it.
  all.add({.id = "ccc333", .upgrade = split_names, .downgrade = [](limbeck::Operations& op) {
             op.drop_column("account", "family_name");
           }});
  if (arguments.has("--old")) return all;
  all.add({.id = "ddd444",
           .revises = {"ccc333"},
           .message = "Count letters",
           .version = arguments.has("--other-version") ? "2" : "1",
           .upgrade =
               [failing = arguments.has("--failing")](limbeck::Operations& op) {
                 if (!failing) return count_letters(op);
                 op.execute("CREATE TABLE half_done (id INTEGER)");
                 throw std::runtime_error("the file of letters is not there");
               },
           .downgrade = [](limbeck::Operations& op) { op.drop_table("letters"); }});
  return all;
}

const char* name_of(limbeck::UpgradeOutcome outcome) {
  switch (outcome) {
    case limbeck::UpgradeOutcome::nothing_to_do:
      return "nothing_to_do";
    case limbeck::UpgradeOutcome::done:
      return "done";
    case limbeck::UpgradeOutcome::database_is_newer:
      return "database_is_newer";
    case limbeck::UpgradeOutcome::applied_revision_changed:
      return "applied_revision_changed";
  }
  return "";
}

int print_result(const limbeck::UpgradeResult& result) {
  print("outcome", name_of(result.outcome));
  for (const std::string& id : result.revisions) print("ran", id);
  for (const std::string& id : result.heads) print("head", id);
  for (const std::string& id : result.unknown) print("unknown", id);
  for (const std::string& id : result.changed) print("changed", id);
  if (!result.backup_file.empty()) print("backup", result.backup_file);
  return result.ok() ? 0 : 3;
}

int print_status(const limbeck::RevisionStatus& status) {
  for (const std::string& id : status.current) print("current", id);
  for (const std::string& id : status.heads) print("leads_to", id);
  for (const limbeck::PendingRevision& it : status.pending)
    print("pending", it.id + " " + it.message);
  for (const std::string& id : status.unknown) print("unknown", id);
  for (const std::string& id : status.changed) print("changed", id);
  if (!status.stopped.empty()) print("stopped", status.stopped);
  return status.up_to_date() ? 0 : 3;
}

int run(const Arguments& arguments) {
  std::atomic<bool> cancel = false;
  limbeck::UpgradeOptions options;
  options.single_transaction = arguments.has("--together");
  if (arguments.has("--no-wait")) options.lock_wait = std::chrono::milliseconds(0);
  options.cancel = &cancel;
  options.progress = [&](const limbeck::Progress& progress) {
    print("progress", progress.text);
    std::fflush(stdout);
    const bool begins = progress.kind == limbeck::Progress::Kind::revision_started;
    if (begins && progress.revision == arguments.value("--cancel-at=")) cancel = true;
  };
  if (arguments.at(1) == "status")
    return print_status(limbeck::revision_status(arguments.at(0), revisions(arguments), options));
  if (arguments.at(1) == "down")
    return print_result(
        limbeck::downgrade(arguments.at(0), revisions(arguments), arguments.at(2), options));
  return print_result(limbeck::upgrade(arguments.at(0), revisions(arguments), options));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(Arguments(argc, argv));
  } catch (const limbeck::Error& error) {
    const limbeck::ErrorReport& report = error.report();
    print("error", report.message);
    if (report.place) print("at", limbeck::to_string(*report.place));
    print("state", report.state);
    return static_cast<int>(report.code);
  }
}
