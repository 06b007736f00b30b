// SPDX-License-Identifier: MIT
#include "tests/attacks/wire.h"

#include <gtest/gtest.h>
#include <linux/sockios.h>
#include <sched.h>
#include <sys/ioctl.h>

namespace sluice::tests::attacks {

void wait_until_read(const Socket& socket, const Deadline& deadline) {
  int unread = 0;
  while (::ioctl(socket.fd(), SIOCOUTQ, &unread) == 0 && unread > 0) {
    if (deadline.passed()) {
      ADD_FAILURE() << "sluice does not read";
      return;
    }
    ::sched_yield();
  }
}

std::string read_all(const Socket& socket, const Deadline& deadline) {
  std::string all;
  for (;;) {
    const ReadResult result = read_some(socket, all, deadline);
    if (result == ReadResult::timeout) ADD_FAILURE() << "no end after: " << all;
    if (result != ReadResult::bytes) return all;
  }
}

std::string statuses_in(std::string_view answers) {
  constexpr std::string_view kBegin = "HTTP/1.1 ";
  std::string statuses;
  for (auto at = answers.find(kBegin); at != std::string_view::npos;
       at = answers.find(kBegin, at + 1)) {
    const std::string_view status = answers.substr(at + kBegin.size(), 3);
    if (status == "100") continue;  // comes or not, as the body came late or not
    statuses.append(statuses.empty() ? "" : " ").append(status);
  }
  return statuses;
}

}  // namespace sluice::tests::attacks
