// A database url: where the database is and how to get in.
//
// It never prints its password: text for people comes from redacted() alone.
#pragma once

#include <string>
#include <string_view>

namespace limbeck {

class DatabaseUrl {
 public:
  // Understands postgresql:// and postgres:// (with or without "+driver"), sqlite:///relative,
  // sqlite:////absolute, sqlite:// (in memory), libpq's keyword string ("host=... dbname=..."), and
  // a bare path that ends in .db, .sqlite or .sqlite3. Throws Error (ExitCode::usage) for anything
  // else; the message never repeats more than the scheme.
  static DatabaseUrl parse(std::string_view text);

  // "postgresql" or "sqlite".
  std::string_view dialect() const { return dialect_; }
  // What the client library takes: a libpq connection string, or a file name (":memory:" when there
  // is none).
  const std::string& target() const { return target_; }
  // The same with *** in place of every password.
  std::string redacted() const;
  // A relative SQLite path is taken from this folder.
  DatabaseUrl relative_to(std::string_view folder) const;

 private:
  std::string dialect_;
  std::string target_;
  std::string text_;
};

}  // namespace limbeck
