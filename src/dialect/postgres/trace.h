// Runs statements in a scratch database of PostgreSQL and observes each of them.
#pragma once

#include <memory>
#include <optional>

#include "dialect/trace.h"

namespace limbeck::postgres {

std::unique_ptr<Tracer> make_tracer(const std::optional<DatabaseUrl>& server,
                                    const ConnectOptions& options);

}  // namespace limbeck::postgres
