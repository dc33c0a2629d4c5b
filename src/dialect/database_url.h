// A database url: where the database is and how to get in.
//
// It never prints its password: text for people comes from redacted() alone.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace limbeck {

// A setting of PostgreSQL that each session begins with.
struct StartupSetting {
  std::string name = {};   // "search_path"
  std::string value = {};  // as a configuration file has it
};

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
  // An SQLite database that ends with its connection.
  bool is_in_memory() const;
  // The same with *** in place of every password.
  std::string redacted() const;
  // A relative SQLite path is taken from this folder.
  DatabaseUrl relative_to(std::string_view folder) const;
  // The same where sessions begin with these settings, as far as the url's own "options" (or
  // PGOPTIONS, where it has none) do not say otherwise.
  DatabaseUrl with_session(std::vector<StartupSetting> settings) const;
  const std::vector<StartupSetting>& session() const { return session_; }

 private:
  std::string dialect_;
  std::string target_;
  std::string text_;
  std::vector<StartupSetting> session_;
};

}  // namespace limbeck
