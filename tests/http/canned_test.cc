// SPDX-License-Identifier: MIT
#include "http/canned.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace sluice::tests {

namespace {

TEST(CannedPage, IsNginxsWithOurName) {
  EXPECT_EQ(http::canned_page(404, "sluice/0.1.0"),
            "<html>\r\n"
            "<head><title>404 Not Found</title></head>\r\n"
            "<body>\r\n"
            "<center><h1>404 Not Found</h1></center>\r\n"
            "<hr><center>sluice/0.1.0</center>\r\n"
            "</body>\r\n"
            "</html>\r\n");
  EXPECT_EQ(http::canned_page(494, "sluice"),
            "<html>\r\n"
            "<head><title>400 Request Header Or Cookie Too Large</title></head>\r\n"
            "<body>\r\n"
            "<center><h1>400 Bad Request</h1></center>\r\n"
            "<center>Request Header Or Cookie Too Large</center>\r\n"
            "<hr><center>sluice</center>\r\n"
            "</body>\r\n"
            "</html>\r\n");
}

TEST(CannedPage, IsEmptyWhereNginxHasNone) {
  for (const int status : {0, 100, 200, 204, 300, 304, 407, 417, 418, 444, 499, 506, 600}) {
    EXPECT_EQ(http::canned_page(static_cast<std::uint16_t>(status), "sluice"), "") << status;
  }
}

TEST(CannedPage, IsMadeOnceForEachName) {
  const auto* const first = http::canned_page(502, "one").data();
  EXPECT_NE(http::canned_page(502, "two").data(), first);
  EXPECT_EQ(http::canned_page(502, "one").data(), first);
}

TEST(CannedPage, CanBeAskedForByAllThreads) {
  std::string others;
  std::thread{[&] { others = http::canned_page(503, "sluice"); }}.join();
  EXPECT_EQ(others, http::canned_page(503, "sluice"));
}

}  // namespace

}  // namespace sluice::tests
