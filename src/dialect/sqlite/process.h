// What a program, never a library, may settle for all of SQLite in its process.
#pragma once

namespace limbeck::sqlite {

// Turns off SQLite's statistics of its own memory, which nobody here reads and which take a mutex
// for every allocation. To be called before anything else of SQLite; later it has no effect.
void spare_memory_statistics() noexcept;

}  // namespace limbeck::sqlite
