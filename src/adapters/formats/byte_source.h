#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace arrears::formats {

/// Bytes from outside, read in blocks, as often as wanted from the start.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Reads up to `size` bytes; 0 only at the end. Throws std::system_error where the disk fails.
  virtual std::size_t read(char* to, std::size_t size) = 0;
  virtual void rewind() = 0;
};

/// Opens a file. What cannot be read twice (a pipe) is taken into memory. Throws
/// std::system_error naming the path.
std::unique_ptr<ByteSource> open_file(const std::string& path);

/// Reads bytes that the caller keeps alive.
std::unique_ptr<ByteSource> from_memory(std::string_view bytes);

}  // namespace arrears::formats
