// SPDX-License-Identifier: MIT
#include "proxy/runtime_upstreams.h"

#include <gtest/gtest.h>

#include "proxy/dynamic_target.h"

namespace sluice::proxy {
namespace {

using namespace std::chrono_literals;

struct Made {
  Made() : upstreams(loop, {.servers = {*net::Address::parse("127.0.0.1:1")}}) {}

  std::shared_ptr<upstream::Upstream> find(const std::string& text, net::SteadyTime now = {}) {
    TargetParts parts;
    EXPECT_EQ(take_apart(text, parts), "");
    return upstreams.find(parts, now);
  }
  std::shared_ptr<upstream::Upstream> put(const std::string& text, const net::Resolved& resolved) {
    TargetParts parts;
    EXPECT_EQ(take_apart(text, parts), "");
    return upstreams.put(parts, resolved);
  }
  static net::Resolved resolved(const std::string& address, net::SteadyTime valid_until) {
    return {net::ResolveError::none, {*net::Address::parse(address + ":0")}, valid_until};
  }

  net::Loop loop;
  RuntimeUpstreams upstreams;
};

TEST(RuntimeUpstreams, AreTheSameForTheSameAddress) {
  Made made;
  const auto first = made.find("http://127.0.0.1:81/a");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(made.find("http://127.0.0.1:81/b"), first);
  EXPECT_NE(made.find("http://127.0.0.1"), first);
  EXPECT_NE(made.find("http://[::1]:81"), nullptr);
  EXPECT_NE(made.find("http://unix:/a:/b"), nullptr);
}

TEST(RuntimeUpstreams, OfANameHaveThePortOfTheTarget) {
  Made made;
  const auto upstream = made.put("http://a.test:81", Made::resolved("127.0.0.9", {}));
  upstream::Tries tries;
  tries.restart({}, {});
  EXPECT_EQ(upstream->next(tries, {})->endpoint->name, "127.0.0.9:81");
}

TEST(RuntimeUpstreams, OfANameAreKnownWhileItsAddressesAreValid) {
  Made made;
  const net::SteadyTime now{1h};
  EXPECT_EQ(made.find("http://a.test", now), nullptr);
  const auto upstream = made.put("http://a.test", Made::resolved("127.0.0.9", now + 1s));
  EXPECT_EQ(made.find("http://a.test", now), upstream);
  EXPECT_EQ(made.find("http://a.test", now + 1s), nullptr);
}

TEST(RuntimeUpstreams, StayTheSameAsLongAsTheAddressesDo) {
  Made made;
  const auto first = made.put("http://a.test", Made::resolved("127.0.0.9", {}));
  EXPECT_EQ(made.put("http://a.test", Made::resolved("127.0.0.9", {})), first);
  EXPECT_NE(made.put("http://a.test", Made::resolved("127.0.0.8", {})), first);
}

TEST(RuntimeUpstreams, AreBoundedInNumber) {
  Made made;
  const auto first = made.find("http://127.0.0.1:1");
  for (std::size_t port = 2; port <= RuntimeUpstreams::kMost + 100; ++port) {
    made.find("http://127.0.0.1:" + std::to_string(port));
  }
  EXPECT_EQ(made.upstreams.size(), RuntimeUpstreams::kMost);
  EXPECT_NE(made.find("http://127.0.0.1:1"), first) << "the oldest was forgotten";
}

}  // namespace
}  // namespace sluice::proxy
