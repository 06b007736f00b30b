// SPDX-License-Identifier: MIT
// The peer behind nginx and behind sluice: it answers as the row at hand says, and keeps the bytes
// it was sent, one string a request.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "tests/oracle/pair.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests::oracle {

class RecordingPeer {
 public:
  explicit RecordingPeer(const std::string& address = "127.0.0.1:0");

  [[nodiscard]] const std::string& address() const { return peer_.address(); }
  // From now on; what came before is forgotten, and kept connections are closed.
  void answer_with(std::vector<PeerAnswer> answers);
  // A request that broke off ends in "(broken off)".
  [[nodiscard]] std::vector<std::string> received() const;

 private:
  void serve(PeerConnection& connection);
  PeerAnswer take_answer(std::string request);

  mutable std::mutex mutex_;
  std::vector<PeerAnswer> answers_;
  std::vector<std::string> received_;
  ScriptedPeer peer_;  // last: its threads use the others
};

}  // namespace sluice::tests::oracle
