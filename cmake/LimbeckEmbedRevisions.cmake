# limbeck_embed_revisions(TARGET FOLDER [NAME name] [RECURSIVE])
#
# Compiles the revision files of a folder into a target, byte for byte, and gives it a header "NAME.h" with the function
#
#   limbeck::Revisions NAME();
#
# NAME is TARGET_revisions when it is left out. The files of a squash, in the folder "squashed", come with it. With RECURSIVE,
# folders below count too. A file that is added, changed or removed is seen by the next build.

set(LIMBECK_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/EmbedRevisions.cmake CACHE INTERNAL "")

function(limbeck_embed_revisions target folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "RECURSIVE" "NAME" "")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "limbeck_embed_revisions does not know ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_NAME)
    string(MAKE_C_IDENTIFIER "${target}_revisions" arg_NAME)
  endif()
  get_filename_component(folder "${folder}" ABSOLUTE)
  if(NOT IS_DIRECTORY "${folder}")
    message(FATAL_ERROR "limbeck_embed_revisions: there is no folder ${folder}")
  endif()
  if(arg_RECURSIVE)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS "${folder}/*.sql")
  else()
    file(GLOB files CONFIGURE_DEPENDS "${folder}/*.sql" "${folder}/squashed/*.sql")
  endif()
  # A file that comes or goes is in no one's time stamp.
  string(SHA256 names "${files}")
  set(output ${CMAKE_CURRENT_BINARY_DIR}/limbeck/${target})
  add_custom_command(
    OUTPUT ${output}/${arg_NAME}.cpp ${output}/${arg_NAME}.h
    COMMAND ${CMAKE_COMMAND} "-DFOLDER=${folder}" -DNAME=${arg_NAME} "-DOUTPUT=${output}" -DRECURSIVE=${arg_RECURSIVE}
            -DNAMES=${names} -P ${LIMBECK_EMBED_SCRIPT}
    DEPENDS ${files} ${LIMBECK_EMBED_SCRIPT}
    COMMENT "Embedding the revisions of ${folder}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output}/${arg_NAME}.cpp ${output}/${arg_NAME}.h)
  target_include_directories(${target} PRIVATE ${output})
  target_link_libraries(${target} PRIVATE limbeck::limbeck)
endfunction()
