#include "dialect/database_url.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "limbeck/error.h"

#include "base/redact.h"

namespace limbeck {
namespace {

constexpr std::string_view memory = ":memory:";

[[noreturn]] void refuse(std::string message, std::string hint) {
  throw Error({.code = ExitCode::usage, .message = std::move(message), .hint = std::move(hint)});
}

constexpr std::string_view known_forms =
    "known forms: postgresql://user@host:5432/database, sqlite:///relative.db, "
    "sqlite:////absolute.db";
constexpr std::string_view encode_hint =
    "special characters in a user name or password are written %40 (@), %2F (/), %3A (:), %3F (?), "
    "%25 (%)";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_encoded(std::string_view text, std::size_t i) {
  return text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
         hex_digit(text[i + 2]) >= 0;
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_encoded(text, i)) {
      result += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

// Encodes what libpq would take for syntax; what is encoded already stays.
std::string percent_encoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool plain = text[i] != '@' && text[i] != ':' && text[i] != '/' && text[i] != '?' &&
                       text[i] != '#' && text[i] != ' ' && (text[i] != '%' || is_encoded(text, i));
    result += plain ? std::string(1, text[i])
                    : fmt::format("%{:02X}", static_cast<unsigned char>(text[i]));
  }
  return result;
}

// "host:5432,[::1]:5433": a port that is no number is a password that lost its '@'.
void check_hosts(std::string_view hosts) {
  while (!hosts.empty()) {
    std::string_view host = hosts.substr(0, hosts.find(','));
    hosts.remove_prefix(std::min(host.size() + 1, hosts.size()));
    if (!host.empty() && host.front() == '[')
      host.remove_prefix(std::min(host.find(']'), host.size()));
    const std::size_t colon = host.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view port = host.substr(colon + 1);
    if (port.find_first_not_of("0123456789") != std::string_view::npos) {
      refuse("the port in the postgresql url is not a number", std::string(encode_hint));
    }
  }
}

// asyncpg says ssl=require where libpq says sslmode=require.
std::string libpq_options(std::string_view query, std::string_view driver) {
  std::string options(query);
  if (driver != "asyncpg") return options;
  for (const std::string_view mark : {"?ssl=", "&ssl="}) {
    const std::size_t at = options.find(mark);
    if (at != std::string::npos) options.replace(at + 1, 4, "sslmode=");
  }
  return options;
}

std::string postgres_target(std::string_view rest, std::string_view driver) {
  const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view hosts = rest.substr(0, authority_end);
  const std::size_t query = std::min(rest.find('?', authority_end), rest.size());
  const std::string_view path = rest.substr(authority_end, query - authority_end);
  std::string target = "postgresql://";
  const std::size_t at = hosts.rfind('@');
  if (at != std::string_view::npos) {
    const std::string_view user_info = hosts.substr(0, at);
    const std::size_t colon = std::min(user_info.find(':'), user_info.size());
    target += percent_encoded(user_info.substr(0, colon));
    if (colon < user_info.size()) target += ':' + percent_encoded(user_info.substr(colon + 1));
    target += '@';
    hosts.remove_prefix(at + 1);
  } else if (path.find('@') != std::string_view::npos) {
    refuse("the postgresql url has its '@' after a '/'", std::string(encode_hint));
  }
  check_hosts(hosts);
  target += hosts;
  target += path;
  return target += libpq_options(rest.substr(query), driver);
}

// What would open the file in another way than Limbeck does. What a driver is told beside it, as
// check_same_thread, is no matter.
void refuse_sqlite_options(std::string_view query) {
  for (const std::string_view name : {"mode=", "immutable=", "nolock=", "vfs=", "uri="}) {
    for (const char mark : {'?', '&'}) {
      if (query.find(mark + std::string(name)) == std::string_view::npos) continue;
      refuse(fmt::format("the option {} of a sqlite url is not supported",
                         name.substr(0, name.size() - 1)),
             "leave it out; a command that only reads changes nothing");
    }
  }
}

std::string sqlite_target(std::string_view rest) {
  const std::size_t query = std::min(rest.find('?'), rest.size());
  refuse_sqlite_options(rest.substr(query));
  rest = rest.substr(0, query);
  if (rest.empty() || rest == "/") return std::string(memory);
  if (rest.front() != '/') {
    refuse("a sqlite url names a file after three slashes, or four for an absolute path",
           "sqlite:///relative.db, sqlite:////absolute.db");
  }
  std::string path = percent_decoded(rest.substr(1));
  if (path.find('\0') != std::string::npos)
    refuse("the database url holds a NUL byte (%00)", std::string(known_forms));
  return path;
}

bool is_sqlite_file(std::string_view text) {
  for (const std::string_view end : {".db", ".sqlite", ".sqlite3"}) {
    if (text.size() > end.size() && text.substr(text.size() - end.size()) == end) return true;
  }
  return false;
}

// "host=x dbname=y": a word, and '='.
bool is_keyword_string(std::string_view text) {
  const std::size_t start = std::min(text.find_first_not_of(" \t\n"), text.size());
  const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", start);
  const std::size_t equals =
      end == std::string_view::npos ? end : text.find_first_not_of(" \t\n", end);
  return equals != std::string_view::npos && end > start && text[equals] == '=';
}

bool is_scheme(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.' || c == '_';
  });
}

// "sqlite:app.db", "postgresql+asyncpg:app.db", "file:app.db": a url whose slashes are missing, not
// a file.
bool lacks_slashes(std::string_view text) {
  const std::string_view database = text.substr(0, text.find_first_of(":+"));
  return text.find(':') != std::string_view::npos &&
         (database == "sqlite" || database == "postgresql" || database == "postgres" ||
          database == "file");
}

}  // namespace

DatabaseUrl DatabaseUrl::parse(std::string_view text) {
  DatabaseUrl url;
  url.text_ = text;
  if (text.find('\0') != std::string_view::npos) {
    refuse("the database url holds a NUL byte", std::string(known_forms));
  }
  const std::size_t mark = text.find("://");
  const std::string_view scheme = text.substr(0, std::min(mark, text.size()));
  if (mark == std::string_view::npos || !is_scheme(scheme)) {
    url.dialect_ = is_keyword_string(text) ? "postgresql" : "sqlite";
    url.target_ = text;
    if (url.dialect_ == "sqlite" && (!is_sqlite_file(text) || lacks_slashes(text))) {
      refuse(text.empty() ? "no database url is given" : "this is not a database url",
             std::string(known_forms));
    }
    return url;
  }
  const std::size_t plus = std::min(scheme.find('+'), scheme.size());
  const std::string_view database = scheme.substr(0, plus);
  const std::string_view driver = scheme.substr(std::min(plus + 1, scheme.size()));
  const std::string_view rest = text.substr(mark + 3);
  if (database == "postgresql" || database == "postgres") {
    url.dialect_ = "postgresql";
    url.target_ = postgres_target(rest, driver);
  } else if (database == "sqlite") {
    url.dialect_ = "sqlite";
    url.target_ = sqlite_target(rest);
  } else if (scheme == "driver") {
    refuse("the database url is not configured: it is still the placeholder that a new project has",
           std::string(known_forms));
  } else {
    refuse(fmt::format("databases of the kind \"{}\" are not supported", scheme),
           std::string(known_forms));
  }
  return url;
}

bool DatabaseUrl::is_in_memory() const {
  return dialect_ == "sqlite" && target_ == memory;
}

std::string DatabaseUrl::redacted() const {
  return redact(text_);
}

DatabaseUrl DatabaseUrl::relative_to(std::string_view folder) const {
  DatabaseUrl url = *this;
  if (dialect_ != "sqlite" || is_in_memory()) return url;
  const std::filesystem::path path = std::filesystem::path(folder) / target_;
  url.target_ = path.lexically_normal().string();
  return url;
}

DatabaseUrl DatabaseUrl::with_session(std::vector<StartupSetting> settings) const {
  DatabaseUrl url = *this;
  url.session_ = std::move(settings);
  return url;
}

}  // namespace limbeck
