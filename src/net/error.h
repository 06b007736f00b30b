// SPDX-License-Identifier: MIT
// What can go wrong between two sockets, beside what the system reports by errno.
#pragma once

#include <system_error>

namespace sluice::net {

enum class Errc {
  would_block = 1,  // nothing to do now: wait, then try again
  end_of_stream,    // the other side has sent its last byte
  timed_out,        // a deadline passed
  cancelled,        // somebody of ours called the wait off (shutdown)
};

extern constinit const std::error_category& our_category;

inline std::error_code make_error_code(Errc code) {
  return {static_cast<int>(code), our_category};
}

// The present errno as an error_code.
std::error_code last_system_error();

}  // namespace sluice::net

template <>
struct std::is_error_code_enum<sluice::net::Errc> : std::true_type {};
