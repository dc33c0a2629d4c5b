// Owners of libpq's objects.
#pragma once

#include <memory>

#include "dialect/postgres/libpq.h"

namespace limbeck::postgres {

struct Release {
  void operator()(PGconn* connection) const { libpq().PQfinish(connection); }
  void operator()(PGresult* result) const { libpq().PQclear(result); }
  void operator()(PGcancel* cancel) const { libpq().PQfreeCancel(cancel); }
  void operator()(PQconninfoOption* options) const { libpq().PQconninfoFree(options); }
};

template <typename T>
using Handle = std::unique_ptr<T, Release>;

}  // namespace limbeck::postgres
