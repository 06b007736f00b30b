// SPDX-License-Identifier: MIT
// nginx and sluice with one configuration, each with peers of its own, started at the first row
// that needs them and kept until the last.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/oracle/outcome.h"
#include "tests/oracle/pair.h"
#include "tests/oracle/recording_peer.h"
#include "tests/oracle/running_nginx.h"
#include "tests/support/running_proxy.h"

namespace sluice::tests::oracle {

// One of the two, with what stands around it.
class Side {
 public:
  Side();
  virtual ~Side() = default;

  // What comes of this row here.
  std::string outcome(const Pair& pair);

 protected:
  // @word@ → what it is for this server.
  [[nodiscard]] Replacements words() const;

  std::string listen_, listen2_;  // where clients connect
  std::string folder_;

 private:
  [[nodiscard]] virtual std::vector<std::string> printed_lines() const = 0;
  virtual bool wait_for_line(std::string_view text, std::size_t from) = 0;
  std::vector<std::string> log_lines(std::size_t from, std::size_t count);
  [[nodiscard]] Replacements names(const std::string& client_port) const;

  TempFolder sockets_;
  RecordingPeer peer_, peer2_, unix_;
  std::string refuses_ = closed_port();
};

class Servers {
 public:
  explicit Servers(const std::string& configuration);

  [[nodiscard]] Side& nginx() { return *nginx_; }
  [[nodiscard]] Side& sluice() { return *sluice_; }

 private:
  std::unique_ptr<Side> nginx_, sluice_;
};

// Those of this configuration.  They live until end_all_servers().
Servers& servers_for(const std::string& configuration);
void end_all_servers();

}  // namespace sluice::tests::oracle
