#include "limbeck/rows.h"

#include <doctest/doctest.h>
#include <list>
#include <sys/resource.h>

#include "unit/model/declared_tables.h"

namespace limbeck::test {

enum class Role { admin, member };

struct Team {
  std::int64_t id = 0;
  std::string title = {};

  bool operator==(const Team&) const = default;
};

struct User {
  std::int64_t id = 0;
  std::string email = {};
  std::optional<std::string> nickname = {};
  Role role = Role::member;
  std::optional<std::int64_t> team = {};
  std::int32_t age = 0;
  std::string shouted = {};
  Uuid token = {};
  TimestampTz created_at = {};
  TimestampTz changed_at = {};

  bool operator==(const User&) const = default;
};

// A composite key, in another order than the members, and names that need quotes.
struct Seat {
  std::string row = {};
  std::int32_t number = 0;
  std::optional<std::string> guest = {};

  bool operator==(const Seat&) const = default;
};

struct Booking {
  std::string hall = {};
  std::int32_t seat = 0;
  std::string guest = {};
  std::int32_t price = 0;

  bool operator==(const Booking&) const = default;
};

struct Ticket {
  std::int64_t id = 0;
};

struct Number {
  std::int64_t value = 0;
};

}  // namespace limbeck::test

template <>
struct limbeck::model::EnumLabels<limbeck::test::Role> {
  static constexpr std::string_view name = "role";
  static constexpr std::array<std::string_view, 2> labels{"admin", "member"};
};

namespace limbeck {

using test::Booking;
using test::Number;
using test::Seat;
using test::Team;
using test::Ticket;
using test::User;

template <>
inline constexpr auto mapping<Team> =
    model::table<Team>("teams", model::column<&Team::id>(model::primary_key, model::identity),
                       model::column<&Team::title>(model::varchar(20), model::unique));

template <>
inline constexpr auto mapping<User> =
    model::table<User>("users", model::column<&User::id>(model::primary_key, model::identity),
                       model::column<&User::email>(model::unique),
                       model::column<&User::nickname>(model::default_sql("'nobody'")),
                       model::column<&User::role>(),
                       model::column<&User::team>(model::named("team_id"),
                                                  model::references<&Team::id>),
                       model::column<&User::age>(model::check("age >= 0").named("users_age_check")),
                       model::column<&User::shouted>(model::computed("upper(email)")),
                       model::column<&User::token>(model::generated_uuid),
                       model::column<&User::created_at>(model::default_now),
                       model::column<&User::changed_at>(model::updated_at))
        .with(model::unique_on<&User::email, &User::age>.named("uq_users_email_age"));

template <>
inline constexpr auto mapping<Seat> =
    model::table<Seat>("seats; DROP TABLE \"users\"", model::column<&Seat::row>(),
                       model::column<&Seat::number>(model::named("the \"number\"")),
                       model::column<&Seat::guest>(model::named("select")))
        .with(model::primary_key_on<&Seat::number, &Seat::row>);

template <>
inline constexpr auto mapping<Booking> =
    model::table<Booking>("bookings", model::column<&Booking::hall>(),
                          model::column<&Booking::seat>(), model::column<&Booking::guest>(),
                          model::column<&Booking::price>())
        .with(model::primary_key_on<&Booking::hall, &Booking::seat>,
              model::unique_on<&Booking::guest>.named("uq_booking_guest"));

template <>
inline constexpr auto mapping<Ticket> = model::table<Ticket>(
    "tickets", model::column<&Ticket::id>(model::primary_key, model::identity));

template <>
inline constexpr auto mapping<Number> =
    model::table<Number>("numbers", model::column<&Number::value>(model::primary_key));

}  // namespace limbeck

namespace limbeck::test {
namespace {

void create_users(Database& database) {
  create_tables(database, metadata<Team, User>("users"));
}

bool contains(std::string_view text, std::string_view part) {
  const bool found = text.find(part) != std::string_view::npos;
  if (!found) MESSAGE("'" << std::string(part) << "' is not in '" << std::string(text) << "'");
  return found;
}

User user(const std::string& email, int age = 30) {
  return {.email = email, .age = age};
}

constexpr std::string_view hostile = "x'); DROP TABLE users; -- \" \\ $1 {} %s";

}  // namespace

TEST_CASE("an inserted row comes back with all that the database has filled in") {
  on_each_database([](Database& database) {
    create_users(database);
    const Team team = insert(database, Team{.title = "core"});
    CHECK(team.id == 1);
    const TimestampTz before = now() - std::chrono::minutes(1);
    const User stored = insert(database, User{.email = "a@x", .team = team.id, .age = 7});
    CHECK(stored.id == 1);
    CHECK(stored.nickname == "nobody");
    CHECK(stored.role == Role::member);
    CHECK(stored.team == team.id);
    CHECK(stored.shouted == "A@X");
    CHECK(stored.token != Uuid());
    CHECK(stored.created_at > before);
    CHECK(stored.changed_at > before);
    CHECK(find<User>(database, 1) == stored);

    // What the row brings itself stays.
    User own = user("b@x");
    own.id = 40;
    own.nickname = "bee";
    own.token = random_uuid();
    own.created_at = parse_timestamptz("2001-02-03 04:05:06Z");
    own.shouted = "ignored";
    const User brought = insert(database, own);
    CHECK(brought.id == 40);
    CHECK(brought.nickname == "bee");
    CHECK(brought.token == own.token);
    CHECK(brought.created_at == own.created_at);
    CHECK(brought.shouted == "B@X");
  });
}

TEST_CASE("a row of which the database fills in everything") {
  on_each_database([](Database& database) {
    create_tables(database, metadata<Ticket>("tickets"));
    CHECK(insert(database, Ticket()).id == 1);
    CHECK(insert(database, Ticket()).id == 2);
    CHECK(insert_all(database, std::vector<Ticket>(3)) == 3);
    CHECK(upsert(database, Ticket()).id == 6);
    CHECK(upsert(database, Ticket{6}).id == 6);
    CHECK(count_of(database, "tickets") == 6);
  });
}

TEST_CASE("rows are found by key and by a condition, never by text put together") {
  on_each_database([](Database& database) {
    create_users(database);
    for (int age = 1; age <= 5; ++age) insert(database, user(std::to_string(age), age));
    insert(database, User{.email = std::string(hostile), .nickname = "it's"});
    CHECK(find<User>(database, 3)->email == "3");
    CHECK(find<User>(database, std::int16_t{3})->email == "3");
    CHECK_FALSE(find<User>(database, 99).has_value());
    CHECK_FALSE(find<User>(database, INT64_MIN).has_value());
    CHECK(find_where<User>(database, "email = $1", hostile).size() == 1);
    CHECK(find_where<User>(database, "nickname = $1 -- a comment", "it's").size() == 1);
    CHECK(find_where<User>(database, "age > $1 AND age < $2 OR age = $1", 2, 4U).size() == 2);
    CHECK(find_where<User>(database, "role = $1", Role::admin).empty());
    CHECK(find_where<User>(database, "team_id IS NULL OR team_id = $1", std::nullopt).size() == 6);
    CHECK(find_all<User>(database).size() == 6);
    const std::vector<User> page = find_where<User>(
        database, {.condition = "age > $1", .order_by = "age DESC", .limit = 2, .offset = 1}, 0);
    REQUIRE(page.size() == 2);
    CHECK(page[0].age == 4);
    CHECK(page[1].age == 3);
    CHECK(find_where<User>(database, {.order_by = "id", .offset = 5}).size() == 1);
    CHECK(find_where<User>(database, {.limit = 0}).empty());
    CHECK(thrown_by([&] { find_where<User>(database, {.limit = -1}); }).code() == ExitCode::usage);
    CHECK(thrown_by([&] { find_where<User>(database, "age = $1", UINT64_MAX); }).code() ==
          ExitCode::usage);
    CHECK_THROWS_AS(find_where<User>(database, "age = $1 AND age = $2", 1), DatabaseError);
    CHECK_THROWS_AS(find_where<User>(database, "nonsense = 1"), DatabaseError);
  });
}

TEST_CASE("names with quotes, and keys of several columns in their own order") {
  on_each_database([](Database& database) {
    create_users(database);
    create_tables(database, metadata<Seat>("hall"));
    const Seat seat{"A", 7, std::string(hostile)};
    CHECK(insert(database, seat) == seat);
    CHECK(find<Seat>(database, 7, "A") == seat);
    CHECK_FALSE(find<Seat>(database, 7, std::string("B")).has_value());
    CHECK(update(database, Seat{"A", 7, {}}));
    CHECK(find<Seat>(database, 7, "A") == Seat{"A", 7, {}});
    CHECK(upsert(database, seat) == seat);
    CHECK(insert_all(database, std::list<Seat>{{"A", 8, {}}, {std::string(hostile), 8, {}}}) == 2);
    CHECK(find<Seat>(database, 8, hostile).has_value());
    CHECK(find_all<Seat>(database).size() == 3);
    CHECK(erase<Seat>(database, 7, "A"));
    CHECK_FALSE(erase<Seat>(database, 7, "A"));
    CHECK(count_of(database, "users") == 0);
  });
}

TEST_CASE("update writes the whole row, but for what the database keeps") {
  on_each_database([](Database& database) {
    create_users(database);
    const User stored = insert(database, user("a@x"));
    User changed = stored;
    changed.email = "b@x";
    changed.nickname.reset();
    changed.age = 31;
    changed.shouted = "ignored";
    changed.changed_at = parse_timestamptz("2001-01-01 00:00:00Z");
    CHECK(update(database, changed));
    const User found = find<User>(database, stored.id).value();
    CHECK(found.email == "b@x");
    CHECK_FALSE(found.nickname.has_value());
    CHECK(found.shouted == "B@X");
    CHECK(found.created_at == stored.created_at);
    CHECK(found.changed_at >= stored.changed_at);
    changed.id = 99;
    CHECK_FALSE(update(database, changed));
  });
}

TEST_CASE("an update can depend on what was read") {
  on_each_database([](Database& database) {
    create_users(database);
    User mine = insert(database, user("a@x", 30));
    const int read = mine.age;
    mine.age = 31;
    CHECK(update_if(database, mine, "age = $1", read));
    mine.age = 32;
    CHECK_FALSE(update_if(database, mine, "age = $1 OR age = $2 -- x", read, read));
    CHECK(find<User>(database, mine.id)->age == 31);
  });
}

TEST_CASE("upsert inserts, or changes the row that is there") {
  on_each_database([](Database& database) {
    create_users(database);
    const User first = upsert(database, user("a@x", 1));
    User second = first;
    second.age = 2;
    CHECK(upsert(database, second).age == 2);
    CHECK(count_of(database, "users") == 1);

    const User third = upsert_on<&User::email>(database, user("a@x", 3));
    CHECK(third.id == first.id);
    CHECK(third.age == 3);
    CHECK(third.token == first.token);
    CHECK(third.created_at == first.created_at);
    const User same =
        upsert(database, User{.email = "a@x", .nickname = "al", .age = 3}, "uq_users_email_age");
    CHECK(same.id == first.id);
    CHECK(same.nickname == "al");
    CHECK(upsert(database, same).changed_at >= same.changed_at);
    CHECK(upsert_on<&User::email>(database, user("b@x")).id != first.id);
    CHECK(count_of(database, "users") == 2);
    CHECK(thrown_by([&] { upsert(database, first, "nonsense"); }).code() == ExitCode::usage);
    CHECK_THROWS_AS(upsert_on<&User::age>(database, first), DatabaseError);
  });
}

TEST_CASE("upsert keeps the key of the row that is there, however the key is declared") {
  on_each_database([](Database& database) {
    create_tables(database, metadata<Booking>("bookings"));
    insert(database, Booking{"A", 1, "ada", 1});
    const Booking on_member = upsert_on<&Booking::guest>(database, Booking{"B", 2, "ada", 2});
    CHECK(on_member == Booking{"A", 1, "ada", 2});
    const Booking on_name = upsert(database, Booking{"C", 3, "ada", 3}, "uq_booking_guest");
    CHECK(on_name == Booking{"A", 1, "ada", 3});
    CHECK(find_all<Booking>(database) == std::vector<Booking>{on_name});
  });
}

TEST_CASE("erase takes away what is meant, and never everything by mistake") {
  on_each_database([](Database& database) {
    create_users(database);
    for (int age = 1; age <= 5; ++age) insert(database, user(std::to_string(age), age));
    CHECK(erase<User>(database, 1));
    CHECK_FALSE(erase<User>(database, 1));
    CHECK(erase_where<User>(database, "age > $1 OR age = $2", 3, 2) == 3);
    CHECK(thrown_by([&] { erase_where<User>(database, " \n"); }).code() == ExitCode::usage);
    CHECK(count_of(database, "users") == 1);
  });
}

TEST_CASE("rows belong to the transaction that is open") {
  on_each_database([](Database& database) {
    create_users(database);
    {
      const Transaction transaction(database);
      insert(database, user("a@x"));
      insert_all(database, std::vector{user("b@x"), user("c@x")});
      for_each<User>(database, {}, [&](const User& it) { erase<User>(database, it.id); });
      CHECK(count_of(database, "users") == 0);
      insert(database, user("d@x"));
    }
    CHECK(count_of(database, "users") == 0);
    Transaction transaction(database);
    insert(database, user("a@x"));
    CHECK_THROWS_AS(insert_all(database, std::vector{user("b@x"), user("a@x")}), DatabaseError);
    CHECK_THROWS_AS(for_each<User>(database, {},
                                   [&](const User&) {
                                     const Transaction own(database);
                                     insert(database, user("a@x"));
                                   }),
                    DatabaseError);
    {
      Transaction inner(database);
      insert(database, user("e@x"));
      inner.commit();
    }
    transaction.commit();
    CHECK(find_all<User>(database).size() == 2);
  });
}

TEST_CASE("what the database refuses says which constraint") {
  on_each_database([](Database& database) {
    create_users(database);
    insert(database, user("a@x"));
    const bool sqlite = database.dialect() == "sqlite";
    const auto twice = thrown_by<DatabaseError>([&] { insert(database, user("a@x", 1)); });
    CHECK(twice.failure().sqlstate == (sqlite ? "SQLITE_CONSTRAINT_UNIQUE" : "23505"));
    CHECK(contains(sqlite ? twice.failure().message : twice.failure().constraint,
                   sqlite ? "users.email" : "users_email_key"));
    REQUIRE_FALSE(twice.report().context.empty());
    CHECK(twice.report().context.front() == "inserting into users for limbeck::test::User");
    const auto negative = thrown_by<DatabaseError>([&] { insert(database, user("b@x", -1)); });
    CHECK(contains(sqlite ? negative.failure().message : negative.failure().constraint,
                   "users_age_check"));
    const auto bulk = thrown_by<DatabaseError>([&] {
      insert_all(database, std::vector{user("c@x"), user("d@x", -1)});
    });
    CHECK(contains(sqlite ? bulk.failure().message : bulk.failure().constraint, "users_age_check"));
    CHECK(count_of(database, "users") == 1);
  });
}

TEST_CASE("a database that is not what the program declares is told in the program's words") {
  on_each_database([](Database& database) {
    const auto fault = [&](auto work) { return std::string(thrown_by(work).what()); };
    const auto all = [&] { find_all<Seat>(database); };
    CHECK(contains(fault([&] { find<Number>(database, 1); }),
                   "there is no table numbers, which limbeck::test::Number is mapped to"));
    database.execute("CREATE TABLE numbers (other bigint)");
    CHECK(contains(
        fault([&] { find<Number>(database, 1); }),
        "there is no column numbers.value, which limbeck::test::Number::value is mapped to"));
    CHECK(
        contains(fault([&] { insert(database, Number{1}); }), "there is no column numbers.value"));
    CHECK(contains(fault([&] { insert_all(database, std::vector{Number{1}}); }),
                   "there is no column numbers.value"));
    CHECK(contains(fault([&] { for_each<Number>(database, {}, [](const Number&) {}); }),
                   "there is no column numbers.value"));

    database.execute(R"(CREATE TABLE "seats; DROP TABLE ""users""" ("row" text, )"
                     R"("the ""number""" bigint, "select" integer))");
    const std::string insert_row =
        R"(INSERT INTO "seats; DROP TABLE ""users""" VALUES ($1, $2, $3))";
    const std::string erase_rows = R"(DELETE FROM "seats; DROP TABLE ""users""")";
    database.execute(insert_row, {Value(), std::int64_t{1}, Value()});
    CHECK(fault(all) ==
          "seats; DROP TABLE \"users\".row does not fit limbeck::test::Seat::row: "
          "found NULL, which it cannot be");
    database.execute(erase_rows);
    database.execute(insert_row, {std::string("a"), std::int64_t{INT32_MAX} + 1, Value()});
    CHECK(contains(fault(all),
                   "limbeck::test::Seat::number: found 2147483648, which is outside the "
                   "range of an integer of 32 bits"));
    database.execute(erase_rows);
    database.execute(insert_row, {std::string("a"), std::int64_t{1}, std::int64_t{5}});
    CHECK(contains(fault(all),
                   "limbeck::test::Seat::guest: found an integer in the place of a text: '5'"));
    CHECK(contains(fault([&] { for_each<Seat>(database, {}, [](const Seat&) {}); }),
                   "limbeck::test::Seat::guest: found an integer"));
    CHECK(contains(thrown_by(all).report().hint, "limbeck::verify"));
  });
}

TEST_CASE("a label that the program does not know is named") {
  on_each_database([](Database& database) {
    create_users(database);
    insert(database, user("a@x"));
    if (database.dialect() == "sqlite") {
      database.execute("PRAGMA ignore_check_constraints = 1");
    } else {
      database.execute("ALTER TYPE role ADD VALUE 'guest'");
    }
    database.execute("UPDATE users SET role = 'guest'");
    CHECK(std::string(thrown_by([&] { find<User>(database, 1); }).what()) ==
          "users.role does not fit limbeck::test::User::role: found the label 'guest', which the "
          "enum role of the program does not know");
  });
}

TEST_CASE("a taker's own error is its own") {
  on_each_database([](Database& database) {
    create_users(database);
    insert_all(database, std::vector{user("a@x"), user("b@x")});
    const Error mine = thrown_by([&] {
      for_each<User>(database, {}, [](const User&) {
        throw Error({.code = ExitCode::findings, .message = "enough"});
      });
    });
    CHECK(std::string(mine.what()) == "enough");
    CHECK_FALSE(database.in_transaction());
    int seen = 0;
    for_each<User>(
        database, {.condition = "age = $1", .order_by = "id"},
        [&](const User& it) { return it.email != "a@x" || ++seen > 1; }, 30);
    CHECK(seen == 1);
    // It may write, also in transactions of its own.
    for_each<User>(database, {}, [&](User& it) {
      Transaction transaction(database);
      it.age = 40;
      update(database, it);
      if (it.email == "a@x") transaction.commit();
    });
    CHECK(find_where<User>(database, "age = 40").size() == 1);
  });
}

namespace {

long peak_kilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

constexpr std::int64_t million = 1'000'000;

}  // namespace

TEST_CASE("a million rows are read in the memory of a few") {
  on_each_database([](Database& database) {
    create_tables(database, metadata<Number>("numbers"));
    database.execute(
        "INSERT INTO numbers WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
        "i < 1000000) SELECT i FROM n");
    const long before = peak_kilobytes();
    std::int64_t sum = 0;
    for_each<Number>(database, {}, [&](const Number& number) { sum += number.value; });
    CHECK(sum == million * (million + 1) / 2);
#ifdef __SANITIZE_ADDRESS__
    constexpr long few = 400'000;  // it keeps for a while what was freed
#else
    constexpr long few = 16'000;
#endif
    CHECK(peak_kilobytes() - before < few);
  });
}

TEST_CASE("a hundred thousand rows go in at once") {
  on_each_database([](Database& database) {
    create_users(database);
    std::vector<User> users;
    for (int i = 0; i < 100'000; ++i) users.push_back(user(std::to_string(i) + "@x", i % 100));
    users[50'000].id = 1'000'000;  // brings its own, those around it do not
    CHECK(insert_all(database, users) == 100'000);
    CHECK(count_of(database, "users") == 100'000);
    CHECK(find<User>(database, 1'000'000)->email == "50000@x");
    CHECK(find_where<User>(database, "age = 99").size() == 1'000);
    CHECK(insert_all(database, std::vector<User>()) == 0);
  });
}

}  // namespace limbeck::test
