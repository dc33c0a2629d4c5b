// What statements of SQLite do, on a database in memory that has the schema and no rows of anyone.
#pragma once

#include <memory>

#include "dialect/effect.h"

namespace limbeck::sqlite {

std::unique_ptr<EffectReader> make_effect_reader(const EffectSettings& settings);
// From what the database holds.
std::unique_ptr<EffectReader> make_effect_reader(Connection& live);

}  // namespace limbeck::sqlite
