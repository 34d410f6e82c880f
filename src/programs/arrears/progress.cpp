#include "programs/arrears/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace arrears::cli {

namespace {

constexpr std::int64_t bar_width = 30;

}  // namespace

Progress::Progress(bool wanted) : wanted_(wanted && isatty(STDERR_FILENO)) {}

Progress::~Progress() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

void Progress::show(std::string_view what, std::int64_t done, std::int64_t total) {
  if (!wanted_) return;
  std::string line(what);
  if (total > 0) {
    const auto full = static_cast<std::size_t>(std::min(done, total) * bar_width / total);
    line += " [" + std::string(full, '#') + std::string(bar_width - full, '.') + "] " +
            std::to_string(std::min(done, total) * 100 / total) + " %";
  } else {
    line += " " + std::to_string(done);
  }
  if (line == last_) return;
  std::fputs(("\r" + line + "\033[K").c_str(), stderr);
  std::fflush(stderr);
  last_ = std::move(line);
  shown_ = true;
}

}  // namespace arrears::cli
