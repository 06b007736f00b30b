// SPDX-License-Identifier: MIT
#include "proxy/local_address.h"

namespace sluice::proxy {
namespace {

// "127.0.0.1", "::1", "[::1]", each with a port or without; the system chooses the port then.
std::optional<net::Address> read_address(const std::string& text) {
  if (text.starts_with("unix:")) {
    return std::nullopt;
  }
  if (const auto address = net::Address::parse(text)) {
    return address;
  }
  if (const auto address = net::Address::parse(text + ":0")) {
    return address;
  }
  return net::Address::parse("[" + text + "]:0");
}

}  // namespace

LocalAddress::LocalAddress(const confparse::LocalAddress& setting,
                           routing::VariableTable& variables)
    : text_(setting.address, variables), transparent_(setting.transparent) {
  if (text_.constant()) {
    constant_ = read_address(setting.address.value);
  }
}

std::optional<net::Address> LocalAddress::find(const routing::Facts& facts,
                                               std::string& invalid) const {
  if (constant_) {
    return constant_;
  }
  text_.append_to(invalid, facts);
  auto address = read_address(invalid);
  if (address) {
    invalid.clear();
  }
  return address;
}

}  // namespace sluice::proxy
