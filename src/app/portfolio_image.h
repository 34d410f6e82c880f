#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>

/// The port of a place where an image of the portfolio is kept from one run of the program to the
/// next. It is a copy and never the truth: what cannot be read or written is done without.
namespace arrears::app {

class PortfolioImageFile {
 public:
  virtual ~PortfolioImageFile() = default;

  struct Bytes {
    std::span<const std::byte> bytes;   ///< begin on a boundary of 64
    std::shared_ptr<const void> owner;  ///< the bytes last as long as it
  };
  /// What was written last; nothing where nothing was, or it cannot be read.
  virtual std::optional<Bytes> open() = 0;
  /// Puts `size` bytes, which `fill` makes, in the place of what was written last: all or nothing,
  /// and only the user may read them. False where that cannot be done.
  virtual bool write(std::size_t size, const std::function<void(std::span<std::byte>)>& fill) = 0;
};

}  // namespace arrears::app
