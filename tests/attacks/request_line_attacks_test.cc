// SPDX-License-Identifier: MIT
// Request lines: what is not quite one, and paths that mean another place than they say.
#include <gtest/gtest.h>

#include "tests/attacks/attack.h"

namespace sluice::tests::attacks {
namespace {

std::string with_line(const std::string& line) {
  return line + "\r\nHost: a\r\n\r\n";
}
Attack bad(const std::string& line, const std::string& status = "400") {
  return refused(line, with_line(line), status);
}
Attack target(const std::string& text) {
  return bad("GET " + text + " HTTP/1.1");
}
// A path that passes, byte for byte.
Attack passes(const std::string& text) {
  return {text, with_line("GET " + text + " HTTP/1.1"), "200 204", passed("GET " + text)};
}

TEST(RequestLine, ThatIsNotQuiteOneIsRefused) {
  expect_all({
      bad("GET"),
      bad("GET "),
      bad("GET /"),
      bad("GET / "),
      bad("GET  / HTTP/1.1"),
      bad("GET /  HTTP/1.1"),
      bad("GET / HTTP/1.1 "),
      bad("GET\t/ HTTP/1.1"),
      bad("GET /\tHTTP/1.1"),
      bad("GET / HTTP/1.1\t"),
      bad(" GET / HTTP/1.1"),
      bad("GET / a HTTP/1.1"),
      bad("GET / HTTP/1.1 HTTP/1.1"),
      bad("GET / HTTP/1.1 X: y"),
      bad("/ HTTP/1.1"),
      bad("HTTP/1.1 200 OK"),
      bad("get / HTTP/1.1"),
      bad("Get / HTTP/1.1"),
      bad("GE(T / HTTP/1.1"),
      bad("G\xc4\x93T / HTTP/1.1"),
      bad("GET/ HTTP/1.1"),
      bad("\"GET\" / HTTP/1.1"),
      bad("GET: / HTTP/1.1"),
      bad("\x16\x03\x01\x02"),
      bad("CONNECT a:80 HTTP/1.1", "405"),
      bad("CONNECT / HTTP/1.1", "405"),
      bad("TRACE / HTTP/1.1", "405"),
  });
}

TEST(Versions, OtherThan10And11AreRefused) {
  expect_all({
      bad("GET / HTTP/0.9"),
      bad("GET / HTTP/0.0"),
      bad("GET / HTTP/1"),
      bad("GET / HTTP/1."),
      bad("GET / HTTP/.1"),
      bad("GET / HTTP/1.1.1"),
      bad("GET / HTTP/1.1x"),
      bad("GET / HTTP/01.1"),
      bad("GET / HTTP/1.10"),
      bad("GET / HTTP/1,1"),
      bad("GET / HTTP/-1.1"),
      bad("GET / HTTP/+1.1"),
      bad("GET / HTTP/x.y"),
      bad("GET / http/1.1"),
      bad("GET / Http/1.1"),
      bad("GET / HTTPS/1.1"),
      bad("GET / HTP/1.1"),
      bad("GET / ICE/1.0"),
      bad("GET / FOO"),
      bad("GET / HTTP 1.1"),
      bad("GET / HTTP/ 1.1"),
      bad("GET / HTTP/2.0", "505"),
      bad("GET / HTTP/2", "505"),
      bad("GET / HTTP/3.0", "505"),
      bad("GET / HTTP/9.9", "505"),
      bad("GET / HTTP/11.1", "505"),
      bad("PRI * HTTP/2.0"),
  });
}

TEST(Targets, ThatAreNoPathAreRefused) {
  expect_all({
      target("*"),
      bad("OPTIONS * HTTP/1.1"),
      target("x"),
      target("a:80"),
      target("?x"),
      target("#"),
      target("../x"),
      target("\\x"),
      target("http:/x"),
      target("http:x"),
      target("http:///x"),
      target("http://"),
      target("http://user@a/"),
      target("http://user:pass@a/"),
      target("http://a:b/"),
      target("http://a\\@b/"),
      target("http://a b/"),
      target("http://[::1/"),
      target("http://a_b/"),
      target("://a/"),
      target("1http://a/"),
      target("/%"),
      target("/%0"),
      target("/%zz"),
      target("/%0g"),
      target("/%u0041"),
      target("/%00"),
      target("/x%00.html"),
      target("/.."),
      target("/../x"),
      target("/x/../../y"),
      target("/%2e%2e"),
      target("/%2e%2e/x"),
      target("/.%2e/x"),
      target("/%2e./x"),
      target("/x/%2e%2e/%2e%2e/y"),
      target("/..%2fx"),
      target("/x%2f..%2f..%2fy"),
      target("//../x"),
  });
}

// To the peer goes what came, as in nginx: it is the location that is chosen by the decoded path.
TEST(Targets, PassAsTheyCame) {
  expect_all({
      passes("//host/x"),   passes("/a//b"),
      passes("/a/../b"),    passes("/a/./b"),
      passes("/%2e/a"),     passes("/a%2fb"),
      passes("/a%2Fb"),     passes("/a%5cb"),
      passes("/..;/a"),     passes("/a;b"),
      passes("/a\\b"),      passes("/..\\a"),
      passes("/%c0%af"),    passes("/%252e%252e/a"),
      passes("/%0d%0aX:y"), passes("/%20HTTP/1.1%0d%0aHost:b"),
      passes("/a?b=/../c"), passes("/a?%"),
      passes("/a?%00"),     passes("/a?b=%0d%0aX:y"),
      passes("/a?b?c"),     passes("/a?http://b/"),
      passes("/\x80\xff"),  passes("/~<>{}|^`\""),
      passes("/:80"),       passes("/@b"),
  });
}

TEST(Targets, ThatNameAHostWinOverTheHeader) {
  const auto absolute = [](const std::string& text, const std::string& path) {
    return Attack{text, with_line("GET " + text + " HTTP/1.1"), "200 204", passed("GET " + path)};
  };
  expect_all({
      absolute("http://b/x", "/x"),
      absolute("HTTP://B/x", "/x"),
      absolute("http://b:80/x?y", "/x?y"),
      absolute("https://b/x", "/x"),
      absolute("x+y://b/", "/"),
      absolute("http://[::1]:80/x", "/x"),
      {"no Host", "GET http://b/ HTTP/1.0\r\n\r\n", "200", kPassedGet},
      refused("no Host in HTTP/1.1", "GET http://b/ HTTP/1.1\r\n\r\n"),
      refused("two hosts", "GET http://b/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
      refused("a bad Host beside", "GET http://b/ HTTP/1.1\r\nHost: a/b\r\n\r\n"),
  });
}

TEST(EmptyLines, BeforeARequestAreReadOver) {
  expect_all({
      {"one", "\r\n" + get(), "200 204", kPassedGet},
      {"some", "\r\n\r\n\r\n" + get(), "200 204", kPassedGet},
      refused("LF", "\n" + get()),
      refused("CR", "\r" + get()),
      refused("CR CR LF", "\r\r\n" + get()),
      refused("NUL", with("", '\0', get())),
      refused("a byte order mark", "\xef\xbb\xbf" + get()),
  });
}

}  // namespace
}  // namespace sluice::tests::attacks
