// An escrow service through the life of its ten enum types: escrow_service URL
//
// On an empty database: types that are there already, all tables, a value added, one renamed and
// one removed while rows use the types, and the way back. The exit code is 0 when everything is as
// it should be.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "limbeck/rows.h"
#include "limbeck/upgrade.h"

#include "escrow_service_revisions.h"
#include "models.h"

namespace {

using limbeck::Database;

constexpr const char* all_tables = "45182f983623";
constexpr const char* on_hold = "7d0c4e19b2a5";
constexpr const char* settled = "9b3f5a70c6d8";

void require(bool holds, const char* what) {
  std::printf("%s %s\n", holds ? "ok    " : "FAILED", what);
  if (!holds) std::exit(1);
}

void up(Database& database, const std::string& target) {
  limbeck::UpgradeOptions options;
  options.target = target;
  options.backup = false;
  if (!upgrade(database, escrow_service_revisions(), options).ok())
    throw limbeck::Error({.message = "the database is not one of this program"});
}

void down(Database& database, const std::string& target) {
  limbeck::UpgradeOptions options;
  options.backup = false;
  if (!downgrade(database, escrow_service_revisions(), target, options).ok())
    throw limbeck::Error({.message = "the database is not one of this program"});
}

std::string text(Database& database, const std::string& sql) {
  return text_of(database.query(sql).rows.at(0).at(0));
}

std::string count_types(Database& database) {
  return text(database, "SELECT count(*) FROM pg_type WHERE typtype = 'e'");
}

bool refuses(Database& database, const std::string& sql) {
  try {
    const limbeck::Transaction transaction(database);
    database.execute(sql);
    return false;
  } catch (const limbeck::DatabaseError&) {
    return true;
  }
}

// What an attempt that failed has left: two of the types, unused.
void leave_types_behind(Database& database) {
  database.execute("CREATE TYPE user_role AS ENUM ('admin', 'client', 'freelancer')");
  database.execute("CREATE TYPE kyc_type AS ENUM ('kyc', 'kyb')");
}

// As the application of the first revision writes: some of these values are gone later.
void fill(Database& database) {
  database.execute(
      "INSERT INTO users (id, email, hashed_password, full_name, role) VALUES (1, "
      "'ann@example.com', '!', 'Ann', 'client')");
  database.execute(
      "INSERT INTO projects (id, title, total_amount, status, creator_id) VALUES (1, 'Logo', "
      "'1250.50', 'active', 1)");
  database.execute(
      "INSERT INTO transactions (id, user_id, project_id, type, amount) VALUES (1, 1, 1, "
      "'commission', '31.26'), (2, 1, 1, 'deposit', '1250.50')");
  database.execute("INSERT INTO holds (user_id, amount, status) VALUES ('w-1', '10', 'captured')");
}

void check_value_added(Database& database) {
  require(refuses(database, "UPDATE projects SET status = 'on_hold'"), "no project can be on hold");
  up(database, on_hold);
  database.execute("UPDATE projects SET status = 'on_hold'");
  require(text(database, "SELECT status FROM projects") == "on_hold",
          "a value is added to a type in use");
}

void check_value_renamed(Database& database) {
  up(database, settled);
  require(text(database, "SELECT status FROM holds") == "settled",
          "a value is renamed, in the rows too");
  require(refuses(database, "UPDATE holds SET status = 'captured'"), "the old name is gone");
}

void check_value_removed(Database& database) {
  up(database, "heads");
  require(find<escrow::Payment>(database, std::int64_t{1})->type == escrow::TransactionType::fee,
          "a value is removed: rows that had it have another");
  require(refuses(database, "UPDATE transactions SET type = 'commission'"), "it is gone");
  require(
      find<escrow::Payment>(database, std::int64_t{2})->amount == limbeck::parse_decimal("1250.50"),
      "everything else is as it was");
}

void check_rows(Database& database) {
  using namespace escrow;
  const auto hold = find_all<Hold>(database).front();
  const LedgerEntry entry =
      insert(database, LedgerEntry{.hold_id = hold.id,
                                   .user_id = hold.user_id,
                                   .transaction_type = LedgerTransactionType::credit,
                                   .amount = limbeck::parse_decimal("10")});
  require(find<LedgerEntry>(database, entry.id)->transaction_type == LedgerTransactionType::credit,
          "enums are written and read as enums");
  // The wallet service's user needs no row in users: there is no foreign key, on purpose.
  const Wallet wallet = insert(database, Wallet{.user_id = "w-2",
                                                .provider = WalletProvider::paystack,
                                                .provider_account_id = "acct-7"});
  require(wallet.id != limbeck::Uuid(), "the database makes the wallet's id");
  require(refuses(database,
                  "INSERT INTO projects (title, total_amount, creator_id) VALUES ('x', '1', 999)"),
          "a project's creator is a user");
}

void check_way_back(Database& database) {
  down(database, settled);
  database.execute("UPDATE transactions SET type = 'commission' WHERE id = 1");
  down(database, on_hold);
  require(text(database, "SELECT status FROM holds") == "captured", "the old name is back");
  down(database, all_tables);
  require(text(database, "SELECT status FROM projects") == "active",
          "what was on hold is active again");
  up(database, "heads");
  require(find_all<escrow::Payment>(database).size() == 2, "and up again, with every row");
}

void run(Database& database) {
  const bool has_types = database.dialect() == "postgresql";
  if (has_types) leave_types_behind(database);
  up(database, all_tables);
  if (has_types) require(count_types(database) == "10", "ten types, two of which were there");
  fill(database);
  check_value_added(database);
  check_value_renamed(database);
  check_value_removed(database);
  check_rows(database);
  check_way_back(database);
  down(database, "base");
  if (has_types) require(count_types(database) == "0", "no type is left behind");
  up(database, "heads");
  require(find_all<escrow::User>(database).empty(), "everything can be made again");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s URL\n", argv[0]);
    return 2;
  }
  try {
    Database database(argv[1]);
    run(database);
    return 0;
  } catch (const limbeck::Error& error) {
    std::fprintf(stderr, "error: %s\n%s\n", error.what(), error.report().detail.c_str());
    return static_cast<int>(error.code());
  }
}
