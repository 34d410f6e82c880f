#pragma once

#include <span>

#include "base/embedded.h"

namespace arrears::embedded {

/// The files of data/guard by name ("us/pack.txt"), sorted. Their form is in the room's README.
std::span<const base::EmbeddedFile> guard();

}  // namespace arrears::embedded
