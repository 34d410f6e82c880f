#pragma once

#include <string>

#include "app/portfolio_image.h"

namespace arrears::storage {

/// The image as a file of mode 0600, mapped into memory. It is written beside its place and renamed
/// into it, so that a reader never sees half of one. Where the folder cannot be written, or another
/// process is at it, nothing is written; a file of another user is not read.
class ImageFile final : public app::PortfolioImageFile {
 public:
  explicit ImageFile(std::string path) : path_(std::move(path)) {}

  std::optional<Bytes> open() override;
  bool write(std::size_t size, const std::function<void(std::span<std::byte>)>& fill) override;

 private:
  std::string path_;
};

}  // namespace arrears::storage
