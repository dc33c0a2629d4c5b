// The tables that a statement copies every row of: INSERT INTO t SELECT ... FROM them.
//
// It reads words, not meanings: it may miss a table of which every row is copied, and names none of
// which one is not.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "dialect/tokens.h"

namespace limbeck {

// By their names, folded, without their schemas.
std::set<std::string> copied_tables(const std::vector<Token>& tokens);

}  // namespace limbeck
