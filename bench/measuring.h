#pragma once

#include <linux/perf_event.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>

/// What a piece of work took, as one line of JSON for the driver (bench/bench.py).
namespace arrears::bench {

/// Counts the user instructions of this thread and of those that it starts from now on. Virtual
/// machines mostly have no such counter.
class Instructions {
 public:
  Instructions() {
    perf_event_attr attributes{};
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
    attributes.inherit = 1;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    file_ = static_cast<int>(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
  }
  ~Instructions() {
    if (file_ >= 0) close(file_);
  }
  Instructions(const Instructions&) = delete;
  Instructions& operator=(const Instructions&) = delete;

  /// 0: the machine does not count.
  std::uint64_t count() const {
    std::uint64_t value = 0;
    if (file_ < 0 || read(file_, &value, sizeof value) != sizeof value) return 0;
    return value;
  }

 private:
  int file_ = -1;
};

/// Takes the time from its construction on.
class Stopwatch {
 public:
  explicit Stopwatch(const Instructions& instructions)
      : instructions_(instructions), counted_(instructions.count()), cpu_(cpu_ms()) {}

  double wall_ms() const {
    return std::chrono::duration<double, std::milli>(Clock::now() - start_).count();
  }

  /// `busiest_ms`: the processor's time of the busiest thread, where there are several.
  void print(double busiest_ms = 0) const {
    const double wall = wall_ms();
    std::printf(
        "{\"wall_ms\": %.4f, \"cpu_ms\": %.4f, \"busiest_ms\": %.4f, \"instructions\": %llu}\n",
        wall, cpu_ms() - cpu_, busiest_ms,
        static_cast<unsigned long long>(instructions_.count() - counted_));
    std::fflush(stdout);
  }

 private:
  using Clock = std::chrono::steady_clock;

  /// User and system time of all threads.
  static double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
  }

  const Instructions& instructions_;
  std::uint64_t counted_;
  double cpu_;
  Clock::time_point start_ = Clock::now();
};

/// Bytes of memory that the process has in use.
inline long resident_bytes() {
  long pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace arrears::bench
