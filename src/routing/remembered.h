// SPDX-License-Identifier: MIT
// What the variables of the configuration's own (maps, named groups) keep during one exchange.
// Used again from exchange to exchange: forgetting is a number that grows, and texts keep their
// memory, so that nothing is allocated once warm.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::routing {

class Remembered {
 public:
  struct Value {
    std::string text;
    std::uint64_t round = 0;  // the text holds in this round only

    // Room for finding the text: see Map.
    std::string subject;
    std::string key;
    std::vector<std::string_view> groups;
  };

  // Forgets everything.  `count` is VariableTable::size().
  void restart(std::size_t count) {
    ++round_;
    groups = {};
    if (values_.size() < count) values_.resize(count);
  }

  // By slot of the VariableTable.  References stay valid until restart().
  [[nodiscard]] Value& at(std::size_t slot) { return values_[slot]; }
  // Null: not known yet.
  [[nodiscard]] const std::string* find(std::size_t slot) const {
    return slot < values_.size() && values_[slot].round == round_ ? &values_[slot].text : nullptr;
  }
  void keep(std::size_t slot) { values_[slot].round = round_; }

  // $1…$9 while the value of a map is put together: what its regex caught.  Null data(): those of
  // the exchange.
  std::span<const std::string_view> groups;

 private:
  std::uint64_t round_ = 0;
  std::vector<Value> values_;
};

}  // namespace sluice::routing
