#pragma once

#include <cstdio>
#include <cstdlib>

/// A property that each input must have. Aborts, which the driver and libFuzzer both notice.
#define FUZZ_PROPERTY(condition)                                                                   \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      std::fprintf(stderr, "%s:%d: property does not hold: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                                \
    }                                                                                              \
  } while (false)
