#include "dialect/postgres/tls.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "dialect/postgres/handle.h"

namespace limbeck::postgres {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view verified = "verify-full";
constexpr std::string_view of_libpq = "prefer";  // when nobody says anything

// Where distributions keep the certificates that they trust.
constexpr std::array<const char*, 4> system_certificates{
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool is_loopback(const std::string& text) {
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24U == 127;
  in6_addr six{};
  return inet_pton(AF_INET6, text.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool is_local(const std::string& host) {
  return host.empty() || host.front() == '/' || host.front() == '@' || host == "localhost" ||
         is_loopback(host);
}

std::vector<std::string> items(std::string_view list) {
  std::vector<std::string> items;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    items.emplace_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return items;
}

// What counts in the end: of the url, a service file, the environment and libpq itself. The attempt
// fails over a wrong parameter before it looks for the server.
Handle<PQconninfoOption> resolved(const DatabaseUrl& url) {
  const std::array<const char*, 3> names{"dbname", "target_session_attrs", nullptr};
  const std::array<const char*, 3> values{url.target().c_str(), "none", nullptr};
  const Handle<PGconn> attempt(
      libpq().PQconnectStartParams(names.data(), values.data(), /*expand_dbname=*/1));
  return Handle<PQconninfoOption>(attempt ? libpq().PQconninfo(attempt.get()) : nullptr);
}

std::string certificates_of_the_system() {
  std::error_code ignored;
  const char* home = std::getenv("HOME");
  if (home != nullptr && fs::exists(fs::path(home) / ".postgresql/root.crt", ignored)) return {};
  const auto* found = std::find_if(system_certificates.begin(), system_certificates.end(),
                                   [&](const char* file) { return fs::exists(file, ignored); });
  return found == system_certificates.end() ? std::string() : *found;
}

}  // namespace

bool are_local(std::string_view hosts, std::string_view addresses) {
  const std::vector<std::string> names = items(hosts);
  const std::vector<std::string> numbers = items(addresses);
  for (std::size_t i = 0; i < std::max(names.size(), numbers.size()); ++i) {
    const bool has_number = i < numbers.size() && !numbers[i].empty();
    if (!is_local(has_number ? numbers[i] : i < names.size() ? names[i] : std::string()))
      return false;
  }
  return true;
}

std::vector<std::pair<const char*, std::string>> tls_defaults(const DatabaseUrl& url) {
  const Handle<PQconninfoOption> said(
      libpq().PQconninfoParse(url.target().c_str(), /*errmsg=*/nullptr));
  const Handle<PQconninfoOption> counts = said ? resolved(url) : nullptr;
  if (!counts) return {};
  std::vector<std::pair<const char*, std::string>> parameters;
  std::string mode(option_value(counts.get(), "sslmode"));
  const bool nobody_said = option_value(said.get(), "sslmode").empty() && !is_set("PGSSLMODE") &&
                           (mode.empty() || mode == of_libpq);
  if (nobody_said &&
      !are_local(option_value(counts.get(), "host"), option_value(counts.get(), "hostaddr"))) {
    mode = verified;
    parameters.emplace_back("sslmode", mode);
  }
  if (mode == verified && option_value(counts.get(), "sslrootcert").empty()) {
    const std::string file = certificates_of_the_system();
    if (!file.empty()) parameters.emplace_back("sslrootcert", file);
  }
  return parameters;
}

}  // namespace limbeck::postgres
