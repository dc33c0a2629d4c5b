// Owners of libpq's objects.
#pragma once

#include <libpq-fe.h>
#include <memory>

namespace limbeck::postgres {

struct Release {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
  void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

template <typename T>
using Handle = std::unique_ptr<T, Release>;

}  // namespace limbeck::postgres
