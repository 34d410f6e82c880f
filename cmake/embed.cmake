# arrears_embed(<target> <name> <root> <files...>): puts files into the program. They are read with
#   namespace arrears::embedded { std::span<const base::EmbeddedFile> <name>(); }
# in the order given; a file's name is its path below <root>. The files are relative to the source
# tree's top.
function(arrears_embed target name root)
  set(table "")
  set(bytes "")
  set(declarations "")
  set(paths "")
  set(index 0)
  foreach(file ${ARGN})
    set(path ${CMAKE_SOURCE_DIR}/${file})
    file(RELATIVE_PATH short ${CMAKE_SOURCE_DIR}/${root} ${path})
    set(symbol arrears_embedded_${name}_${index})
    string(APPEND bytes "    \".global ${symbol}\\n${symbol}:\\n.incbin \\\"${path}\\\"\\n\"\n"
      "    \".global ${symbol}_end\\n${symbol}_end:\\n.byte 0\\n\"\n")
    string(APPEND declarations
      "extern const char ${symbol}[];\nextern const char ${symbol}_end[];\n")
    string(APPEND table "    {\"${short}\", {${symbol}, ${symbol}_end}},\n")
    list(APPEND paths ${path})
    math(EXPR index "${index} + 1")
  endforeach()
  set(generated ${CMAKE_BINARY_DIR}/embedded/${name}.cpp)
  file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT [=[
#include "base/embedded.h"

asm(".section .rodata\n"
@bytes@    ".previous\n");

extern "C" {
@declarations@}

namespace arrears::embedded {

std::span<const base::EmbeddedFile> @name@() {
  static const base::EmbeddedFile files[] = {
@table@  };
  return files;
}

}  // namespace arrears::embedded
]=])
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${paths})
  set_source_files_properties(${generated} PROPERTIES OBJECT_DEPENDS "${paths}")
  target_sources(${target} PRIVATE ${generated})
endfunction()
