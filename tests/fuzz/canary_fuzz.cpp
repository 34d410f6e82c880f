// Built to fail: stumbles over a byte that no corpus holds and mutations soon bring. It shows that
// a broken property is noticed.
#include <cstddef>
#include <cstdint>

#include "property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) FUZZ_PROPERTY(bytes[i] != 0x07);
  return 0;
}
