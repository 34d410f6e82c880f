#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "domain/portfolio/columns.h"

/// Columns as one block of bytes that can be written to a file and looked at in place, for example
/// through a memory map: a header with a directory of the columns, then the columns, each on a
/// boundary of 64 bytes. Numbers are in the byte order of the machine; offsets, no pointers.
namespace arrears::portfolio {

/// Why bytes cannot be used as an image; in the order in which it is checked. The cure is always
/// the same: build it again from the store.
enum class ImageProblem : unsigned char {
  not_an_image,
  other_version,   ///< another version or machine wrote it
  damaged_header,  ///< its checksum does not match
  cut_short,       ///< shorter than the header says
  damaged_layout,  ///< the columns do not fit together
};

/// What the writer says about the facts inside, for the reader to compare.
struct ImageStamp {
  std::uint64_t site = 0;        ///< tells databases apart
  std::uint64_t checkpoint = 0;  ///< facts up to this one are inside
  std::uint64_t settings = 0;    ///< of what deadlines were computed from (calendars)
  bool operator==(const ImageStamp&) const = default;
};

/// An opened image. It points into the bytes, which must outlive it.
struct Image {
  ImageStamp stamp;
  Columns columns;
  std::span<const std::byte> bytes;
};

/// Length of the image of `columns`.
std::size_t image_size(const Columns& columns);

/// Writes exactly `image_size` bytes.
void write_image(const Columns& columns, const ImageStamp& stamp, std::span<std::byte> out);

/// Looks at the header only: that is enough where the bytes can be trusted. `bytes` begins on a
/// boundary of 64 bytes.
base::Result<Image, ImageProblem> open_image(std::span<const std::byte> bytes);

/// Whether the column with this number (0..column_count - 1) is as it was written. Reads it whole.
bool is_intact(const Image& image, std::size_t column);

}  // namespace arrears::portfolio
