// What the declared SQL says beside its meaning: tables that stand there twice, and renames.
#include <doctest/doctest.h>

#include "limbeck/error.h"

#include "dialect/dialect.h"
#include "source/declared_once.h"
#include "source/declared_renames.h"

using namespace limbeck;

namespace {

const sql::LexicalRules& rules() {
  return dialect_named("postgresql").lexical_rules();
}

std::vector<SqlFile> files(const std::vector<std::string>& texts) {
  std::vector<SqlText> sources;
  for (const std::string& text : texts)
    sources.push_back({std::string(1, static_cast<char>('a' + sources.size())) + ".sql", text});
  return split_files(std::move(sources), rules());
}

// Where the second declaration stands; empty: there is none.
std::string second(const std::vector<std::string>& texts, bool case_sensitive = true) {
  try {
    check_declared_once(files(texts), case_sensitive);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::invalid_project);
    return to_string(*error.report().place);
  }
  return {};
}

std::string renames(const std::string& text) {
  std::vector<SqlFile> one = files({text});
  std::string found;
  try {
    for (const RenameRequest& request : declared_renames(one, rules())) {
      CHECK(request.declared);
      found += request.from + "=" + request.to + ";";
    }
  } catch (const Error& error) {
    return "refused at " + to_string(*error.report().place);
  }
  return found;
}

}  // namespace

TEST_CASE("a table that two files declare is an error at the second one") {
  CHECK(second({"CREATE TABLE t (a int);", "CREATE TABLE u (a int);"}).empty());
  CHECK(second({"CREATE TABLE t (a int);", "\nCREATE TABLE t (b int);"}) == "b.sql:2:1");
  CHECK(second({"CREATE TABLE t (a int); CREATE TABLE IF NOT EXISTS T (b int);"}) == "a.sql:1:25");
  CHECK(second({"CREATE TABLE s.t (a int);", "CREATE TABLE t (a int);"}).empty());
}

TEST_CASE("quoted names are the same as far as the database says") {
  const std::vector<std::string> two{"CREATE TABLE \"T\" (a int);", "CREATE TABLE t (a int);"};
  CHECK(second(two, true).empty());
  CHECK(second(two, false) == "b.sql:1:1");
}

TEST_CASE("after a drop or another search_path the name is free") {
  CHECK(second({"CREATE TABLE t (a int); DROP TABLE t; CREATE TABLE t (b int);"}).empty());
  CHECK(second({"CREATE TABLE t (a int); ALTER TABLE t RENAME TO u; CREATE TABLE t (b int);"})
            .empty());
  CHECK(second({"CREATE TABLE t (a int); SET search_path = s; CREATE TABLE t (b int);"}).empty());
}

TEST_CASE("a comment above a statement renames what it creates, one inside a column") {
  CHECK(renames("-- limbeck:renamed-from users\nCREATE TABLE people (\n  id int,\n"
                "  email text  -- limbeck:renamed-from mail\n);\n") ==
        "users=\"people\";\"people\".mail=\"email\";");
  CHECK(renames("CREATE TABLE t (a int);").empty());
}

TEST_CASE("a comment that names nothing, or stands at nothing, is an error") {
  CHECK(renames("-- limbeck:renamed-from\nCREATE TABLE t (a int);") == "refused at a.sql:1:1");
  CHECK(renames("CREATE TABLE t (a int);\n-- limbeck:renamed-from u\n") == "refused at a.sql:2:1");
}
