// SPDX-License-Identifier: MIT
#include "net/address.h"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

TEST(Address, IsPrintedAsItWasWritten) {
  for (const char* text :
       {"127.0.0.1:8000", "0.0.0.0:0", "[::1]:80", "[2001:db8::7]:65535", "unix:/run/app.sock"}) {
    const auto address = Address::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), text);
  }
}

TEST(Address, IsNotANameNorNonsense) {
  for (const char* text : {"", "localhost:80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                           "127.0.0.1:8a", "[::1]", "::1:80", "unix:", "300.0.0.1:80"}) {
    EXPECT_FALSE(Address::parse(text)) << text;
  }
  EXPECT_FALSE(Address::parse("unix:" + std::string(200, 'x')));
  EXPECT_FALSE(Address::parse(std::string_view{"unix:\0/a", 8}));
}

TEST(Address, KnowsItsBytesAndPort) {
  const Address address = *Address::parse("1.2.3.4:5678");
  EXPECT_EQ(address.bytes(), "\x01\x02\x03\x04");
  EXPECT_EQ(address.port(), 5678);
  EXPECT_FALSE(address.is_wildcard());
  EXPECT_TRUE(Address::parse("0.0.0.0:80")->is_wildcard());
  EXPECT_TRUE(Address::parse("[::]:80")->is_wildcard());
  EXPECT_TRUE(Address::parse("unix:/a")->bytes().empty());
}

TEST(Address, EqualsAnotherOfTheSameFamilyHostAndPort) {
  EXPECT_EQ(*Address::parse("1.2.3.4:80"), *Address::parse("1.2.3.4:80"));
  EXPECT_FALSE(*Address::parse("1.2.3.4:80") == *Address::parse("1.2.3.4:81"));
  EXPECT_FALSE(*Address::parse("unix:/a") == *Address::parse("unix:/b"));
}

TEST(ResolveBlocking, FindsLocalhostAndSaysWhyItFindsNothing) {
  std::string error;
  const auto found = resolve_blocking("localhost", 8000, error);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().port(), 8000);
  EXPECT_TRUE(resolve_blocking("no-such-name.invalid", 80, error).empty());
  EXPECT_FALSE(error.empty());
}

}  // namespace
}  // namespace sluice::net
