// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "http/parser.h"
#include "tests/http/read_heads.h"

namespace sluice::tests {

namespace {

using namespace std::string_view_literals;
using http::Method;
using http::Progress;

constexpr Input kStatusLines[] = {
    {"the usual line", "HTTP/1.1 200 OK", 0},
    {"HTTP/1.0", "HTTP/1.0 200 OK", 0},
    {"a later minor version", "HTTP/1.2 200 OK", 0},
    {"no reason", "HTTP/1.1 200 ", 0},
    {"no reason, no blank", "HTTP/1.1 200", 0},
    {"a reason of several words", "HTTP/1.1 404 Not Found", 0},
    {"a tab in the reason", "HTTP/1.1 200 O\tK", 0},
    {"a byte above 0x7f in the reason", "HTTP/1.1 200 \xc3\x96K", 0},
    {"a status nobody knows", "HTTP/1.1 299 Fine", 0},
    {"a status above 599", "HTTP/1.1 999 Denied", 0},
    {"HTTP/2.0", "HTTP/2.0 200 OK", 502},
    {"HTTP/2", "HTTP/2 200 OK", 502},
    {"HTTP/0.9", "HTTP/0.9 200 OK", 502},
    {"HTTP/1.10", "HTTP/1.10 200 OK", 502},
    {"HTTP/1", "HTTP/1 200 OK", 502},
    {"a version in lower case", "http/1.1 200 OK", 502},
    {"another protocol", "ICY 200 OK", 502},
    {"no version", "200 OK", 502},
    {"a request", "GET / HTTP/1.1", 502},
    {"SSH", "SSH-2.0-OpenSSH_9.2", 502},
    {"SMTP", "220 mail ESMTP", 502},
    {"a page without a head", "<html>", 502},
    {"a status of two digits", "HTTP/1.1 20 OK", 502},
    {"a status of four digits", "HTTP/1.1 2000 OK", 502},
    {"a status of letters", "HTTP/1.1 abc OK", 502},
    {"a status below 100", "HTTP/1.1 099 OK", 502},
    {"a status of zeros", "HTTP/1.1 000 OK", 502},
    {"a signed status", "HTTP/1.1 +20 OK", 502},
    {"no status", "HTTP/1.1 OK", 502},
    {"only a version", "HTTP/1.1", 502},
    {"only a version and a blank", "HTTP/1.1 ", 502},
    {"two blanks before the status", "HTTP/1.1  200 OK", 502},
    {"a tab before the status", "HTTP/1.1\t200 OK", 502},
    {"a tab after the status", "HTTP/1.1 200\tOK", 502},
    {"a hyphen after the status", "HTTP/1.1 200-OK", 502},
    {"a blank before the version", " HTTP/1.1 200 OK", 502},
    {"an empty line before the version", "\r\nHTTP/1.1 200 OK", 502},
    {"a NUL in the reason", "HTTP/1.1 200 O\0K"sv, 502},
    {"a control byte in the reason", "HTTP/1.1 200 O\001K", 502},
    {"DEL in the reason", "HTTP/1.1 200 \x7f", 502},
    {"a bare CR in the reason", "HTTP/1.1 200 O\rK", 502},
    {"a bare LF for the line's end", "HTTP/1.1 200 OK\nX: y", 502},
};

constexpr Input kHeaderLines[] = {
    {"none", "", 0},
    {"an underscore in the name", "X_Y: z\r\n", 0},
    {"a mark in the name", "X.Y: z\r\n", 0},
    {"a byte that no name may hold: dropped", "X@Y: z\r\n", 0},
    {"two of a kind", "Set-Cookie: a\r\nSet-Cookie: b\r\n", 0},
    {"a value of bytes above 0x7f", "X: \xff\xfe\r\n", 0},
    {"a blank before the colon", "X : y\r\n", 502},
    {"a blank in the name", "X Y: z\r\n", 502},
    {"a folded line", "X: a\r\n b\r\n", 502},
    {"a blank before the first name", " X: a\r\n", 502},
    {"no name", ": a\r\n", 502},
    {"no colon", "X\r\n", 502},
    {"a NUL in the name", "X\0: y\r\n"sv, 502},
    {"a NUL in the value", "X: a\0b\r\n"sv, 502},
    {"a control byte in the value", "X: \033[m\r\n", 502},
    {"a bare CR in the value", "X: a\rb\r\n", 502},
    {"a bare LF after the value", "X: a\nY: b\r\n", 502},
    {"a bare LF for the end of the head", "X: a\r\n\n", 502},
    {"Content-Length", "Content-Length: 5\r\n", 0},
    {"a signed Content-Length", "Content-Length: +5\r\n", 502},
    {"a negative Content-Length", "Content-Length: -1\r\n", 502},
    {"an empty Content-Length", "Content-Length:\r\n", 502},
    {"a huge Content-Length", "Content-Length: 9223372036854775808\r\n", 502},
    {"a list of Content-Length", "Content-Length: 5, 5\r\n", 502},
    {"a letter in Content-Length", "Content-Length: 5b\r\n", 502},
    {"two Content-Length", "Content-Length: 5\r\nContent-Length: 6\r\n", 502},
    {"the same Content-Length twice", "Content-Length: 5\r\nContent-Length: 5\r\n", 502},
    {"chunked", "Transfer-Encoding: chunked\r\n", 0},
    {"an empty coding", "Transfer-Encoding:\r\n", 502},
    {"gzip", "Transfer-Encoding: gzip\r\n", 502},
    {"identity", "Transfer-Encoding: identity\r\n", 502},
    {"gzip and chunked", "Transfer-Encoding: gzip, chunked\r\n", 502},
    {"two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 502},
    {"length and coding", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 502},
    {"coding and length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 502},
    {"a blank after the coding's name", "Transfer-Encoding : chunked\r\n", 502},
    {"an underscore in the coding's name", "Transfer_Encoding: chunked\r\n", 502},
    {"a byte above 0x7f in the length's name", "Content-Length\xa0: 5\r\n", 502},
};

TEST(AnswerStatusLine, IsJudgedTheSameWhereverItIsCut) {
  for (const Input& input : kStatusLines) {
    SCOPED_TRACE(input.what);
    EXPECT_EQ(read_answer(std::string{input.text} + "\r\n\r\n").status, input.status);
  }
}

TEST(AnswerHeaders, AreJudgedTheSameWhereverTheyAreCut) {
  for (const Input& input : kHeaderLines) {
    SCOPED_TRACE(input.what);
    const std::string text = "HTTP/1.1 200 OK\r\n" + std::string{input.text} + "\r\n";
    EXPECT_EQ(read_answer(text).status, input.status);
    EXPECT_EQ(read_answer(text, Method::head).status, input.status);
  }
}

TEST(AnswerParser, FindsTheSameHeadWhereverTheBytesAreCut) {
  const Outcome outcome = read_answer(
      "HTTP/1.1 404 Not Found\r\nServer: x\r\nA_b:  c \r\nD@: e\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(outcome.head,
            "404 '404 Not Found' 1.1 | Server=x;A_b=c;Content-Length=3; | body length 3, keep, "
            "73 bytes");
}

TEST(AnswerParser, LeavesWhatFollowsTheHead) {
  http::AnswerParser parser;
  parser.restart(Method::get);
  const std::string_view text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n";
  ASSERT_EQ(parser.parse(text), Progress::complete);
  EXPECT_EQ(parser.head().status, 100);
  EXPECT_EQ(text.substr(parser.head().size), "HTTP/1.1 200 OK\r\n");
}

TEST(AnswerParser, WaitsForTheWholeHead) {
  const std::string_view text = "HTTP/1.1 200 OK\r\nX: y\r\n\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(read_answer(text.substr(0, size)).progress, Progress::incomplete) << size;
  }
}

TEST(AnswerParser, RefusesOtherProtocolsAtTheFirstByte) {
  http::AnswerParser parser;
  parser.restart(Method::get);
  EXPECT_EQ(parser.parse("\025"), Progress::invalid);
  EXPECT_EQ(parser.refusal().status, 502);
}

// What becomes of "HTTP/1.<minor> <status> x" with these lines: "chunked, keep".
std::string framing(int minor, int status, std::string_view lines, Method to = Method::get) {
  const std::string text = "HTTP/1." + std::to_string(minor) + " " + std::to_string(status) +
                           " x\r\n" + std::string{lines} + "\r\n";
  const std::string head = read_answer(text, to).head;
  const auto begin = head.find("body ") + 5;
  return head.substr(begin, head.rfind(", ") - begin);
}

TEST(AnswerParser, FramesTheBody) {
  EXPECT_EQ(framing(1, 200, "Content-Length: 7\r\n"), "length 7, keep");
  EXPECT_EQ(framing(1, 200, "Content-Length: 0\r\n"), "length 0, keep");
  EXPECT_EQ(framing(1, 200, "Transfer-Encoding: Chunked\r\n"), "chunked, keep");
  EXPECT_EQ(framing(1, 200, ""), "until close");
  EXPECT_EQ(framing(0, 200, "Connection: keep-alive\r\n"), "until close");
  EXPECT_EQ(framing(1, 500, ""), "until close");
}

TEST(AnswerParser, KnowsWhichAnswersHaveNoBody) {
  for (const int status : {100, 102, 103, 204, 304}) {
    EXPECT_EQ(framing(1, status, ""), "none, keep") << status;
  }
  EXPECT_EQ(framing(1, 101, "Connection: upgrade\r\nUpgrade: websocket\r\n"), "none");
  EXPECT_EQ(framing(1, 304, "Content-Length: 7\r\n"), "none, keep");
  EXPECT_EQ(framing(1, 304, "Transfer-Encoding: chunked\r\n"), "none, keep");
  EXPECT_EQ(framing(1, 200, "Content-Length: 7\r\n", Method::head), "none, keep");
  EXPECT_EQ(framing(1, 200, "Transfer-Encoding: chunked\r\n", Method::head), "none, keep");
  EXPECT_EQ(framing(1, 200, "", Method::head), "none, keep");
}

TEST(AnswerParser, DoesNotKeepAPeerThatAnnouncesContentWhereThereIsNone) {
  EXPECT_EQ(framing(1, 204, "Content-Length: 7\r\n"), "none");
  EXPECT_EQ(framing(1, 204, "Transfer-Encoding: chunked\r\n"), "none");
  EXPECT_EQ(framing(1, 100, "Content-Length: 7\r\n"), "none");
  EXPECT_EQ(framing(1, 204, "Content-Length: 0\r\n"), "none, keep");
}

TEST(AnswerParser, KnowsWhetherTheConnectionIsKept) {
  constexpr std::string_view kLength = "Content-Length: 1\r\n";
  const auto kept = [&](int minor, std::string_view lines) {
    return framing(minor, 200, std::string{kLength} + std::string{lines}) == "length 1, keep";
  };
  EXPECT_TRUE(kept(1, ""));
  EXPECT_FALSE(kept(1, "Connection: close\r\n"));
  EXPECT_FALSE(kept(1, "Connection: x, Close\r\n"));
  EXPECT_FALSE(kept(0, ""));
  EXPECT_TRUE(kept(0, "Connection: Keep-Alive\r\n"));
  EXPECT_FALSE(kept(0, "Connection: close, keep-alive\r\n"));
}

TEST(AnswerParser, RefusesACodingInHttp10) {
  EXPECT_EQ(read_answer("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").status, 502);
}

}  // namespace

}  // namespace sluice::tests
