// SPDX-License-Identifier: MIT
// What the key of `hash` is for a simulated request, and who it is that should stay with a peer.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "confparse/settings/upstream.h"
#include "simulate/workload.h"

namespace sluice::simulate {

// Those who are sent to the same peer each time, as far as the method can.
enum class Unit : std::uint8_t {
  none,  // the method looks at nobody: round robin
  client,
  uri,
  key,  // of client and URI together
};

class RequestKeys {
 public:
  RequestKeys(const confparse::UpstreamSettings& upstream, const Workload& workload);

  [[nodiscard]] Unit unit() const { return unit_; }
  // How many units there are, as far as known: keys of both are counted as they come.
  [[nodiscard]] std::size_t units() const;

  struct Found {
    std::uint32_t unit;    // its number
    std::string_view key;  // of `hash`; empty for other methods; valid as long as this object
  };
  Found find(const Request& request);
  // The key and the client's bytes of a unit, for those of one kind.
  [[nodiscard]] std::string_view key_of(std::uint32_t unit) const;
  [[nodiscard]] std::string_view address_of(std::uint32_t unit) const;

  // Variables that a simulated request does not have: the client's address stands for them.
  [[nodiscard]] const std::vector<std::string>& unknown() const { return unknown_; }

 private:
  struct Piece {
    bool is_variable;
    std::string text;  // the variable's name, or bytes as they are
  };
  void read_pieces(std::string_view text);
  void note_kind(const std::string& name);
  [[nodiscard]] std::string expand(const Request& request) const;
  [[nodiscard]] std::string value(const std::string& name, const Request& request) const;

  const Workload& workload_;
  Unit unit_ = Unit::none;
  bool has_key_ = false;
  bool of_client_ = false;
  bool of_uri_ = false;
  std::vector<Piece> pieces_;
  std::vector<std::string> unknown_;
  std::vector<std::string> keys_;              // by unit; of client or of URI
  std::map<std::string, std::uint32_t> both_;  // keys of both, as they come
};

// "clients", "URIs", "keys"; empty for Unit::none.
std::string_view name_of(Unit unit);

}  // namespace sluice::simulate
