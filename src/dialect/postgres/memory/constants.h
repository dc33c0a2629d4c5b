// Literals as the server writes them back: '{"a":1}' as jsonb is '{"a": 1}', '1 hour' as interval
// is '01:00:00'.
#pragma once

#include <optional>
#include <string>

#include "dialect/postgres/memory/types.h"

namespace limbeck::postgres::memory {

// nothing: only the server knows.
std::optional<std::string> canonical_value(const Catalog& catalog, const Type& type,
                                           const std::string& text);

// The constant with the type's name where the server needs it: 5, '-5'::integer, 'a'::text.
std::string constant_text(const Type& type, const std::string& value);

// The text of a jsonb; nothing when it is none.
std::optional<std::string> canonical_jsonb(const std::string& text);

}  // namespace limbeck::postgres::memory
