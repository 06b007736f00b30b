// SPDX-License-Identifier: MIT
#include "http/head.h"

#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <utility>

namespace sluice::tests {

namespace {

using http::HeaderId;

constexpr std::pair<std::string_view, HeaderId> kNames[] = {
    {"Accept-Encoding", HeaderId::accept_encoding},
    {"Authorization", HeaderId::authorization},
    {"Cache-Control", HeaderId::cache_control},
    {"Connection", HeaderId::connection},
    {"Content-Encoding", HeaderId::content_encoding},
    {"Content-Length", HeaderId::content_length},
    {"Content-Range", HeaderId::content_range},
    {"Content-Type", HeaderId::content_type},
    {"Cookie", HeaderId::cookie},
    {"Date", HeaderId::date},
    {"ETag", HeaderId::etag},
    {"Expect", HeaderId::expect},
    {"Expires", HeaderId::expires},
    {"Host", HeaderId::host},
    {"If-Match", HeaderId::if_match},
    {"If-Modified-Since", HeaderId::if_modified_since},
    {"If-None-Match", HeaderId::if_none_match},
    {"If-Range", HeaderId::if_range},
    {"If-Unmodified-Since", HeaderId::if_unmodified_since},
    {"Keep-Alive", HeaderId::keep_alive},
    {"Last-Modified", HeaderId::last_modified},
    {"Location", HeaderId::location},
    {"Proxy-Connection", HeaderId::proxy_connection},
    {"Range", HeaderId::range},
    {"Referer", HeaderId::referer},
    {"Refresh", HeaderId::refresh},
    {"Server", HeaderId::server},
    {"Set-Cookie", HeaderId::set_cookie},
    {"TE", HeaderId::te},
    {"Trailer", HeaderId::trailer},
    {"Transfer-Encoding", HeaderId::transfer_encoding},
    {"Upgrade", HeaderId::upgrade},
    {"User-Agent", HeaderId::user_agent},
    {"Vary", HeaderId::vary},
    {"Via", HeaderId::via},
    {"WWW-Authenticate", HeaderId::www_authenticate},
    {"X-Accel-Buffering", HeaderId::x_accel_buffering},
    {"X-Accel-Charset", HeaderId::x_accel_charset},
    {"X-Accel-Expires", HeaderId::x_accel_expires},
    {"X-Accel-Limit-Rate", HeaderId::x_accel_limit_rate},
    {"X-Accel-Redirect", HeaderId::x_accel_redirect},
    {"X-Forwarded-For", HeaderId::x_forwarded_for},
};

std::string changed(std::string_view name, int (*change)(int)) {
  std::string text{name};
  for (char& byte : text) byte = static_cast<char>(change(byte));
  return text;
}

TEST(HeaderId, IsKnownInAnyCase) {
  for (const auto& [name, id] : kNames) {
    EXPECT_EQ(http::header_id(name), id) << name;
    EXPECT_EQ(http::header_id(changed(name, std::tolower)), id) << name;
    EXPECT_EQ(http::header_id(changed(name, std::toupper)), id) << name;
  }
}

TEST(HeaderId, IsOfAllNamesInTheList) {
  EXPECT_EQ(std::size(kNames), static_cast<std::size_t>(HeaderId::x_forwarded_for));
}

TEST(HeaderId, IsOtherForEveryNameThatDiffersInOneByte) {
  for (const auto& [name, id] : kNames) {
    for (std::size_t i = 0; i < name.size(); ++i) {
      std::string text{name};
      // Another byte, and not the same letter in the other case.
      text[i] = static_cast<char>(text[i] ^ 0x40);
      EXPECT_EQ(http::header_id(text), HeaderId::other) << text;
      text[i] = '\0';
      EXPECT_EQ(http::header_id(text), HeaderId::other) << text;
    }
    EXPECT_NE(http::header_id(name.substr(1)), id) << name;
    EXPECT_NE(http::header_id(name.substr(0, name.size() - 1)), id) << name;
    EXPECT_NE(http::header_id(std::string{name} + "s"), id) << name;
  }
  EXPECT_EQ(http::header_id(""), HeaderId::other);
  EXPECT_EQ(http::header_id("X"), HeaderId::other);
  EXPECT_EQ(http::header_id(std::string(300, 'x')), HeaderId::other);
}

TEST(SameToken, ComparesLettersInAnyCaseAndNothingElse) {
  EXPECT_TRUE(http::same_token("Keep-Alive", "keep-alive"));
  EXPECT_TRUE(http::same_token("", ""));
  EXPECT_FALSE(http::same_token("close", "closed"));
  EXPECT_FALSE(http::same_token("@", "`"));
  EXPECT_FALSE(http::same_token("[", "{"));
  EXPECT_FALSE(http::same_token("a\xc4", "a\xe4"));
}

TEST(Headers, AreFoundByIdAndByName) {
  http::Headers headers;
  headers.add("X-A", "1", HeaderId::other);
  headers.add("Host", "b", HeaderId::host);
  headers.add("x-a", "2", HeaderId::other);
  EXPECT_EQ(headers.value(HeaderId::host), "b");
  EXPECT_EQ(headers.value(HeaderId::via), "");
  EXPECT_EQ(headers.find(HeaderId::via), nullptr);
  ASSERT_NE(headers.find("X-a"), nullptr);
  EXPECT_EQ(headers.find("X-a")->value, "1");
  EXPECT_EQ(headers.find("X-b"), nullptr);
  headers.clear();
  EXPECT_EQ(headers.size(), 0U);
}

}  // namespace

}  // namespace sluice::tests
