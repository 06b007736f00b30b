// SPDX-License-Identifier: MIT
// What the system knows of a TCP connection.
#pragma once

#include <cstdint>
#include <optional>

namespace sluice::net {

struct TcpInfo {
  std::uint32_t rtt = 0;            // microseconds
  std::uint32_t rtt_variation = 0;  // microseconds
  std::uint32_t send_window = 0;    // congestion window, in segments
  std::uint32_t receive_space = 0;  // bytes
};

// Nothing for what is no TCP socket.  A system call.
std::optional<TcpInfo> tcp_info(int socket);

}  // namespace sluice::net
