// The catalog's facts about a live PostgreSQL database.
#pragma once

#include "dialect/live_facts.h"

namespace limbeck::postgres {

LiveFacts read_live_facts(Connection& connection);

}  // namespace limbeck::postgres
