# What is installed, in two components: runtime, the program; dev, the library for programs that are built with it, found
# by find_package(limbeck) and by pkg-config.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/limbeck)

if(TARGET limbeck-program)
  install(TARGETS limbeck-program RUNTIME COMPONENT runtime)
  # The program writes its own man page and completions.
  set(pages ${PROJECT_BINARY_DIR}/pages)
  add_custom_command(
    OUTPUT ${pages}/limbeck.1 ${pages}/limbeck.bash ${pages}/_limbeck ${pages}/limbeck.fish
    COMMAND ${CMAKE_COMMAND} -E make_directory ${pages}
    COMMAND limbeck-program man > ${pages}/limbeck.1
    COMMAND limbeck-program completion bash > ${pages}/limbeck.bash
    COMMAND limbeck-program completion zsh > ${pages}/_limbeck
    COMMAND limbeck-program completion fish > ${pages}/limbeck.fish
    DEPENDS limbeck-program VERBATIM)
  add_custom_target(limbeck-pages ALL DEPENDS ${pages}/limbeck.1)
  install(FILES ${pages}/limbeck.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT runtime)
  install(FILES ${pages}/limbeck.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
    RENAME limbeck COMPONENT runtime)
  install(FILES ${pages}/_limbeck DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT runtime)
  install(FILES ${pages}/limbeck.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT runtime)
endif()

install(TARGETS limbeck EXPORT limbeck-targets
  ARCHIVE COMPONENT dev
  FILE_SET HEADERS COMPONENT dev)
install(EXPORT limbeck-targets NAMESPACE limbeck:: DESTINATION ${package_folder} COMPONENT dev)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/limbeck-config.cmake.in
  ${PROJECT_BINARY_DIR}/limbeck-config.cmake INSTALL_DESTINATION ${package_folder}
  NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/limbeck-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/limbeck-config.cmake
  ${PROJECT_BINARY_DIR}/limbeck-config-version.cmake
  ${CMAKE_CURRENT_LIST_DIR}/FindPgQuery.cmake
  ${CMAKE_CURRENT_LIST_DIR}/LimbeckEmbedRevisions.cmake
  ${CMAKE_CURRENT_LIST_DIR}/EmbedRevisions.cmake
  DESTINATION ${package_folder} COMPONENT dev)

get_filename_component(pg_query_folder ${PgQuery_LIBRARY} DIRECTORY)
configure_file(${CMAKE_CURRENT_LIST_DIR}/limbeck.pc.in ${PROJECT_BINARY_DIR}/limbeck.pc.configured @ONLY)
# The prefix is known only when it is installed: cmake --install takes another.
install(CODE "
  file(READ \"${PROJECT_BINARY_DIR}/limbeck.pc.configured\" text)
  string(REPLACE \"%PREFIX%\" \"\${CMAKE_INSTALL_PREFIX}\" text \"\${text}\")
  file(WRITE \"${PROJECT_BINARY_DIR}/limbeck.pc\" \"\${text}\")" COMPONENT dev)
install(FILES ${PROJECT_BINARY_DIR}/limbeck.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)

# Debian packages: ./dev package
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The Limbeck developers <limbeck@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL runtime dev)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME limbeck)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS libpq5)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME liblimbeck-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libsqlite3-dev, libfmt-dev, libtomlplusplus-dev, libpg-query-dev, libprotobuf-c-dev")
set(CPACK_DEBIAN_DEV_PACKAGE_RECOMMENDS libpq5)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "${PROJECT_DESCRIPTION}\n The command line.")
set(CPACK_COMPONENT_DEV_DESCRIPTION "${PROJECT_DESCRIPTION}\n The C++ library, for programs that carry their revisions and their database.")
include(CPack)
