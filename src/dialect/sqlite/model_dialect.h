// How SQLite writes down a declaration of tables in C++.
#pragma once

#include "dialect/model_dialect.h"

namespace limbeck::sqlite {

const ModelDialect& model_dialect();

}  // namespace limbeck::sqlite
