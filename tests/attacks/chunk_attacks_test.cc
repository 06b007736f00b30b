// SPDX-License-Identifier: MIT
// Sizes, extensions, line ends and trailers of chunks that somebody else may read differently.
#include <gtest/gtest.h>

#include "tests/attacks/attack.h"

namespace sluice::tests::attacks {
namespace {

Attack bad(const std::string& body) {
  return refused("chunks", chunked(body));
}

// `size` in the place of a good one.
Attack size(const std::string& text) {
  return bad(text + "\r\nabc\r\n0\r\n\r\n");
}

TEST(ChunkSize, ThatIsNotHexadecimalIsRefused) {
  expect_all({
      size("+3"),
      size("-3"),
      size("-1"),
      size("0x3"),
      size("0X3"),
      size("x3"),
      size("3x"),
      size("g"),
      size(""),
      size(" 3"),
      size("\t3"),
      size("3 "),
      size("3\t"),
      size("3\v"),
      size("3 3"),
      size("3_"),
      size("0o3"),
      size("3.0"),
      size("\"3\""),
      size("3,"),
      size("3h"),
      size(with("", '\0', "3")),
      size(with("3", '\0', "")),
      size(with("3", '\x1f', "")),
      size(with("3", '\xff', "")),
      size("8000000000000000"),
      size("ffffffffffffffff"),
      size("fffffffffffffffd"),
      size("10000000000000003"),
      size("00000000000000003"),
      size("100000000000000000000000000000003"),
  });
}

TEST(ChunkSize, MayHaveLeadingZerosAndCapitals) {
  expect_all({
      {"zeros", chunked("003\r\nabc\r\n000\r\n\r\n"), "200 204", passed_post("abc")},
      {"capitals", chunked("A\r\n0123456789\r\n0\r\n\r\n"), "200 204", passed_post("0123456789")},
      {"many chunks", chunked("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"), "200 204",
       passed_post("abc")},
  });
}

TEST(ChunkLines, EndWithCrLfOnly) {
  expect_all({
      bad("3\nabc\r\n0\r\n\r\n"),
      bad("3\rabc\r\n0\r\n\r\n"),
      bad("3\r\r\nabc\r\n0\r\n\r\n"),
      bad("3\n\r\nabc\r\n0\r\n\r\n"),
      bad("3\r\nabc\n0\r\n\r\n"),
      bad("3\r\nabc\r0\r\n\r\n"),
      bad("3\r\nabc0\r\n\r\n"),
      bad("3\r\nabcd\r\n0\r\n\r\n"),
      bad("3\r\nabcXX0\r\n\r\n"),
      bad("3\r\nabc\r\n0\n\n"),
      bad("3\r\nabc\r\n0\n\r\n"),
      bad("3\r\nabc\r\n0\r\n\n"),
      bad("3\r\nabc\r\n0\r\r\n\r\n"),
      bad("3\r\nabc\r\n0\r\n\rX"),
      bad("2\r\nabc\r\n0\r\n\r\n"),
      bad("3\r\nabc\r\n\r\n0\r\n\r\n"),
      bad("\r\n3\r\nabc\r\n0\r\n\r\n"),
  });
}

TEST(ChunkExtensions, AreDroppedWhenSoundAndRefusedElse) {
  expect_all({
      {"a name", chunked("3;a\r\nabc\r\n0\r\n\r\n"), "200 204", passed_post("abc")},
      {"a value", chunked("3;a=b;c=d\r\nabc\r\n0;e\r\n\r\n"), "200 204", passed_post("abc")},
      {"a quoted value", chunked("3;a=\"b;\\\"c\"\r\nabc\r\n0\r\n\r\n"), "200 204",
       passed_post("abc")},
      bad("3;\r\nabc\r\n0\r\n\r\n"),
      bad("3;a=\r\nabc\r\n0\r\n\r\n"),
      bad("3;a\rb\r\nabc\r\n0\r\n\r\n"),
      bad("3;a\nb\r\nabc\r\n0\r\n\r\n"),
      bad("3;\nabc\r\n0\r\n\r\n"),
      bad("3;a=\"\r\n\"\r\nabc\r\n0\r\n\r\n"),
      bad("3;a=\"b\nc\"\r\nabc\r\n0\r\n\r\n"),
      bad("3;a=\"b\r\nabc\r\n0\r\n\r\n"),
      bad("3;a=\"b\"c\r\nabc\r\n0\r\n\r\n"),
      bad("3;;a\r\nabc\r\n0\r\n\r\n"),
      bad("3 ;a\r\nabc\r\n0\r\n\r\n"),
      bad("3; a\r\nabc\r\n0\r\n\r\n"),
      bad("3;a b\r\nabc\r\n0\r\n\r\n"),
      bad(with("3;a", '\0', "\r\nabc\r\n0\r\n\r\n")),
      bad(with("3;a=\"", '\x01', "\"\r\nabc\r\n0\r\n\r\n")),
      bad("3;" + std::string(1200, 'a') + "\r\nabc\r\n0\r\n\r\n"),
  });
}

TEST(Trailers, AreDroppedWhateverTheyClaim) {
  const auto dropped = [](const std::string& trailers) {
    return Attack{trailers, chunked("3\r\nabc\r\n0\r\n" + trailers + "\r\n"), "200 204",
                  passed_post("abc")};
  };
  expect_all({
      dropped("X: y\r\n"),
      dropped("Content-Length: 100\r\n"),
      dropped("Transfer-Encoding: chunked\r\n"),
      dropped("Host: evil\r\n"),
      dropped("Authorization: evil\r\nX-Forwarded-For: 1.2.3.4\r\n"),
      dropped("Connection: close\r\n"),
      bad("3\r\nabc\r\n0\r\nX\r\n\r\n"),
      bad("3\r\nabc\r\n0\r\nX : y\r\n\r\n"),
      bad("3\r\nabc\r\n0\r\n X: y\r\n\r\n"),
      bad("3\r\nabc\r\n0\r\nX: y\n\r\n"),
      bad("3\r\nabc\r\n0\r\nX: y\r\r\n\r\n"),
      bad("3\r\nabc\r\n0\r\n: y\r\n\r\n"),
      bad("3\r\nabc\r\n0\r\nX: y\r\n folded\r\n\r\n"),
      bad(with("3\r\nabc\r\n0\r\nX: ", '\0', "\r\n\r\n")),
      bad("3\r\nabc\r\n0\r\nGET / HTTP/1.1\r\n\r\n"),
  });
}

TEST(Chunks, FollowedByMoreLeaveItToTheNextRequest) {
  expect_all({
      {"a request", chunked("3\r\nabc\r\n0\r\n\r\n") + get(), "200 200 204",
       passed_post("abc") + kPassedGet},
      {"no request", chunked("0\r\n\r\n") + "!", "200 400",
       passed("POST /", "Content-Length: 0\r\n")},
      {"empty lines", chunked("0\r\n\r\n") + "\r\n\r\n", "200 204",
       passed("POST /", "Content-Length: 0\r\n")},
  });
}

}  // namespace
}  // namespace sluice::tests::attacks
