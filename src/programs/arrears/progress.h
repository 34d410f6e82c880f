#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace arrears::cli {

/// A line on stderr that shows how far long work is. Only on a terminal, and gone at the end.
class Progress {
 public:
  /// `wanted`: false shows nothing.
  explicit Progress(bool wanted);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `total` 0: unknown.
  void show(std::string_view what, std::int64_t done, std::int64_t total = 0);

 private:
  bool shown_ = false;
  bool wanted_;
  std::string last_;
};

}  // namespace arrears::cli
