// SPDX-License-Identifier: MIT
// Whatever the bytes: a configuration loads or is refused with a ConfigError, nothing else.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "loading.h"

namespace sluice::confparse {
namespace {

constexpr std::string_view kFull = R"(
user www-data adm;   # who we are
worker_processes auto;
error_log stderr info;
events { worker_connections 100; multi_accept on; }
http {
  types { text/html html htm; "text/css" css; }
  log_format main '$remote_addr "$request" ${status}' " $body_bytes_sent";
  access_log /var/log/a.log main buffer=8k flush=1s;
  large_client_header_buffers 4 8k;
  upstream app {
    hash $request_uri consistent;
    server 127.0.0.1:8000 weight=3 max_fails=2 fail_timeout=1h30m;
    server unix:/run/b.sock max_conns=9;
    server [::1]:80 down;
    keepalive 16;
  }
  server {
    listen 80 default_server backlog=5;
    listen [::]:80 ipv6only=on so_keepalive=30m::10;
    listen unix:/run/a.sock;
    server_name .example.com *.a.org ~^www\.(?<n>.+)$ "";
    keepalive_timeout 75s 20s;
    location / { proxy_pass http://app/x; proxy_set_header Host $host; }
    location ~* \.(gif|jpg)$ { root /data; try_files $uri =404; }
    location =/old { return 301 https://$host${request_uri}; }
    location @named { proxy_pass http://$target; proxy_next_upstream error timeout; }
    location /a/ { location /a/b/ { return 200 "a\tb\"c'\n"; } }
  }
}
)";

// Is it a place of this text?  Behind the last byte is one too: something is missing there.
bool lies_within(const Position& position, std::string_view text) {
  std::size_t begin = 0;
  for (std::uint32_t line = 1; line < position.line; ++line) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) {
      return false;
    }
    begin = end + 1;
  }
  const std::size_t width = std::min(text.find('\n', begin), text.size()) - begin;
  return position.line >= 1 && position.column >= 1 && position.column <= width + 1;
}

// What is said is about this text, and says where: only a missing block has no place.
void expect_explained(const ConfigError& error, const std::string& path, std::string_view text) {
  const std::string message = error.what();
  const Position& position = error.position();
  EXPECT_FALSE(message.empty());
  if (position.file == nullptr) {
    EXPECT_EQ(message, "no \"events\" section in configuration");
    return;
  }
  EXPECT_EQ(position.file->path, path);
  EXPECT_TRUE(lies_within(position, text))
      << message << " in " << position.line << ":" << position.column << " of\n"
      << text;
  const std::string shown = explain(position, message, error.advice());
  EXPECT_NE(shown.find(where(position)), std::string::npos) << shown;
}

// True: loaded; false: refused.  Anything else fails the test.
bool loads(const TempFolder& folder, std::string_view text) {
  const std::string path = folder.write("test.conf", text);
  try {
    const Loaded loaded = load(request_for(path));
    EXPECT_NE(loaded.settings, nullptr);
    return true;
  } catch (const ConfigError& error) {
    expect_explained(error, path, text);
    return false;
  }
}

TEST(EveryPrefix, OfAConfigurationLoadsOrIsRefused) {
  const TempFolder folder;
  std::size_t loaded = 0;
  for (std::size_t size = 0; size <= kFull.size(); ++size) {
    loaded += loads(folder, kFull.substr(0, size)) ? 1U : 0U;
  }
  EXPECT_TRUE(loads(folder, kFull));
  EXPECT_LT(loaded, 60U);  // behind the events block and in front of the http block, and at the end
}

TEST(EveryByte, OfAConfigurationMayBeChangedWithoutHarm) {
  const TempFolder folder;
  ASSERT_TRUE(loads(folder, kFull));
  std::size_t loaded = 0;
  std::size_t refused = 0;
  for (std::size_t at = 0; at < kFull.size(); ++at) {
    constexpr std::array kBytes{'\0', ';', '{', '}', '"', '\\', '$', '9', '\xff'};
    for (const std::size_t turn : {at, at + 4}) {
      std::string text(kFull);
      text[at] = kBytes[turn % kBytes.size()];
      ++(loads(folder, text) ? loaded : refused);
    }
  }
  EXPECT_GT(loaded, 100U) << "a byte of a comment, a path, a text";
  EXPECT_GT(refused, 500U);
}

TEST(RandomBytes, AreRefusedPolitely) {
  const TempFolder folder;
  std::mt19937 random(1);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int round = 0; round < 500; ++round) {
    std::string text(200, '\0');
    for (char& c : text) {
      c = static_cast<char>(byte(random));
    }
    EXPECT_FALSE(loads(folder, text)) << "round " << round;
  }
}

TEST(DeepBlocks, AreRefusedInsteadOfFillingTheStack) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) {
    text += "location / {";
  }
  EXPECT_STREQ(error_of(text).what(), "blocks are nested too deeply");
}

TEST(HugeWords, AreRefusedInTime) {
  const std::string huge(5'000'000, 'x');
  const ConfigError error = error_of("events { } " + huge + " 1;");
  EXPECT_LT(explain(error.position(), error.what(), error.advice()).size(), 5'000U);
}

}  // namespace
}  // namespace sluice::confparse
