# Compiles the sources of a target some at a time, each batch as one translation unit ("unity build"):
# most of what a source costs the compiler is headers, and neighbours have the same ones.
#
# A batch never leaves its folder, and a new source moves only the batches of its own. So two sources
# of a folder may not give the same name to different things, not in their anonymous namespaces
# either. LIMBECK_BATCHES=OFF compiles each source by itself, which finds a header that one of them
# forgot.
set(LIMBECK_BATCH_SIZE 8)

function(limbeck_compile_in_batches target)
  if(NOT LIMBECK_BATCHES)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "^${PROJECT_BINARY_DIR}/")
  list(SORT sources)
  set(folders)
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH folder)
    list(APPEND folders ${folder})
    list(APPEND sources_of_${folder} ${source})
  endforeach()
  list(REMOVE_DUPLICATES folders)
  foreach(folder IN LISTS folders)
    cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE name)
    string(REPLACE "/" "_" name ${name})
    list(LENGTH sources_of_${folder} count)
    math(EXPR batches "(${count} + ${LIMBECK_BATCH_SIZE} - 1) / ${LIMBECK_BATCH_SIZE}")
    set(index 0)
    foreach(source IN LISTS sources_of_${folder})
      # As even as can be: the last batch is as long as the others.
      math(EXPR batch "${index} * ${batches} / ${count}")
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${name}_${batch})
      math(EXPR index "${index} + 1")
    endforeach()
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # To clang a second source with the same alias, or a local name like a neighbour's, is a shadow.
    # It looks for real ones without batches.
    target_compile_options(${target} PRIVATE -Wno-shadow)
  endif()
endfunction()
