// SPDX-License-Identifier: MIT
#include "picks_model.h"

#include <algorithm>

namespace sluice::tests {
namespace {

bool has(const std::vector<int>& list, int wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

std::uint32_t crc32_bit_by_bit(const std::string& text) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
    }
  }
  return ~crc;
}

std::uint32_t next_ip_hash(const ModelRequest& request) {
  const std::size_t octets = request.address.size() == 4 ? 3 : 16;
  std::uint32_t hash = request.rounds == 0 ? 89 : request.hash;
  for (std::size_t i = 0; i < octets; ++i) {
    hash = (hash * 113 + static_cast<unsigned char>(request.address[i])) % 6271;
  }
  return hash;
}

std::uint32_t next_key_hash(const ModelRequest& request) {
  const std::string before = request.rounds == 0 ? "" : std::to_string(request.rounds);
  return request.hash + (crc32_bit_by_bit(before + request.key) >> 16 & 0x7fff);
}

}  // namespace

PicksModel::PicksModel(std::string method, std::vector<ModelPeer> peers)
    : method_(std::move(method)), peers_(std::move(peers)) {
  for (ModelPeer& peer : peers_) {
    peer.effective_weight = peer.weight;
  }
}

PicksModel::Indexes PicksModel::group(bool backups) const {
  Indexes indexes;
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    if (peers_[i].backup == backups) {
      indexes.push_back(static_cast<int>(i));
    }
  }
  return indexes;
}

bool PicksModel::may_be_asked(int index, const ModelRequest& request, long now) const {
  const ModelPeer& peer = peers_[static_cast<std::size_t>(index)];
  const bool rests =
      peer.max_fails > 0 && peer.fails >= peer.max_fails && now - peer.checked <= peer.fail_timeout;
  const bool full = peer.max_connections > 0 && peer.connections >= peer.max_connections;
  return !peer.down && !full && !has(request.tried, index) && (is_single() || !rests);
}

int PicksModel::next(ModelRequest& request, long now) {
  int chosen = kNobody;
  if (!request.on_backups) {
    chosen = choose(group(false), request, now);
    if (chosen == kNobody && !group(true).empty()) {
      request.on_backups = true;
      request.tried.clear();
    }
  }
  if (request.on_backups) {
    chosen = choose(group(true), request, now);
  }
  return chosen;
}

int PicksModel::choose(const Indexes& group, ModelRequest& request, long now) {
  Indexes candidates;
  for (const int index : group) {
    if (may_be_asked(index, request, now)) {
      candidates.push_back(index);
    }
  }
  if (candidates.empty()) {
    return kNobody;
  }
  int chosen = kNobody;
  if (method_ == "least_conn") {
    chosen = least_connections(candidates);
  } else if (method_ == "ip_hash" || method_ == "hash") {
    chosen = by_hash(group, candidates, request);
  } else {
    chosen = in_turn(candidates);
  }
  ModelPeer& peer = peers_[static_cast<std::size_t>(chosen)];
  ++peer.connections;
  request.tried.push_back(chosen);
  if (now - peer.checked > peer.fail_timeout) {
    peer.checked = now;
  }
  return chosen;
}

int PicksModel::in_turn(const Indexes& candidates) {
  long total = 0;
  int best = kNobody;
  for (const int index : candidates) {
    ModelPeer& peer = peers_[static_cast<std::size_t>(index)];
    peer.current_weight += peer.effective_weight;
    total += peer.effective_weight;
    if (peer.effective_weight < peer.weight) {
      ++peer.effective_weight;
    }
    if (best == kNobody ||
        peer.current_weight > peers_[static_cast<std::size_t>(best)].current_weight) {
      best = index;
    }
  }
  peers_[static_cast<std::size_t>(best)].current_weight -= total;
  return best;
}

int PicksModel::least_connections(const Indexes& candidates) {
  const auto busier = [this](int one, int other) {
    const ModelPeer& left = peers_[static_cast<std::size_t>(one)];
    const ModelPeer& right = peers_[static_cast<std::size_t>(other)];
    return left.connections * right.weight > right.connections * left.weight;
  };
  Indexes least;
  for (const int one : candidates) {
    const bool beaten = std::any_of(candidates.begin(), candidates.end(),
                                    [&](int other) { return busier(one, other); });
    if (!beaten) {
      least.push_back(one);
    }
  }
  return least.size() == 1 ? least.front() : in_turn(least);
}

int PicksModel::by_hash(const Indexes& group, const Indexes& candidates, ModelRequest& request) {
  const bool by_address = method_ == "ip_hash";
  Indexes owners;  // of each unit of weight
  for (const int index : group) {
    owners.insert(owners.end(),
                  static_cast<std::size_t>(peers_[static_cast<std::size_t>(index)].weight), index);
  }
  const bool has_key = by_address || !request.key.empty();
  while (has_key && group.size() > 1 && request.misses <= 20) {
    request.hash = by_address ? next_ip_hash(request) : next_key_hash(request);
    ++request.rounds;
    const int owner = owners[request.hash % owners.size()];
    if (has(candidates, owner)) {
      return owner;
    }
    ++request.misses;
  }
  return in_turn(candidates);
}

void PicksModel::report(int index, bool failed, long now) {
  ModelPeer& peer = peers_[static_cast<std::size_t>(index)];
  --peer.connections;
  if (is_single()) {
    return;
  }
  if (failed) {
    ++peer.fails;
    peer.accessed = peer.checked = now;
    if (peer.max_fails > 0) {
      peer.effective_weight = std::max(0L, peer.effective_weight - peer.weight / peer.max_fails);
    }
  } else if (peer.accessed < peer.checked) {
    peer.fails = 0;
  }
}

}  // namespace sluice::tests
