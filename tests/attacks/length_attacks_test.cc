// SPDX-License-Identifier: MIT
// A Content-Length that is no plain number, or is not believed by everybody: methods that have no
// body, bodies with a request in them.
#include <gtest/gtest.h>

#include "tests/attacks/attack.h"

namespace sluice::tests::attacks {
namespace {

Attack length(const std::string& value) {
  return refused("Content-Length: " + value, post("Content-Length: " + value + "\r\n", "abc"));
}

TEST(ContentLength, ThatIsNotANumberIsRefused) {
  expect_all({
      length("+3"),
      length("-3"),
      length("-0"),
      length("0x3"),
      length("3x"),
      length("3 3"),
      length("3, 3"),
      length("3,3"),
      length("3,"),
      length(",3"),
      length("3;"),
      length("3.0"),
      length("3e0"),
      length("\"3\""),
      length("'3'"),
      length("three"),
      length(""),
      length(" "),
      length("\xd9\xa3"),
      length("3\v"),
      length("\f3"),
      length("3\r"),
      length("3\n"),
      length("3\r\n 0"),
      length("3\r\n\t0"),
      length("3\x08"),
      length(with("3", '\0', "")),
      length(with("", '\0', "3")),
      length("0_3"),
      length("0o3"),
      length("3, 3, 3"),
      length("3 "
             "\t 0"),
      length("9223372036854775808"),
      length("18446744073709551616"),
      length("18446744073709551619"),
      length("99999999999999999999999999999999999999999"),
  });
}

TEST(ContentLength, ThatOnlyLooksLikeItIsRefused) {
  const auto line = [](const std::string& text) {
    return refused(text, post(text + "\r\n", "abc"));
  };
  expect_all({
      line("Content-Length : 3"),
      line("Content-Length\t: 3"),
      line(" Content-Length: 3"),
      line("Content_Length: 3"),
      line("Content.Length: 3"),
      line("Content Length: 3"),
      line("ContentLength: 3"),
      line("Content-Length-: 3"),
      line("Content--Length: 3"),
      line("Content-\r\n Length: 3"),
      line("Content-Length\r\n : 3"),
      line("Content-Length"),
      line("Content-Length=3"),
      line(with("Content-Length", '\0', ": 3")),
      line(with("Content", '\xad', "Length: 3")),
      line("X: y\nContent-Length: 3"),
      line("X: y\rContent-Length: 3"),
  });
}

TEST(ContentLength, ThatIsThereTwiceIsRefused) {
  expect_all({
      refused("the same", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc")),
      refused("another", post("Content-Length: 3\r\nContent-Length: 0\r\n", "abc")),
      refused("the other way round", post("Content-Length: 0\r\nContent-Length: 3\r\n", "abc")),
      refused("in another case", post("content-length: 3\r\nCONTENT-LENGTH: 3\r\n", "abc")),
      refused("one of them empty", post("Content-Length: 3\r\nContent-Length:\r\n", "abc")),
      refused("far apart", post("Content-Length: 3\r\nX: y\r\nContent-Length: 4\r\n", "abcd")),
  });
}

TEST(ContentLength, IsWrittenAnew) {
  const auto sound = [](const std::string& value) {
    return Attack{value, post("Content-Length:" + value + "\r\n", "abc"), "200 204",
                  passed_post("abc")};
  };
  expect_all({sound(" 3"), sound("3"), sound("\t 3 "), sound(" 003"),
              sound(" 0000000000000000000000000000000000003")});
}

// Whether a body is expected does not depend on the method: what is announced is read.
TEST(Bodies, BelongToTheRequestThatAnnouncesThem) {
  const std::string smuggled = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string size = std::to_string(smuggled.size());
  std::vector<Attack> attacks;
  for (const std::string method : {"GET", "HEAD", "DELETE", "OPTIONS", "PUT", "PATCH", "PROPFIND",
                                   "MKCOL", "LOCK", "REPORT", "BREW"}) {
    attacks.push_back(
        {method + " with a request inside",
         method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n" + smuggled,
         "200 204", passed(method + " /", "Content-Length: " + size + "\r\n", smuggled)});
    attacks.push_back({method + " with chunks",
                       method + " / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "3\r\nabc\r\n0\r\n\r\n",
                       "200 204", passed(method + " /", "Content-Length: 3\r\n", "abc")});
  }
  expect_all(attacks);
}

TEST(Bodies, OfNothingLeaveTheNextRequestToItself) {
  expect_all({
      {"CL.0", post("Content-Length: 0\r\n", "") + get(), "200 200 204",
       passed("POST /", "Content-Length: 0\r\n") + kPassedGet},
      {"no length", post("", "") + get(), "200 200 204", passed("POST /") + kPassedGet},
      {"0.CL", get("Content-Length: 0\r\n") + get(), "200 200 204",
       passed("GET /", "Content-Length: 0\r\n") + kPassedGet},
      {"a body nobody announced", post("", "x=1"), "200 400", passed("POST /")},
      {"a body longer than announced", post("Content-Length: 3\r\n", "abc!"), "200 400",
       passed_post("abc")},
  });
}

TEST(Bodies, ThatStopHalfwayReachNobody) {
  expect_all({
      {"a length", post("Content-Length: 10\r\n", "abc"), "", "", true},
      {"a chunk", chunked("5\r\nabc"), "", "", true},
      {"chunks without an end", chunked("3\r\nabc\r\n"), "", "", true},
      {"no trailer's end", chunked("3\r\nabc\r\n0\r\n"), "", "", true},
  });
}

}  // namespace
}  // namespace sluice::tests::attacks
