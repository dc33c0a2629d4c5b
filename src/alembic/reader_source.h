// The reader of Alembic scripts, a Python program, as this program carries it.
#pragma once

#include <span>
#include <string_view>

namespace limbeck {

struct ReaderModule {
  std::string_view name;    // "limbeck_reader.ddl"
  std::string_view source;  // Python
};

std::span<const ReaderModule> reader_modules();
// What the interpreter is started with: it takes the modules from descriptor 4.
std::string_view reader_bootstrap();

}  // namespace limbeck
