include(GoogleTest)

# faceoff_module(<name> DEPENDS <modules...> SOURCES <files...> [LINK <targets...>] [LINK_PRIVATE <targets...>])
#
# One static library per directory, called from src/<name>/CMakeLists.txt. A module sees its own
# private headers in src/<name> and the public ones in include/faceoff/<name>; LINK names libraries
# whose headers stand in public headers, LINK_PRIVATE those that only .cpp files use.
function(faceoff_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS;SOURCES;LINK;LINK_PRIVATE")
  add_library(faceoff_${name} STATIC)
  add_library(faceoff::${name} ALIAS faceoff_${name})
  list(TRANSFORM arg_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/src/${name}/)
  target_sources(faceoff_${name} PRIVATE ${arg_SOURCES})
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/faceoff/${name}/*.h)
  target_sources(faceoff_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers})
  target_include_directories(faceoff_${name} PRIVATE ${PROJECT_SOURCE_DIR}/src/${name})
  list(TRANSFORM arg_DEPENDS PREPEND faceoff::)
  target_link_libraries(faceoff_${name} PUBLIC ${arg_DEPENDS} ${arg_LINK}
                                        PRIVATE faceoff_flags ${arg_LINK_PRIVATE})
endfunction()

# faceoff_test(<module> SOURCES <files...> [DEPENDS <modules...>] [LINK <targets...>] [LABELS <labels...>])
#
# The unit tests of one module, called from tests/<module>/CMakeLists.txt: one program
# `<module>_tests`, each TEST a ctest of its own. FACEOFF_TEST_DATA is the folder tests/data.
function(faceoff_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS;SOURCES;LINK;LABELS")
  add_executable(${name}_tests ${arg_SOURCES})
  list(TRANSFORM arg_DEPENDS PREPEND faceoff::)
  target_link_libraries(${name}_tests PRIVATE faceoff::${name} ${arg_DEPENDS} ${arg_LINK}
                                              faceoff_flags GTest::gmock GTest::gtest_main)
  target_include_directories(${name}_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/src/${name})
  target_compile_definitions(${name}_tests PRIVATE
    FACEOFF_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data" FACEOFF_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${name}_tests TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 300 LABELS "${name};${arg_LABELS}")
endfunction()
