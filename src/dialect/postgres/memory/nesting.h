// How deep the tree of a statement could be, told from its tokens before it is parsed.
//
// The parser, and all that walks a tree, recurses: a text that nests too deep would end the
// program. The answer is never too small for what the grammar can make of the tokens.
#pragma once

#include <string_view>

namespace limbeck::postgres::memory {

bool nests_too_deep(std::string_view sql);

}  // namespace limbeck::postgres::memory
