// SPDX-License-Identifier: MIT
// Loaded before the C library: every clock of the program shows what stands in a file, in whole
// seconds, and stands still in between.  So nginx, which looks at the time of day, and sluice,
// which looks at the time since the start of the machine, count the same seconds.
//
// The file is $SLUICE_TEST_CLOCK and holds the seconds as 8 bytes (picks_clock.h writes it).
#include <atomic>
#include <cstdint>
#include <cstdlib>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace {

using Seconds = std::atomic<std::int64_t>;

const Seconds* map_clock() {
  const char* path = std::getenv("SLUICE_TEST_CLOCK");
  const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    ::abort();
  }
  void* const memory = ::mmap(nullptr, sizeof(Seconds), PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  if (memory == MAP_FAILED) {
    ::abort();
  }
  return static_cast<const Seconds*>(memory);
}

std::int64_t seconds() {
  static const Seconds* const clock = map_clock();
  return clock->load();
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t, struct timespec* result) noexcept {
  *result = {static_cast<time_t>(seconds()), 0};
  return 0;
}

int gettimeofday(struct timeval* result, void*) noexcept {
  *result = {static_cast<time_t>(seconds()), 0};
  return 0;
}

time_t time(time_t* result) noexcept {
  const auto now = static_cast<time_t>(seconds());
  if (result != nullptr) {
    *result = now;
  }
  return now;
}

}  // extern "C"
