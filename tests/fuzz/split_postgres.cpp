#include "split_check.h"
#include "sql/lexical_rules.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  limbeck::check_split({reinterpret_cast<const char*>(data), size}, limbeck::sql::postgres_rules);
  return 0;
}
