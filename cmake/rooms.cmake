# A room is a folder, a namespace and a CMake target. The allowed graph is tools/rooms.txt:
# "room: rooms it may include". The targets link exactly what that file allows, and a test compares
# the real includes with it.
include(GoogleTest)

file(STRINGS ${CMAKE_SOURCE_DIR}/tools/rooms.txt ARREARS_ROOM_LINES REGEX "^[a-z]")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/rooms.txt)

# arrears_room(<room> [LIBRARIES ...]): the library of src/<room> and, from its *_test.cpp files,
# the test program <room>_test (slashes become underscores).
function(arrears_room room)
  cmake_parse_arguments(ARG "" "" "LIBRARIES" ${ARGN})
  string(REPLACE "/" "_" target ${room})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${room}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
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
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${target} PUBLIC ${allowed} ${ARG_LIBRARIES})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${target} INTERFACE ${allowed} ${ARG_LIBRARIES})
  endif()
  if(tests)
    add_executable(${target}_test ${tests})
    target_link_libraries(${target}_test PRIVATE ${target} GTest::gtest GTest::gtest_main)
    gtest_discover_tests(${target}_test TEST_PREFIX "${room}/" DISCOVERY_TIMEOUT 60
      WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
endfunction()
