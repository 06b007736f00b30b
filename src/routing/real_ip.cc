// SPDX-License-Identifier: MIT
#include "routing/real_ip.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <span>

namespace sluice::routing {
namespace {

using Bytes = std::span<const std::uint8_t>;

// An IPv4 client of an IPv6 socket is judged as the IPv4 client it is.
Bytes bytes_to_judge(const Endpoint& client) {
  const Bytes bytes = Bytes(client.bytes).first(client.size);
  const bool mapped = client.size == 16 && bytes[10] == 0xff && bytes[11] == 0xff &&
                      std::ranges::all_of(bytes.first(10), [](auto byte) { return byte == 0; });
  return mapped ? bytes.subspan(12) : bytes;
}

bool contains(const confparse::Network& network, Bytes address) {
  if (network.size != address.size()) {
    return false;
  }
  const std::size_t whole = network.bits / 8;
  const unsigned rest = network.bits % 8;
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole),
                  network.bytes.begin())) {
    return false;
  }
  return rest == 0 || ((address[whole] ^ network.bytes[whole]) >> (8 - rest)) == 0;
}

// "10.0.0.1" and "::1".
bool read_ip(std::string_view text, Endpoint& endpoint) {
  std::array<char, INET6_ADDRSTRLEN> ended{};
  if (text.size() >= ended.size()) {
    return false;
  }
  std::ranges::copy(text, ended.begin());
  if (inet_pton(AF_INET, ended.data(), endpoint.bytes.data()) == 1) {
    endpoint.size = 4;
  } else if (inet_pton(AF_INET6, ended.data(), endpoint.bytes.data()) == 1) {
    endpoint.size = 16;
  }
  return endpoint.size != 0;
}

// Also "10.0.0.1:8000" and "[::1]:8000".
std::optional<Endpoint> read_endpoint(std::string_view text) {
  Endpoint endpoint;
  if (read_ip(text, endpoint)) {
    return endpoint;
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const char* const end = port.data() + port.size();
  const auto [rest, error] = std::from_chars(port.data(), end, endpoint.port);
  if (error != std::errc{} || rest != end || endpoint.port == 0) {
    return std::nullopt;
  }
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) {
    host = host.substr(1, host.size() - 2);
  }
  if (!read_ip(host, endpoint) || bracketed != (endpoint.size == 16)) {
    return std::nullopt;
  }
  return endpoint;
}

// Takes the last word off a list whose words have blanks and commas between them.
std::string_view take_last(std::string_view& list) {
  const std::size_t last = list.find_last_not_of(" ,");
  list = list.substr(0, last == std::string_view::npos ? 0 : last + 1);
  const std::size_t before = list.find_last_of(" ,");
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::string_view word = list.substr(begin);
  list = list.substr(0, begin);
  return word;
}

}  // namespace

// Goes from proxy to proxy, starting with the one that is connected to us.
struct RealIp::Search {
  Endpoint at;
  bool found = false;
  bool ended = false;
};

RealIp::RealIp(std::vector<confparse::Network> trusted, std::string_view header, bool recursive)
    : trusted_(std::move(trusted)),
      header_(header),
      id_(http::header_id(header)),
      recursive_(recursive) {}

std::optional<Endpoint> RealIp::find(const Endpoint& remote, const http::Headers& headers) const {
  Search search{remote};
  if (id_ == http::HeaderId::x_forwarded_for) {
    // Its lines are one list, in which each proxy adds behind the one before.
    for (auto header = headers.end(); header != headers.begin() && !search.ended;) {
      if ((--header)->id == id_) {
        follow(search, header->value);
      }
    }
  } else {
    const bool known = id_ != http::HeaderId::other;
    const http::Header* const header = known ? headers.find(id_) : headers.find(header_);
    if (header != nullptr) {
      follow(search, header->value);
    }
  }
  return search.found ? std::optional(search.at) : std::nullopt;
}

bool RealIp::is_trusted(const Endpoint& client) const {
  const Bytes address = bytes_to_judge(client);
  return std::ranges::any_of(trusted_, [&](const auto& network) {  //
    return contains(network, address);
  });
}

void RealIp::follow(Search& search, std::string_view list) const {
  do {
    const auto said = is_trusted(search.at) ? read_endpoint(take_last(list)) : std::nullopt;
    if (!said) {
      search.ended = true;
      return;
    }
    search.at = *said;
    search.found = true;
    search.ended = !recursive_;
  } while (recursive_ && !list.empty());
}

}  // namespace sluice::routing
