#include "dialect/trace.h"

#include "dialect/postgres/observer.h"
#include "dialect/postgres/trace.h"

namespace limbeck {

std::unique_ptr<Observer> make_observer(std::string_view dialect, Connection& connection) {
  if (dialect != "postgresql") return nullptr;
  return postgres::make_observer(connection);
}

std::unique_ptr<Tracer> make_tracer(std::string_view dialect,
                                    const std::optional<DatabaseUrl>& server,
                                    const ConnectOptions& options) {
  if (dialect != "postgresql") return nullptr;
  return postgres::make_tracer(server, options);
}

}  // namespace limbeck
