// The SQL of declared tables, in an order in which a database takes it.
//
// The same declaration gives the same text every time. It reads no database.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "limbeck/model_spec.h"

#include "source/models_document.h"

namespace limbeck {

// For every dialect. What one of them cannot have is in its `error`; a table that two sets declare
// is no error yet (source/models_document.h).
ModelsDocument models_document(std::span<const Metadata> sets, const std::string& program);

// For one dialect, as one text for people. Throws what models_sql throws.
std::string schema_sql(std::span<const Metadata> sets, const std::string& dialect);

}  // namespace limbeck
