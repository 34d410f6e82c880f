# The linters are tests, and each has a test of its own: a wrong sample must fail.
set(python ${Python3_EXECUTABLE} -B)
add_test(NAME rooms COMMAND ${python} ${CMAKE_SOURCE_DIR}/tools/check_rooms)
add_test(NAME tidy COMMAND ${python} ${CMAKE_SOURCE_DIR}/tools/tidy)
add_test(NAME tools/rooms COMMAND ${python} ${CMAKE_SOURCE_DIR}/tests/tools/check_rooms_test.py)
add_test(NAME tools/tidy COMMAND ${python} ${CMAKE_SOURCE_DIR}/tests/tools/tidy_test.py)

# All fuzzers at once: the preset fuzz builds nothing else.
get_property(fuzzers DIRECTORY ${CMAKE_SOURCE_DIR}/tests/fuzz PROPERTY BUILDSYSTEM_TARGETS)
add_custom_target(fuzzers DEPENDS ${fuzzers})
