// How a connection to another machine is encrypted when nobody has said how.
//
// libpq would take what the server offers: nothing, or the certificate of whoever stands between.
// It never changes what the url, PGSSLMODE or a service file says.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/database_url.h"

namespace limbeck::postgres {

// Whether all of these servers are on this machine: sockets and loopback addresses. Both are lists
// as libpq takes them, separated by commas; an address counts before the host's name.
bool are_local(std::string_view hosts, std::string_view addresses);

// libpq's parameters that go with the url: sslmode=verify-full for a server on another machine,
// and, where certificates are to be verified and no file of trusted ones is named, that of the
// system. Empty when the url is not understood.
std::vector<std::pair<const char*, std::string>> tls_defaults(const DatabaseUrl& url);

}  // namespace limbeck::postgres
