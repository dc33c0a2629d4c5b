#include "alembic/reader_source.h"

#include <doctest/doctest.h>

TEST_CASE("reader: every module is there as text and, if at all, compiled") {
  const auto sources = limbeck::reader_modules();
  const limbeck::CompiledReader compiled = limbeck::compiled_reader();
  CHECK(sources.size() > 1);
  if (compiled.magic.empty()) {
    CHECK(compiled.modules.empty());
    return;
  }
  REQUIRE(compiled.modules.size() == sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    CAPTURE(sources[i].name);
    CHECK(compiled.modules[i].name == sources[i].name);
    CHECK_FALSE(compiled.modules[i].content.empty());
  }
}
