// SPDX-License-Identifier: MIT
#include "tests/attacks/lane.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "tests/attacks/wire.h"
#include "tests/support/http_client.h"

namespace sluice::tests::attacks {
namespace {

// How many bytes the first request of `bytes` has, as a simple peer would count them; 0: more must
// come.
std::size_t request_size(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  const std::string_view head = bytes.substr(0, end + 2);
  std::size_t size = end + 4;
  if (head.find("\r\nTransfer-Encoding: chunked\r\n") != std::string_view::npos) {
    const auto last = bytes.find("0\r\n\r\n", size);
    return last == std::string_view::npos ? 0 : last + 5;
  }
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  if (const auto found = head.find(kLength); found != std::string_view::npos) {
    size += std::stoul(std::string(head.substr(found + kLength.size())));
  }
  return bytes.size() >= size ? size : 0;
}

}  // namespace

RecordingPeer::RecordingPeer(const std::string& address)
    : listener_(listen_on(address)), thread_([this] { serve(); }) {}

RecordingPeer::~RecordingPeer() {
  ending_ = true;
  ::shutdown(listener_.fd(), SHUT_RDWR);
  thread_.join();
}

void RecordingPeer::serve() {
  for (;;) {
    const Socket socket{::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (!socket.is_open()) return;
    const Deadline deadline;
    std::string all;
    std::size_t answered = 0;
    while (read_some(socket, all, deadline) == ReadResult::bytes) {
      while (const std::size_t size = request_size(std::string_view{all}.substr(answered))) {
        answered += size;
        send_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", deadline);
        if (!all.starts_with("HEAD ")) send_all(socket, "ok", deadline);
      }
    }
    const std::lock_guard lock(mutex_);
    connections_.push_back(std::move(all));
    changed_.notify_all();
  }
}

std::vector<std::string> RecordingPeer::take_until(std::string_view path) {
  const std::string begin = "GET " + std::string(path) + " ";
  std::unique_lock lock(mutex_);
  const bool came = changed_.wait_until(lock, Deadline{}.end(), [&] {
    return !connections_.empty() && connections_.back().starts_with(begin);
  });
  if (!came) ADD_FAILURE() << "the peer was not asked for " << path;
  std::vector<std::string> taken = std::exchange(connections_, {});
  if (came) taken.pop_back();
  return taken;
}

Lane::Lane(const std::string& folder, std::size_t number)
    : client_address_("unix:" + folder + "/client" + std::to_string(number)),
      peer_address_("unix:" + folder + "/peer" + std::to_string(number)),
      name_("lane" + std::to_string(number)),
      peer_(peer_address_) {}

std::string Lane::configuration() const {
  return "upstream " + name_ + " { server " + peer_address_ + "; keepalive 0; }\nserver { listen " +
         client_address_ + "; location / { proxy_pass http://" + name_ +
         "; proxy_set_header Host peer; proxy_set_header Connection \"\"; }\n"
         "location = /probe { return 204; } }\n";
}

Lane::Outcome Lane::run(const Attack& attack, std::size_t cut) {
  const Deadline deadline;
  const Socket socket = connect_to(client_address_);
  const std::string_view bytes = attack.bytes;
  if (cut > 0) {
    send_all(socket, bytes.substr(0, cut), deadline);
    wait_until_read(socket, deadline);
  }
  // It may have been refused already, and nobody reads the rest.
  send_all(socket, bytes.substr(cut), deadline);
  if (attack.then_ends) {
    ::shutdown(socket.fd(), SHUT_WR);
  } else {
    send_all(socket, kProbe, deadline);
  }
  Outcome outcome;
  outcome.statuses = statuses_in(read_all(socket, deadline));

  // Connections reach the peer in their order: when this one has come, all have.
  const std::string last = "/last" + std::to_string(++runs_);
  if (http_get(client_address_, last, "Connection: close\r\n").status != 200) {
    ADD_FAILURE() << "sluice no longer answers";
  }
  for (const std::string& connection : peer_.take_until(last)) outcome.seen += connection;
  return outcome;
}

}  // namespace sluice::tests::attacks
