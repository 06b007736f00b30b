// SPDX-License-Identifier: MIT
#include "routing/real_ip.h"

#include <algorithm>
#include <array>

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include "confparse/network.h"

namespace sluice::routing {
namespace {

Endpoint endpoint(const char* address) {
  Endpoint made;
  if (inet_pton(AF_INET, address, made.bytes.data()) == 1) {
    made.size = 4;
  } else if (inet_pton(AF_INET6, address, made.bytes.data()) == 1) {
    made.size = 16;
  }
  return made;
}

struct Said {
  std::string_view name;
  std::string_view value;
};

// "address" or "address port"; "-" when nobody is found.
std::string find(const RealIp& real_ip, const char* client, std::initializer_list<Said> lines) {
  http::Headers headers;
  for (const Said& line : lines) {
    headers.add(line.name, line.value, http::header_id(line.name));
  }
  const auto found = real_ip.find(endpoint(client), headers);
  if (!found) {
    return "-";
  }
  std::string text;
  found->append_address(text);
  return found->port == 0 ? text : text + " " + std::to_string(found->port);
}

RealIp trusting(std::initializer_list<const char*> words, const char* header,
                bool recursive = false) {
  std::vector<confparse::Network> networks;
  for (const char* word : words) {
    networks.push_back(confparse::parse_network(word)->network);
  }
  return {std::move(networks), header, recursive};
}

TEST(RealIp, IsWhatATrustedClientSays) {
  const RealIp real_ip = trusting({"10.0.0.0/8", "::1"}, "X-Real-IP");
  EXPECT_EQ(find(real_ip, "10.1.2.3", {{"X-Real-IP", "192.0.2.1"}}), "192.0.2.1");
  EXPECT_EQ(find(real_ip, "::1", {{"x-real-ip", "2001:db8::7"}}), "2001:db8::7");
  EXPECT_EQ(find(real_ip, "::ffff:10.1.2.3", {{"X-Real-IP", "192.0.2.1"}}), "192.0.2.1");
}

TEST(RealIp, IsNotWhatAnybodyElseSays) {
  const RealIp real_ip = trusting({"10.0.0.0/8", "192.168.1.0/30"}, "X-Real-IP");
  for (const char* client : {"11.0.0.1", "9.255.255.255", "192.168.1.4", "::1", "::10.0.0.1", ""}) {
    EXPECT_EQ(find(real_ip, client, {{"X-Real-IP", "192.0.2.1"}}), "-") << client;
  }
}

TEST(RealIp, KnowsPrefixesOfEveryLength) {
  for (unsigned bits = 0; bits <= 32; ++bits) {
    const RealIp real_ip = trusting({("85.85.85.85/" + std::to_string(bits)).c_str()}, "A");
    for (unsigned flipped = 0; flipped < 32; ++flipped) {
      Endpoint client = endpoint("85.85.85.85");
      client.bytes[flipped / 8] ^= static_cast<std::uint8_t>(0x80u >> (flipped % 8));
      http::Headers headers;
      headers.add("A", "192.0.2.1", http::HeaderId::other);
      EXPECT_EQ(real_ip.find(client, headers).has_value(), flipped >= bits) << bits << flipped;
    }
  }
}

TEST(RealIp, UnixSocketsAreTrustedByName) {
  EXPECT_EQ(find(trusting({"unix:"}, "A"), "", {{"A", "192.0.2.1"}}), "192.0.2.1");
  EXPECT_EQ(find(trusting({"unix:"}, "A"), "10.0.0.1", {{"A", "192.0.2.1"}}), "-");
}

TEST(RealIp, MayHaveAPort) {
  const RealIp real_ip = trusting({"10.0.0.1"}, "A");
  EXPECT_EQ(find(real_ip, "10.0.0.1", {{"A", "192.0.2.1:81"}}), "192.0.2.1 81");
  EXPECT_EQ(find(real_ip, "10.0.0.1", {{"A", "[2001:db8::7]:81"}}), "2001:db8::7 81");
}

TEST(RealIp, MustBeAnAddress) {
  const RealIp real_ip = trusting({"10.0.0.1"}, "A");
  for (const char* value :
       {"", " ", ",", "unknown", "192.0.2", "192.0.2.256", "192.0.2.1:", "192.0.2.1:0",
        "192.0.2.1:65536", "192.0.2.1:x", "[::1]", "[::1", "[::1]:", "[192.0.2.1]:80",
        "unix:", "192.0.2.1.192.0.2.1.192.0.2.1.192.0.2.1.192.0.2.1.192.0.2.1"}) {
    EXPECT_EQ(find(real_ip, "10.0.0.1", {{"A", value}}), "-") << value;
  }
  EXPECT_EQ(find(real_ip, "10.0.0.1", {{"B", "192.0.2.1"}}), "-");
}

TEST(RealIp, IsTheLastOfAList) {
  const RealIp real_ip = trusting({"10.0.0.0/8"}, "X-Forwarded-For");
  EXPECT_EQ(find(real_ip, "10.0.0.1", {{"X-Forwarded-For", "192.0.2.1, 10.0.0.2"}}), "10.0.0.2");
  EXPECT_EQ(find(real_ip, "10.0.0.1", {{"X-Forwarded-For", "192.0.2.1,192.0.2.2 , "}}),
            "192.0.2.2");
  EXPECT_EQ(find(real_ip, "10.0.0.1",
                 {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-For", "192.0.2.2"}}),
            "192.0.2.2");
}

TEST(RealIp, RecursiveIsTheLastThatIsNotTrusted) {
  const RealIp real_ip = trusting({"10.0.0.0/8"}, "X-Forwarded-For", true);
  const auto from = [&](std::initializer_list<Said> lines) {
    return find(real_ip, "10.0.0.1", lines);
  };
  EXPECT_EQ(from({{"X-Forwarded-For", "1.1.1.1, 192.0.2.1, 10.0.0.2, 10.0.0.3"}}), "192.0.2.1");
  EXPECT_EQ(from({{"X-Forwarded-For", "10.0.0.4, 10.0.0.3"}}), "10.0.0.4");
  EXPECT_EQ(from({{"X-Forwarded-For", "forged, 10.0.0.3"}}), "10.0.0.3");
  EXPECT_EQ(from({{"X-Forwarded-For", "1.1.1.1, 192.0.2.1"}, {"X-Forwarded-For", "10.0.0.3"}}),
            "192.0.2.1");
  EXPECT_EQ(from({{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-For", "forged"}}), "-");
  EXPECT_EQ(find(real_ip, "11.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}}), "-");
}

// Other headers are not lists by definition, but a proxy may have joined them.
TEST(RealIp, OfAnotherHeaderIsInItsFirstLine) {
  const RealIp real_ip = trusting({"10.0.0.0/8"}, "Client-Address");
  EXPECT_EQ(
      find(real_ip, "10.0.0.1", {{"client-address", "192.0.2.1"}, {"Client-Address", "192.0.2.2"}}),
      "192.0.2.1");
}

}  // namespace
}  // namespace sluice::routing
