// The reader of Alembic scripts, a Python program, as this program carries it.
#pragma once

#include <span>
#include <string_view>

namespace limbeck {

struct ReaderModule {
  std::string_view name;     // "limbeck_reader.ddl"
  std::string_view content;  // Python, or what marshal made of its code
};

std::span<const ReaderModule> reader_modules();

// The same modules as the Python that was there when the program was built has compiled them.
// Others have another form: each version has its own number.
struct CompiledReader {
  std::string_view magic;  // importlib.util.MAGIC_NUMBER, hexadecimal; "" without one
  std::span<const ReaderModule> modules;  // none without one
};

CompiledReader compiled_reader();

// What the interpreter is started with: it takes the modules from descriptor 4.
std::string_view reader_bootstrap();

}  // namespace limbeck
