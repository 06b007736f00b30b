// SPDX-License-Identifier: MIT
#include "app/descriptor_limit.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace sluice::app {
namespace {

// Log files, listening sockets, epoll and the like.
constexpr rlim_t kOthers = 64;

bool set_limit(rlimit& limit, rlim_t soft, rlim_t hard) {
  const rlimit wanted{soft, hard};
  if (::setrlimit(RLIMIT_NOFILE, &wanted) != 0) {
    return false;
  }
  limit = wanted;
  return true;
}

}  // namespace

void set_descriptor_limit(const confparse::Settings& settings, std::size_t workers,
                          const log::ErrorLog& log) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return;
  }
  const rlim_t configured = rlim_t{settings.main.most_descriptors} * workers;
  const rlim_t connections = rlim_t{settings.events.worker_connections} * workers;
  if (configured > 0 && !set_limit(limit, configured, configured)) {
    log.write(log::Level::alert, "setrlimit(RLIMIT_NOFILE, " + std::to_string(configured) +
                                     ") failed (" + std::to_string(errno) + ": " +
                                     std::strerror(errno) + ")");
    set_limit(limit, limit.rlim_max, limit.rlim_max);  // more than that we may not
  } else if (configured == 0 && connections + kOthers > limit.rlim_cur) {
    set_limit(limit, std::min(connections + kOthers, limit.rlim_max), limit.rlim_max);
  }
  if (connections > limit.rlim_cur && !settings.bare) {
    log.write(log::Level::warn, std::to_string(connections) +
                                    " worker_connections exceed open file resource limit: " +
                                    std::to_string(limit.rlim_cur));
  }
}

}  // namespace sluice::app
