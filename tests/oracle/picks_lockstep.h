// SPDX-License-Identifier: MIT
// nginx and sluice with the same upstream and the same peers, asked the same at the same time.
//
// In upstreams these words are replaced: @0@ … @5@ the addresses of peers, @refuses@ one where
// every connection is refused, @fair@ the directive that means the module's algorithm.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/oracle/picks_clock.h"
#include "tests/oracle/picks_peers.h"
#include "tests/oracle/running_nginx.h"
#include "tests/support/running_proxy.h"

namespace sluice::tests::oracle {

// A client's connection, and where the head of an answer ends.
class PickClient {
 public:
  explicit PickClient(const std::string& address) : socket_(connect_to(address)) {}

  void ask(const std::string& uri, const std::string& headers);
  // Reads a head: the peers that were asked, "127.0.0.1:1, 127.0.0.1:2".
  std::string read_picks();
  [[nodiscard]] bool is_ok() const { return ok_; }  // 200
  // The body: true when it came as a whole.
  bool read_body();

 private:
  Socket socket_;
  std::string received_;
  std::size_t length_ = 0;
  bool ok_ = false;
};

struct Picks {
  std::string nginx;
  std::string sluice;
};

class Lockstep {
 public:
  Lockstep(const std::string& upstream, const std::string& location);

  [[nodiscard]] PickPeers& peers() { return peers_; }
  void advance(int seconds) { clock_.advance(seconds); }

  // `client`: the address it speaks for.
  Picks ask(const std::string& uri, const std::string& client);
  // The same; the peer's answer does not end before release().
  Picks hold(const std::string& uri, const std::string& client);
  [[nodiscard]] std::size_t held() const { return held_.size(); }
  void release(std::size_t which);
  // "A" is the first peer, '-' what is none.
  [[nodiscard]] std::string letters(const std::string& picks) const;

 private:
  struct Held {
    std::string id;
    PickClient nginx, sluice;
  };

  [[nodiscard]] std::string words_replaced(std::string text, const std::string& fair) const;
  void wait_for_report(const std::string& id);

  VirtualClock clock_;
  PickPeers peers_{6};
  std::string refuses_ = closed_port();
  std::string nginx_address_ = closed_port();
  std::optional<RunningNginx> nginx_;
  std::optional<RunningProxy> sluice_;
  std::optional<PickClient> nginx_client_;
  std::vector<PickClient> sluice_clients_;  // several, for each is served by one worker
  std::vector<Held> held_;
  std::size_t number_ = 0;
  std::size_t reported_ = 0;
};

}  // namespace sluice::tests::oracle
