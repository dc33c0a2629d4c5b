// What statements of PostgreSQL do to the tables that are there: which locks, and what the server
// reads, checks, builds and writes again under them.
//
// It is what PostgreSQL 15 does, statement by statement, as tests/unit/lint compares with a server.
#pragma once

#include <memory>

#include "dialect/effect.h"

namespace limbeck::postgres {

// Whether the text is of the grammar that is known here.
bool can_be_read(const sql::Statement& statement);
std::unique_ptr<EffectReader> make_effect_reader(const EffectSettings& settings);
// From what the database holds.
std::unique_ptr<EffectReader> make_effect_reader(const EffectSettings& settings, Connection& live);
// From what the statement names of it.
std::unique_ptr<EffectReader> make_effect_reader(const EffectSettings& settings, Connection& live,
                                                 const sql::Statement& statement);

}  // namespace limbeck::postgres
