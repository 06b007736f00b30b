// SPDX-License-Identifier: MIT
#include "tests/balancers/allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::size_t> count = 0;  // threads allocate too
}  // namespace

void* operator new(std::size_t size) {
  ++count;
  if (void* const memory = std::malloc(size)) {
    return memory;
  }
  throw std::bad_alloc{};
}

// std::stable_sort asks this way; all must come from malloc, as all is given back to free.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++count;
  return std::malloc(size);
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace sluice::balancers {

std::size_t allocations() {
  return count;
}

}  // namespace sluice::balancers
