#pragma once

#include <span>

#include "base/embedded.h"

namespace arrears::embedded {

/// The files of data/holidays by name ("DE.txt"), sorted. Their form is in the room's README.
std::span<const base::EmbeddedFile> holidays();

}  // namespace arrears::embedded
