// SPDX-License-Identifier: MIT
// Who is asked next, slowly and without a clever line: what docs/BALANCING.md says, written down
// once more for comparison.  Shares no code with balancers/ and src/upstream/.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::tests {

struct ModelPeer {
  long weight = 1;
  long max_fails = 1;
  long fail_timeout = 10;  // seconds, as all times here
  long max_connections = 0;
  bool down = false;
  bool backup = false;

  long effective_weight = 1;
  long current_weight = 0;
  long connections = 0;
  long fails = 0;
  long accessed = 0;
  long checked = 0;
};

struct ModelRequest {
  std::string address;  // 4 or 16 bytes
  std::string key;
  std::vector<int> tried = {};
  bool on_backups = false;
  std::uint32_t hash = 0;
  int rounds = 0;
  int misses = 0;
};

class PicksModel {
 public:
  static constexpr int kNobody = -1;

  // "", "ip_hash", "hash", "least_conn".
  PicksModel(std::string method, std::vector<ModelPeer> peers);

  // The index of a peer, or kNobody.
  int next(ModelRequest& request, long now);
  void report(int peer, bool failed, long now);

 private:
  using Indexes = std::vector<int>;

  [[nodiscard]] Indexes group(bool backups) const;
  [[nodiscard]] bool is_single() const { return peers_.size() == 1; }
  [[nodiscard]] bool may_be_asked(int peer, const ModelRequest& request, long now) const;
  int choose(const Indexes& group, ModelRequest& request, long now);
  int in_turn(const Indexes& candidates);
  int least_connections(const Indexes& candidates);
  int by_hash(const Indexes& group, const Indexes& candidates, ModelRequest& request);

  std::string method_;
  std::vector<ModelPeer> peers_;
};

}  // namespace sluice::tests
