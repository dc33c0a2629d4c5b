# Writes a folder's revision files as one C++ source and its header:
# cmake -DFOLDER=... -DNAME=... -DOUTPUT=folder [-DRECURSIVE=TRUE] -P EmbedRevisions.cmake
cmake_minimum_required(VERSION 3.25)

# The bytes of a file as a string literal; nothing is left to how a compiler reads line ends or trigraphs.
function(as_literal path result)
  file(READ "${path}" bytes HEX)
  string(REGEX REPLACE "(................................................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
  string(REPLACE "\n" "\"\n    \"" bytes "${bytes}")
  set(${result} "\"${bytes}\"" PARENT_SCOPE)
endfunction()

if(RECURSIVE)
  file(GLOB_RECURSE files RELATIVE "${FOLDER}" "${FOLDER}/*.sql")
else()
  file(GLOB files RELATIVE "${FOLDER}" "${FOLDER}/*.sql" "${FOLDER}/squashed/*.sql")
endif()
list(FILTER files EXCLUDE REGEX "(^|/)\\.")
list(SORT files)
file(GLOB interrupted "${FOLDER}/.limbeck-squash-*")
if(interrupted)
  message(FATAL_ERROR "${FOLDER}: a squash was interrupted here; \"limbeck squash --continue\" finishes it")
endif()

get_filename_component(shown "${FOLDER}" NAME)
set(additions "")
foreach(file ${files})
  file(SIZE "${FOLDER}/${file}" size)
  as_literal("${FOLDER}/${file}" literal)
  if(file MATCHES "(^|/)squashed/")
    set(add add_squashed_file)
  else()
    set(add add_file)
  endif()
  string(REGEX REPLACE "([\\\\\"])" "\\\\\\1" name "${shown}/${file}")
  string(APPEND additions "  revisions.${add}(\"${name}\", std::string(\n    ${literal}, ${size}));\n")
endforeach()

file(WRITE "${OUTPUT}/${NAME}.h.new" "// Made by limbeck_embed_revisions of ${FOLDER}.
#pragma once

#include \"limbeck/revisions.h\"

limbeck::Revisions ${NAME}();
")
file(WRITE "${OUTPUT}/${NAME}.cpp.new" "// Made by limbeck_embed_revisions of ${FOLDER}.
#include \"${NAME}.h\"

#include <string>

#pragma GCC diagnostic ignored \"-Woverlength-strings\"

limbeck::Revisions ${NAME}() {
  limbeck::Revisions revisions;
${additions}  return revisions;
}
")
file(RENAME "${OUTPUT}/${NAME}.h.new" "${OUTPUT}/${NAME}.h")
file(RENAME "${OUTPUT}/${NAME}.cpp.new" "${OUTPUT}/${NAME}.cpp")
