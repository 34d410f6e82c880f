#pragma once

#include <string_view>
#include <vector>

#include "base/text.h"
#include "domain/compliance/guard_files.h"

/// Inside the room: the lines of data/guard.
namespace arrears::compliance {

/// Calls `each(folder, words)` for every line, but comments, of the files whose name ends so.
template <class Each>
void each_line(std::string_view ending, const Each& each) {
  for (const base::EmbeddedFile& file : embedded::guard()) {
    if (!file.name.ends_with(ending)) continue;
    const std::string_view folder = file.name.substr(0, file.name.find('/'));
    for (const std::string_view line : base::split(file.content, '\n'))
      if (!line.empty() && line.front() != '#') each(folder, base::split(line, ' '));
  }
}

}  // namespace arrears::compliance
