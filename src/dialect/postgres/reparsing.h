// The server's own text of an expression, in a form that the server reads as the same expression.
//
// It never changes what an expression means. One form of the catalogs' text is read back as
// another: (ARRAY['a'::character varying])::text[], which `name IN ('a')` becomes for a varchar
// column. There the parser hands the cast on to the elements (parse_expr.c, transformTypeCast), and
// the constraint would differ from the declared one for ever.
#pragma once

#include <string>

namespace limbeck::postgres {

// With the array's own type written between the array and the cast.
std::string reparsable(std::string sql);

}  // namespace limbeck::postgres
