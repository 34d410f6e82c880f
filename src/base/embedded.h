#pragma once

#include <span>
#include <string_view>

/// Files that the build put into the program (cmake/embed.cmake).
namespace arrears::base {

struct EmbeddedFile {
  std::string_view name;     ///< path below the embedded folder: "0001_first/up.sql"
  std::string_view content;  ///< the file's bytes
};

}  // namespace arrears::base
