// SPDX-License-Identifier: MIT
// What the parent and the serving process tell each other: whole messages, with descriptors.
//
//   parent → serving   listen   an address and its sockets, ahead of the reload that needs them
//                      log      a log that is open, ahead of the reload or the USR1 it is for
//                      reload   the texts of the configuration, in a file without a name
//   serving → parent   ready    serves
//                      done     the reload is in force for every request
//                      refused  why the configuration does not become one; nothing was changed
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "net/descriptor.h"

namespace sluice::app {

enum class Topic : char {
  listen = 'l',
  log = 'o',
  reload = 'r',
  ready = 'y',
  done = 'd',
  refused = 'n',
};

struct Message {
  Topic topic;
  std::string text;
  std::vector<net::Descriptor> descriptors;
};

class Link {
 public:
  Link() = default;
  explicit Link(net::Descriptor socket) : socket_(std::move(socket)) {}
  struct Ends;
  static Ends make();

  // The descriptors stay the caller's.  False: the other side is gone, or takes nothing.
  bool send(Topic topic, const std::string& text = {}, const std::vector<int>& descriptors = {});
  // Without waiting.  Nothing: there is none, or, with is_closed(), none will come.
  std::optional<Message> receive();
  [[nodiscard]] bool is_closed() const { return closed_; }

  [[nodiscard]] int get() const { return socket_.get(); }
  [[nodiscard]] bool is_open() const { return static_cast<bool>(socket_); }
  void close() { socket_.reset(); }

 private:
  net::Descriptor socket_;
  bool closed_ = false;
};

struct Link::Ends {
  Link parent;
  Link serving;
};

// Texts by path, there and back.
using Texts = std::map<std::string, std::string>;
net::Descriptor put_in_memory(const Texts& texts);
std::optional<Texts> take_from_memory(const net::Descriptor& memory);

}  // namespace sluice::app
