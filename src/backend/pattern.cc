// SPDX-License-Identifier: MIT
#include "backend/pattern.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

namespace sluice::backend {
namespace {

constexpr std::uint64_t kBlock = kPatternPeriod * 45'590;  // just below 1 MiB

std::string make_block() {
  std::string block(kBlock, '\0');
  for (std::uint64_t i = 0; i < kBlock; ++i) block[i] = pattern_at(i);
  return block;
}

const std::string& block() {
  static const std::string bytes = make_block();
  return bytes;
}

// The same bytes as a file in memory, for sendfile.
int block_file() {
  static const int file = [] {
    const int created = ::memfd_create("pattern", MFD_CLOEXEC);
    const auto size = static_cast<ssize_t>(kBlock);
    if (created < 0 || ::write(created, block().data(), kBlock) != size) {
      std::perror("sluice-backend: memfd");
      std::exit(1);
    }
    return created;
  }();
  return file;
}

}  // namespace

std::string_view pattern(std::uint64_t offset, std::uint64_t size) {
  const std::uint64_t start = offset % kPatternPeriod;
  return std::string_view(block()).substr(start, std::min(size, kBlock - start));
}

ssize_t send_pattern(int socket, std::uint64_t offset, std::uint64_t size) {
  auto start = static_cast<off_t>(offset % kPatternPeriod);
  const auto most = kBlock - static_cast<std::uint64_t>(start);
  return ::sendfile(socket, block_file(), &start, std::min(size, most));
}

}  // namespace sluice::backend
