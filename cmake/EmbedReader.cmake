# Writes the reader's Python files as one C++ source: cmake -DFOLDER=src/alembic -DOUTPUT=file.cpp -P EmbedReader.cmake
# Raw strings hold at most 16,000 characters here: some compilers take no more, and adjacent ones are one string.
# They end with sv, so that no compiler counts their characters: clang does not go on for long enough.

function(as_literal path result)
  file(READ "${path}" text)
  string(LENGTH "${text}" length)
  set(literal "")
  set(start 0)
  while(start LESS length)
    string(SUBSTRING "${text}" ${start} 8000 part)
    string(APPEND literal "R\"~python~(${part})~python~\"\n")
    math(EXPR start "${start} + 8000")
  endwhile()
  if(literal STREQUAL "")
    set(literal "\"\"")
  endif()
  string(STRIP "${literal}" literal)
  set(${result} "${literal}sv" PARENT_SCOPE)
endfunction()

file(GLOB modules "${FOLDER}/reader/*.py")
list(SORT modules)
set(rows "")
foreach(path ${modules})
  get_filename_component(name "${path}" NAME_WE)
  if(name STREQUAL "__init__")
    set(name "limbeck_reader")
  else()
    set(name "limbeck_reader.${name}")
  endif()
  as_literal("${path}" literal)
  string(APPEND rows "    {\"${name}\",\n${literal}},\n")
endforeach()
as_literal("${FOLDER}/bootstrap.py" bootstrap)
file(WRITE "${OUTPUT}.new" "// Made from src/alembic/reader/*.py by cmake/EmbedReader.cmake.
#include \"alembic/reader_source.h\"

using namespace std::string_view_literals;

namespace limbeck {
namespace {
constexpr ReaderModule modules[] = {
${rows}};
}  // namespace

std::span<const ReaderModule> reader_modules() { return modules; }

std::string_view reader_bootstrap() {
  return ${bootstrap};
}

}  // namespace limbeck
")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
