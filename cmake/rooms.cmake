# A room is a folder, a namespace and a CMake target. The allowed graph is tools/rooms.txt:
# "room: rooms it may include". The targets link exactly what that file allows, and a test compares
# the real includes with it.
include(GoogleTest)

file(STRINGS ${CMAKE_SOURCE_DIR}/tools/rooms.txt ARREARS_ROOM_LINES REGEX "^[a-z]")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/rooms.txt)

# arrears_tests(<target> <prefix> <library> <label> <sources>...): a GoogleTest program, whose tests
# are listed when ctest starts (listing them after each link made the build slower).
function(arrears_tests target prefix library label)
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE ${library} GTest::gtest GTest::gtest_main)
  gtest_discover_tests(${target} TEST_PREFIX "${prefix}/" DISCOVERY_TIMEOUT 60
    DISCOVERY_MODE PRE_TEST WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} PROPERTIES LABELS "${label}")
endfunction()

# arrears_room(<room> [LIBRARIES ...]): the library of src/<room>; from its *_test.cpp files the
# test program <room>_test (slashes become underscores), and from *_slow_test.cpp
# <room>_slow_test, whose tests have the label slow. Every header must compile alone: target
# all_verify_interface_header_sets, part of `./dev check`.
function(arrears_room room)
  cmake_parse_arguments(ARG "" "" "LIBRARIES" ${ARGN})
  string(REPLACE "/" "_" target ${room})
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${room}/*.h)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${room}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(slow_tests ${tests})
  list(FILTER tests EXCLUDE REGEX "_slow_test\\.cpp$")
  list(FILTER slow_tests INCLUDE REGEX "_slow_test\\.cpp$")
  set(allowed "")
  foreach(line ${ARREARS_ROOM_LINES})
    if(line MATCHES "^${room}:(.*)$")
      string(STRIP "${CMAKE_MATCH_1}" allowed)
      string(REPLACE "/" "_" allowed "${allowed}")
      separate_arguments(allowed)
    endif()
  endforeach()
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${target} ${scope} ${allowed} ${ARG_LIBRARIES})
  target_sources(${target} ${scope}
    FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR}/src FILES ${headers})
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  if(ARREARS_TESTS AND tests)
    arrears_tests(${target}_test ${room} ${target} "" ${tests})
  endif()
  if(ARREARS_TESTS AND slow_tests)
    arrears_tests(${target}_slow_test ${room} ${target} slow ${slow_tests})
  endif()
endfunction()
