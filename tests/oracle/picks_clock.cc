// SPDX-License-Identifier: MIT
#include "tests/oracle/picks_clock.h"

#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

namespace sluice::tests::oracle {

VirtualClock::VirtualClock() {
  const char* library = std::getenv("SLUICE_VIRTUAL_CLOCK");
  if (library == nullptr) throw std::runtime_error("SLUICE_VIRTUAL_CLOCK is not set: run by meson");
  library_ = library;
  const std::string path = folder_.write("clock", std::string(sizeof *seconds_, '\0'));
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  void* const memory =
      ::mmap(nullptr, sizeof *seconds_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (memory == MAP_FAILED) throw std::runtime_error("the clock cannot be mapped");
  seconds_ = static_cast<std::atomic<std::int64_t>*>(memory);
  // Near the real one, for the kernel knows no other.
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  seconds_->store(now.tv_sec);
}

VirtualClock::~VirtualClock() {
  ::munmap(seconds_, sizeof *seconds_);
}

std::vector<std::string> VirtualClock::environment() const {
  const char* const asan = std::getenv("ASAN_OPTIONS");
  return {"LD_PRELOAD=" + library_, "SLUICE_TEST_CLOCK=" + folder_.file("clock"),
          // The address sanitizer wants to be loaded first.
          std::string("ASAN_OPTIONS=verify_asan_link_order=0:") + (asan == nullptr ? "" : asan)};
}

void VirtualClock::advance(int seconds) {
  seconds_->fetch_add(seconds);
}

}  // namespace sluice::tests::oracle
