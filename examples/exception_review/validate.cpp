// Checks every claim that is made for revision 006, on an empty database that it fills itself:
//
//   validate_exception_migration URL
//
// It prints each claim with its verdict; the exit code is 0 when all of them hold.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "limbeck/rows.h"
#include "limbeck/upgrade.h"

#include "exception_review_revisions.h"
#include "models.h"

namespace {

using limbeck::Database;
using review::AccountReview;
using review::ReviewException;
using review::User;

const std::string enhancement = "006_enhance_exception_model";

class Report {
 public:
  void claim(std::string_view text, bool holds) {
    std::printf("%s %.*s\n", holds ? "ok    " : "FAILED", static_cast<int>(text.size()),
                text.data());
    if (!holds) ++failed_;
  }
  int failed() const { return failed_; }

 private:
  int failed_ = 0;
};

void go_to(Database& database, const std::string& revision) {
  limbeck::UpgradeOptions options;
  options.target = revision;
  options.backup = false;
  if (!limbeck::upgrade(database, exception_review_revisions(), options).ok())
    throw limbeck::Error({.message = "the database is not empty"});
}

void go_back_to(Database& database, const std::string& revision) {
  limbeck::UpgradeOptions options;
  options.backup = false;
  if (!limbeck::downgrade(database, exception_review_revisions(), revision, options).ok())
    throw limbeck::Error({.message = "the database is not at a revision of this program"});
}

// The text of the first column of every row.
std::vector<std::string> texts(Database& database, const std::string& sql) {
  std::vector<std::string> found;
  for (const limbeck::Row& row : database.query(sql).rows) found.push_back(text_of(row.at(0)));
  return found;
}

// What there was before the enhancement: written as the application of that day wrote it.
void fill(Database& database) {
  const User ann = insert(database, User{.email = "ann@example.com", .full_name = "Ann"});
  const AccountReview first =
      insert(database, AccountReview{.account_number = "DE001", .created_by = ann.id});
  for (const char* type : {"kyc_non_compliance", "dormant_funded_ufaa", "dormant_overdrawn_exit"}) {
    database.execute(
        "INSERT INTO review_exceptions (review_id, exception_type, description, created_by) VALUES "
        "($1, $2, $3, $4)",
        {first.id, std::string(type), std::string("from before"), ann.id});
  }
}

constexpr const char* old_columns =
    "SELECT id || '|' || review_id || '|' || exception_type || '|' || description || '|' || status "
    "|| '|' || created_by || '|' || created_at FROM review_exceptions ORDER BY id";

std::vector<std::string> indexes(Database& database) {
  return texts(database, database.dialect() == "sqlite"
                             ? "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = "
                               "'review_exceptions' AND sql IS NOT NULL ORDER BY name"
                             : "SELECT indexname FROM pg_indexes WHERE tablename = "
                               "'review_exceptions' AND indexname LIKE 'idx%' ORDER BY indexname");
}

std::vector<std::string> columns(Database& database) {
  return texts(database, database.dialect() == "sqlite"
                             ? "SELECT name FROM pragma_table_info('review_exceptions')"
                             : "SELECT attname FROM pg_attribute WHERE attrelid = "
                               "'review_exceptions'::regclass AND attnum > 0 AND NOT attisdropped "
                               "ORDER BY attnum");
}

// Whether the database takes the exception; it is taken back in any case.
bool takes(Database& database, const ReviewException& exception) {
  limbeck::Transaction transaction(database);
  try {
    insert(database, exception);
    return true;
  } catch (const limbeck::DatabaseError&) {
    return false;
  }
}

ReviewException example(Database& database) {
  ReviewException exception = find_all<ReviewException>(database).front();
  exception.id = 0;
  exception.exception_type = "documentation";
  exception.title = "Missing KYC Documentation";
  exception.description = "Client missing proof of address";
  exception.priority = "high";
  return exception;
}

void check_columns(Database& database, Report& report) {
  const std::vector<ReviewException> rows = find_all<ReviewException>(database);
  const auto all = [&](const std::function<bool(const ReviewException&)>& holds) {
    for (const ReviewException& row : rows) {
      if (!holds(row)) return false;
    }
    return !rows.empty();
  };
  report.claim("title of exceptions that were there: \"Legacy Exception\"",
               all([](const auto& row) { return row.title == "Legacy Exception"; }));
  report.claim("priority of exceptions that were there: \"medium\"",
               all([](const auto& row) { return row.priority == "medium"; }));
  report.claim("due_date of exceptions that were there: none",
               all([](const auto& row) { return !row.due_date.has_value(); }));
  const auto refused = [&](std::string_view column) {
    try {
      database.execute("UPDATE review_exceptions SET " + std::string(column) + " = NULL");
      return false;
    } catch (const limbeck::DatabaseError&) {
      return true;
    }
  };
  report.claim("title must be there", refused("title"));
  report.claim("priority must be there", refused("priority"));
  ReviewException exception = example(database);
  report.claim("due_date may be missing", takes(database, exception));
  exception.due_date = limbeck::TimestampTz(std::chrono::sys_days{std::chrono::year{2024} / 2 / 1});
  limbeck::Transaction transaction(database);
  const ReviewException stored = insert(database, exception);
  report.claim("due_date keeps a time with its zone", stored.due_date == exception.due_date);
}

void check_values(Database& database, Report& report) {
  ReviewException exception = example(database);
  for (const char* type : {"documentation", "compliance", "technical", "operational",
                           "kyc_non_compliance", "dormant_funded_ufaa", "dormant_overdrawn_exit"}) {
    exception.exception_type = type;
    report.claim("exception_type takes " + std::string(type), takes(database, exception));
  }
  exception.exception_type = "something_else";
  report.claim("exception_type takes nothing else", !takes(database, exception));
  exception.exception_type = "technical";
  for (const char* priority : {"low", "medium", "high", "critical"}) {
    exception.priority = priority;
    report.claim("priority takes " + std::string(priority), takes(database, exception));
  }
  exception.priority = "urgent";
  report.claim("priority takes nothing else", !takes(database, exception));
}

void check_indexes(Database& database, Report& report) {
  const std::vector<std::string> found = indexes(database);
  for (const char* name :
       {"idx_review_exceptions_priority", "idx_review_exceptions_due_date",
        "idx_review_exceptions_priority_status", "idx_review_exceptions_type_priority"}) {
    report.claim("there is the index " + std::string(name),
                 std::find(found.begin(), found.end(), name) != found.end());
  }
}

// Base to head and back, in the order of the document.
int validate(Database& database) {
  Report report;
  go_to(database, "005");
  fill(database);
  const std::vector<std::string> before = texts(database, old_columns);
  const std::vector<std::string> columns_before = columns(database);
  const std::vector<std::string> indexes_before = indexes(database);

  const limbeck::RevisionStatus at_005 = revision_status(database, exception_review_revisions());
  report.claim("it comes after 005", at_005.current == std::vector<std::string>{"005"} &&
                                         at_005.pending.size() == 1 &&
                                         at_005.pending.front().id == enhancement);
  go_to(database, enhancement);
  report.claim("no exception is lost or changed", texts(database, old_columns) == before);
  check_columns(database, report);
  check_values(database, report);
  check_indexes(database, report);

  go_back_to(database, "005");
  report.claim("the way back drops its columns", columns(database) == columns_before);
  report.claim("the way back drops its indexes", indexes(database) == indexes_before);
  report.claim("the way back keeps every exception", texts(database, old_columns) == before);
  const auto old_type = [&](const char* type) {
    limbeck::Transaction transaction(database);
    try {
      database.execute("UPDATE review_exceptions SET exception_type = $1", {std::string(type)});
      return true;
    } catch (const limbeck::DatabaseError&) {
      return false;
    }
  };
  report.claim("the way back restores the check of the types",
               old_type("kyc_non_compliance") && !old_type("documentation"));
  go_to(database, enhancement);
  report.claim("it can be applied again", texts(database, old_columns) == before);
  return report.failed();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s URL\n", argv[0]);
    return 2;
  }
  try {
    Database database(argv[1]);
    const int failed = validate(database);
    std::printf("%s\n", failed == 0 ? "every claim holds" : "NOT every claim holds");
    return failed == 0 ? 0 : 1;
  } catch (const limbeck::Error& error) {
    std::fprintf(stderr, "error: %s\n%s\n", error.what(), error.report().detail.c_str());
    return static_cast<int>(error.code());
  }
}
