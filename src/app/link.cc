// SPDX-License-Identifier: MIT
#include "app/link.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

namespace sluice::app {
namespace {

constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kMostDescriptors = 253;  // SCM_MAX_FD of the kernel

struct Control {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostDescriptors * sizeof(int))> bytes{};
};

}  // namespace

Link::Ends Link::make() {
  std::array<int, 2> ends{-1, -1};
  ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data());
  // A serving process that hangs must not take its parent with it.
  constexpr timeval kPatience{5, 0};
  for (const int end : ends) {
    ::setsockopt(end, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  }
  return {Link{net::Descriptor{ends[0]}}, Link{net::Descriptor{ends[1]}}};
}

bool Link::send(Topic topic, const std::string& text, const std::vector<int>& descriptors) {
  std::string bytes(1, static_cast<char>(topic));
  bytes += text.substr(0, kLongestText);
  iovec piece{bytes.data(), bytes.size()};
  Control control;
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (!descriptors.empty()) {
    const std::size_t size = std::min(descriptors.size(), kMostDescriptors) * sizeof(int);
    message.msg_control = control.bytes.data();
    message.msg_controllen = CMSG_SPACE(size);
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(head), descriptors.data(), size);
  }
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent >= 0;
}

std::optional<Message> Link::receive() {
  std::string bytes(kLongestText + 1, '\0');
  iovec piece{bytes.data(), bytes.size()};
  Control control;
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  ssize_t count = 0;
  do {
    // A reset is said once, ahead of what the other side wrote before it ended.
    count = ::recvmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } while (count < 0 && (errno == EINTR || errno == ECONNRESET));
  if (count <= 0) {
    closed_ = count == 0 || errno != EAGAIN;
    return std::nullopt;
  }
  bytes.resize(static_cast<std::size_t>(count));
  Message result{static_cast<Topic>(bytes[0]), bytes.substr(1), {}};
  for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr;
       head = CMSG_NXTHDR(&message, head)) {
    if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const std::size_t number = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    std::vector<int> numbers(number);
    std::memcpy(numbers.data(), CMSG_DATA(head), number * sizeof(int));
    for (const int descriptor : numbers) {
      result.descriptors.emplace_back(descriptor);
    }
  }
  return result;
}

// "PATH-SIZE TEXT-SIZE\n", the path, the text, for each.
net::Descriptor put_in_memory(const Texts& texts) {
  std::string all;
  for (const auto& [path, text] : texts) {
    all += std::to_string(path.size()) + " " + std::to_string(text.size()) + "\n" + path + text;
  }
  net::Descriptor memory{::memfd_create("sluice configuration", MFD_CLOEXEC)};
  std::string_view rest = all;
  while (memory && !rest.empty()) {
    const ssize_t put = ::write(memory.get(), rest.data(), rest.size());
    if (put <= 0) {
      return {};
    }
    rest.remove_prefix(static_cast<std::size_t>(put));
  }
  return memory;
}

std::optional<Texts> take_from_memory(const net::Descriptor& memory) {
  std::string all;
  std::array<char, std::size_t{16} * 1024> bytes{};
  for (;;) {
    const ssize_t got =
        ::pread(memory.get(), bytes.data(), bytes.size(), static_cast<off_t>(all.size()));
    if (got < 0) {
      return std::nullopt;
    }
    if (got == 0) {
      break;
    }
    all.append(bytes.data(), static_cast<std::size_t>(got));
  }
  Texts texts;
  for (std::string_view rest = all; !rest.empty();) {
    std::size_t path = 0;
    std::size_t text = 0;
    const std::size_t end = rest.find('\n');
    const std::size_t blank = rest.find(' ');
    if (end == std::string_view::npos || blank > end) {
      return std::nullopt;
    }
    std::from_chars(rest.data(), rest.data() + blank, path);
    std::from_chars(rest.data() + blank + 1, rest.data() + end, text);
    rest.remove_prefix(end + 1);
    if (rest.size() < path + text) {
      return std::nullopt;
    }
    texts.emplace(rest.substr(0, path), rest.substr(path, text));
    rest.remove_prefix(path + text);
  }
  return texts;
}

}  // namespace sluice::app
