// SPDX-License-Identifier: MIT
#include "http/request_line.h"

#include <gtest/gtest.h>

#include "tests/http/read_heads.h"

namespace sluice::tests {

namespace {

using namespace std::string_view_literals;

Outcome read_line(std::string_view line) {
  return read_request(std::string{line} + "\r\nHost: a\r\n\r\n");
}

// Bytes 0x00 to 0x1f are written in octal: a hexadecimal escape would swallow letters behind it.
constexpr Input kLines[] = {
    {"the usual line", "GET / HTTP/1.1", 0},
    {"HTTP/1.0", "GET / HTTP/1.0", 0},
    {"a later minor version", "GET / HTTP/1.2", 0},
    {"the last minor version", "GET / HTTP/1.9", 0},
    {"a method that llhttp does not know", "BREW /pot HTTP/1.1", 0},
    {"a method with hyphen", "M-SEARCH / HTTP/1.1", 0},
    {"a method with underscore", "GET_ALL / HTTP/1.1", 0},
    {"a method of one letter", "X / HTTP/1.1", 0},
    {"PRI with a path and our version", "PRI / HTTP/1.1", 0},
    {"a long method", "AVERYLONGMETHODTHATNOBODYKNOWSBUTSTILLISATOKEN / HTTP/1.1", 0},
    {"arguments", "GET /a?b=c&d=/../e HTTP/1.1", 0},
    {"a fragment", "GET /a#b HTTP/1.1", 0},
    {"bytes above 0x7f", "GET /\xc3\xa4 HTTP/1.1", 0},
    {"visible marks", "GET /<>\"{}|\\^`[] HTTP/1.1", 0},
    {"a doubled slash", "GET //a HTTP/1.1", 0},
    {"an escape, judged later", "GET /%zz HTTP/1.1", 0},
    {"the absolute form", "GET http://b/c HTTP/1.1", 0},
    {"the absolute form with port", "GET http://b:80/c HTTP/1.1", 0},
    {"the absolute form without path", "GET http://b HTTP/1.1", 0},
    {"the absolute form with arguments only", "GET http://b?c HTTP/1.1", 0},
    {"the absolute form with an empty port", "GET http://b:/ HTTP/1.1", 0},
    {"the absolute form with an address", "GET http://127.0.0.1:8080/ HTTP/1.1", 0},
    {"the absolute form with an IPv6 address", "GET http://[::1]:8080/ HTTP/1.1", 0},
    {"another scheme", "GET coap+tcp://b/ HTTP/1.1", 0},

    {"a method in lower case", "get / HTTP/1.1", 400},
    {"a method in mixed case", "Get / HTTP/1.1", 400},
    {"a method with a digit", "GET1 / HTTP/1.1", 400},
    {"a method with a mark", "GE!T / HTTP/1.1", 400},
    {"a method with a colon", "GET: / HTTP/1.1", 400},
    {"a method above 0x7f", "G\xc3\x8bT / HTTP/1.1", 400},
    {"a method in quotes", "\"GET\" / HTTP/1.1", 400},
    {"no method", "/ HTTP/1.1", 400},
    {"no method but a blank", " / HTTP/1.1", 400},
    {"a blank before the method", " GET / HTTP/1.1", 400},
    {"a tab before the method", "\tGET / HTTP/1.1", 400},
    {"only a method", "GET", 400},
    {"only a method and a blank", "GET ", 400},
    {"HTTP/0.9", "GET /", 400},
    {"HTTP/0.9 with a blank", "GET / ", 400},
    {"no target", "GET HTTP/1.1", 400},
    {"an empty target", "GET  HTTP/1.1", 400},
    {"two blanks before the target", "GET  / HTTP/1.1", 400},
    {"two blanks after the target", "GET /  HTTP/1.1", 400},
    {"a blank at the end", "GET / HTTP/1.1 ", 400},
    {"a tab at the end", "GET / HTTP/1.1\t", 400},
    {"a tab between method and target", "GET\t/ HTTP/1.1", 400},
    {"a tab between target and version", "GET /\tHTTP/1.1", 400},
    {"a tab in the target", "GET /a\tb HTTP/1.1", 400},
    {"a blank in the target", "GET /a b HTTP/1.1", 400},
    {"a version in the target", "GET / HTTP/1.1 HTTP/1.1", 400},
    {"a form feed in the target", "GET /a\fb HTTP/1.1", 400},
    {"a vertical tab for a blank", "GET\v/ HTTP/1.1", 400},
    {"a NUL in the target", "GET /a\0b HTTP/1.1"sv, 400},
    {"a NUL in the method", "G\0ET / HTTP/1.1"sv, 400},
    {"a NUL at the end", "GET / HTTP/1.1\0"sv, 400},
    {"DEL in the target", "GET /a\x7f HTTP/1.1", 400},
    {"an escape character in the target", "GET /\033[31m HTTP/1.1", 400},
    {"a bare CR in the target", "GET /a\rb HTTP/1.1", 400},
    {"a bare CR before the version", "GET /\rHTTP/1.1", 400},
    {"a bare CR at the end", "GET / HTTP/1.1\r", 400},
    {"a bare LF for the line's end", "GET / HTTP/1.1\nX: y", 400},
    {"a bare LF in the target", "GET /\nX HTTP/1.1", 400},
    {"the asterisk form, as in nginx", "OPTIONS * HTTP/1.1", 400},
    {"a relative path", "GET ../a HTTP/1.1", 400},
    {"a target that begins with a mark", "GET ?a HTTP/1.1", 400},
    {"a target that begins with a fragment", "GET #a HTTP/1.1", 400},
    {"a target that begins with a backslash", "GET \\a HTTP/1.1", 400},
    {"a target that begins with a digit", "GET 1/ HTTP/1.1", 400},
    {"a name for a target", "GET a HTTP/1.1", 400},
    {"a scheme alone", "GET http: HTTP/1.1", 400},
    {"a scheme and one slash", "GET http:/b HTTP/1.1", 400},
    {"a scheme without a host", "GET http:// HTTP/1.1", 400},
    {"a scheme, no host, a path", "GET http:///a HTTP/1.1", 400},
    {"a scheme, no host, a port", "GET http://:80/ HTTP/1.1", 400},
    {"a scheme with a mark", "GET ht_tp://b/ HTTP/1.1", 400},
    {"a user in the authority", "GET http://user@b/ HTTP/1.1", 400},
    {"a password in the authority", "GET http://user:word@b/ HTTP/1.1", 400},
    {"a port of letters", "GET http://b:http/ HTTP/1.1", 400},
    {"two ports", "GET http://b:80:81/ HTTP/1.1", 400},
    {"an underscore in the authority, as in nginx", "GET http://a_b/ HTTP/1.1", 400},
    {"an escape in the authority", "GET http://a%2eb/ HTTP/1.1", 400},
    {"a fragment right after the authority", "GET http://b#c HTTP/1.1", 400},
    {"a backslash after the authority", "GET http://b\\c HTTP/1.1", 400},
    {"a bracket that is not closed", "GET http://[::1/ HTTP/1.1", 400},
    {"an empty bracket", "GET http://[]/ HTTP/1.1", 400},
    {"something after the bracket", "GET http://[::1]a/ HTTP/1.1", 400},
    {"a slash in the bracket", "GET http://[:/:1]/ HTTP/1.1", 400},
    {"an authority of dots", "GET http://../ HTTP/1.1", 400},
    {"an authority of one dot", "GET http://./ HTTP/1.1", 400},
    {"the authority form", "GET b:80 HTTP/1.1", 400},

    {"CONNECT", "CONNECT b:443 HTTP/1.1", 405},
    {"CONNECT with a path", "CONNECT / HTTP/1.1", 405},
    {"TRACE", "TRACE / HTTP/1.1", 405},

    {"HTTP/2.0", "GET / HTTP/2.0", 505},
    {"HTTP/2", "GET / HTTP/2", 505},
    {"HTTP/3.0", "GET / HTTP/3.0", 505},
    {"HTTP/9.9", "GET / HTTP/9.9", 505},
    {"HTTP/10.0", "GET / HTTP/10.0", 505},
    {"HTTP/11", "GET / HTTP/11", 505},
    {"the preface of HTTP/2", "PRI * HTTP/2.0", 400},
    {"HTTP/0.9 by name", "GET / HTTP/0.9", 400},
    {"HTTP/0.0", "GET / HTTP/0.0", 400},
    {"HTTP/1", "GET / HTTP/1", 400},
    {"HTTP/1.", "GET / HTTP/1.", 400},
    {"HTTP/1.10", "GET / HTTP/1.10", 400},
    {"HTTP/1.01", "GET / HTTP/1.01", 400},
    {"HTTP/01.1", "GET / HTTP/01.1", 400},
    {"HTTP/+1.1", "GET / HTTP/+1.1", 400},
    {"HTTP/-1.1", "GET / HTTP/-1.1", 400},
    {"HTTP/1,1", "GET / HTTP/1,1", 400},
    {"HTTP/1.x", "GET / HTTP/1.x", 400},
    {"HTTP/.1", "GET / HTTP/.1", 400},
    {"HTTP/", "GET / HTTP/", 400},
    {"HTTP 1.1", "GET / HTTP 1.1", 400},
    {"HTTP1.1", "GET / HTTP1.1", 400},
    {"a version in lower case", "GET / http/1.1", 400},
    {"half a name", "GET / HTT/1.1", 400},
    {"another name", "GET / HTTPS/1.1", 400},
    {"another protocol", "GET / ICY/1.1", 400},
    {"RTSP", "DESCRIBE / RTSP/1.0", 400},
    {"a version in full width", "GET / HTTP/\xef\xbc\x91.1", 400},
};

TEST(RequestLine, IsJudgedTheSameWhereverItIsCut) {
  for (const Input& input : kLines) {
    SCOPED_TRACE(input.what);
    EXPECT_EQ(read_line(input.text).status, input.status);
  }
}

TEST(RequestLine, GivesPathAndAuthorityOfTheAbsoluteForm) {
  const auto described = [](std::string_view target) {
    const std::string head = read_line("GET " + std::string{target} + " HTTP/1.1").head;
    return head.substr(0, head.find(" 1.1"));
  };
  EXPECT_EQ(described("http://b/c?d"), "GET /c?d at b");
  EXPECT_EQ(described("http://b:81/"), "GET / at b:81");
  EXPECT_EQ(described("HTTP://[::1]:8080/x"), "GET /x at [::1]:8080");
  EXPECT_EQ(described("http://b"), "GET / at b");
  EXPECT_EQ(described("http://b:8080"), "GET / at b:8080");
  EXPECT_EQ(described("http://b?c"), "GET ?c at b");
}

TEST(RequestLine, KnowsItsMethods) {
  const auto method = [](std::string_view name) {
    http::RequestLine line;
    EXPECT_EQ(http::read_request_line(std::string{name} + " / HTTP/1.1", line).status, 0);
    return line.method;
  };
  EXPECT_EQ(method("GET"), http::Method::get);
  EXPECT_EQ(method("DELETE"), http::Method::delete_);
  EXPECT_EQ(method("PROPPATCH"), http::Method::proppatch);
  EXPECT_EQ(method("UNLOCK"), http::Method::unlock);
  EXPECT_EQ(method("GETS"), http::Method::other);
}

TEST(RequestLine, OfATlsClientIsRefusedBeforeItEnds) {
  http::RequestParser parser;
  parser.restart();
  EXPECT_EQ(parser.parse("\026\003\001\002"), http::Progress::invalid);
  EXPECT_EQ(parser.refusal().status, 400);
}

TEST(RequestLine, InLowerCaseIsRefusedBeforeItEnds) {
  http::RequestParser parser;
  parser.restart();
  EXPECT_EQ(parser.parse("ge"), http::Progress::invalid);
  EXPECT_EQ(parser.refusal().status, 400);
}

TEST(RequestLine, IsKnownForTheLogWhenItIsRefused) {
  http::RequestParser parser;
  parser.restart();
  EXPECT_EQ(parser.parse("GET / HTTP/7.1\r\nHost: a\r\n"), http::Progress::invalid);
  EXPECT_EQ(parser.line(), "GET / HTTP/7.1");

  parser.restart();
  EXPECT_EQ(parser.parse("GET /half"), http::Progress::incomplete);
  EXPECT_FALSE(parser.has_request_line());
  EXPECT_EQ(parser.line(), "GET /half");

  parser.restart();
  EXPECT_EQ(parser.parse("GET /whole HTTP/1.1\r\nHo"), http::Progress::incomplete);
  EXPECT_TRUE(parser.has_request_line());
  EXPECT_EQ(parser.line(), "GET /whole HTTP/1.1");
}

}  // namespace

}  // namespace sluice::tests
