// SPDX-License-Identifier: MIT
#include "http/parser.h"

#include <gtest/gtest.h>

#include "tests/http/read_heads.h"

namespace sluice::tests {

namespace {

using namespace std::string_view_literals;
using http::Progress;

// Header lines in a request that is fine without them.
Outcome read_with(std::string_view lines, http::HeaderRules rules = {}) {
  return read_request("POST / HTTP/1.1\r\nHost: a\r\n" + std::string{lines} + "\r\n", rules);
}

constexpr Input kHeaderLines[] = {
    {"a usual header", "X-Y: z\r\n", 0},
    {"no blank after the colon", "X:y\r\n", 0},
    {"blanks and tabs around the value", "X: \t y \t \r\n", 0},
    {"an empty value", "X:\r\n", 0},
    {"a value of blanks", "X:   \r\n", 0},
    {"a tab in the value", "X: a\tb\r\n", 0},
    {"a colon in the value", "X: a:b\r\n", 0},
    {"bytes above 0x7f in the value", "X: \xc3\xa4\xff\r\n", 0},
    {"a header twice", "X: a\r\nX: b\r\n", 0},
    {"a digit for a name", "1: a\r\n", 0},
    {"a hyphen for a name", "-: a\r\n", 0},
    {"an underscore in the name: dropped", "X_Y: z\r\n", 0},
    {"a mark in the name: dropped", "X.Y: z\r\n", 0},
    {"a byte that no name may hold: dropped", "X@Y: z\r\n", 0},
    {"brackets in the name: dropped", "X[0]: z\r\n", 0},
    {"quotes in the name: dropped", "\"X\": z\r\n", 0},
    {"a byte above 0x7f in the name: dropped", "X\xc3\xa4: z\r\n", 0},
    {"a name like a framing one", "Content-Lengths: 5\r\n", 0},
    {"another name like a framing one", "X-Content-Length: 5\r\n", 0},
    {"a third name like a framing one", "XTransfer-Encoding: chunked\r\n", 0},

    {"a blank before the colon", "X : y\r\n", 400},
    {"a tab before the colon", "X\t: y\r\n", 400},
    {"a blank in the name", "X Y: z\r\n", 400},
    {"a blank before the name", " X: y\r\n", 400},
    {"a tab before the name", "\tX: y\r\n", 400},
    {"a folded line", "X: a\r\n b\r\n", 400},
    {"a line folded with a tab", "X: a\r\n\tb\r\n", 400},
    {"a folded line of blanks", "X: a\r\n \r\n", 400},
    {"a folded line with a colon", "X: a\r\n Y: b\r\n", 400},
    {"a folded framing header", "Transfer-Encoding:\r\n chunked\r\n", 400},
    {"no name", ": y\r\n", 400},
    {"only a colon", ":\r\n", 400},
    {"no colon", "X\r\n", 400},
    {"no colon, blanks", "X y\r\n", 400},
    {"a NUL in the name", "X\0Y: z\r\n"sv, 400},
    {"a NUL before the colon", "X\0: z\r\n"sv, 400},
    {"a NUL in the value", "X: a\0b\r\n"sv, 400},
    {"a NUL at the end", "X: a\0\r\n"sv, 400},
    {"DEL in the name", "X\x7f: y\r\n", 400},
    {"DEL in the value", "X: \x7f\r\n", 400},
    {"a bell in the value", "X: \a\r\n", 400},
    {"a backspace in the value", "X: a\b\r\n", 400},
    {"a vertical tab in the value", "X: a\v\r\n", 400},
    {"a form feed in the value", "X: \f\r\n", 400},
    {"a vertical tab in the name", "X\v: a\r\n", 400},
    {"an escape character in the value", "X: \033[0m\r\n", 400},
    {"byte one in the value", "X: \001\r\n", 400},
    {"byte 0x1f in the value", "X: \037\r\n", 400},
    {"a bare LF after the value", "X: y\n", 400},
    {"a bare LF in the value", "X: y\nZ: a\r\n", 400},
    {"a bare CR in the value", "X: a\rb\r\n", 400},
    {"a bare CR in the name", "X\rY: a\r\n", 400},
    {"two CR before the LF", "X: a\r\r\n", 400},
    {"a CR before the colon", "X\r: a\r\n", 400},
    {"LF CR", "X: a\n\r", 400},
    {"a bare CR for the end of the head", "X: a\r\n\rGET", 400},
    {"a bare LF for the end of the head", "X: a\r\n\n", 400},
    {"bare LFs for the end of the head", "X: a\n\n", 400},
    {"a request for a header", "GET /b HTTP/1.1\r\n", 400},

    {"Content-Length", "Content-Length: 5\r\n", 0},
    {"Content-Length of zero", "Content-Length: 0\r\n", 0},
    {"Content-Length with zeros before it", "Content-Length: 0005\r\n", 0},
    {"the largest Content-Length", "Content-Length: 9223372036854775807\r\n", 0},
    {"blanks around Content-Length", "Content-Length:  5  \r\n", 0},
    {"a tab after Content-Length, as in nginx", "Content-Length: 5\t\r\n", 400},
    {"Content-Length one too large", "Content-Length: 9223372036854775808\r\n", 400},
    {"Content-Length of 2^64", "Content-Length: 18446744073709551616\r\n", 400},
    {"Content-Length of 2^64 and five", "Content-Length: 18446744073709551621\r\n", 400},
    {"a huge Content-Length", "Content-Length: 99999999999999999999999999\r\n", 400},
    {"an empty Content-Length", "Content-Length:\r\n", 400},
    {"a blank Content-Length", "Content-Length:  \r\n", 400},
    {"a negative Content-Length", "Content-Length: -5\r\n", 400},
    {"a signed Content-Length", "Content-Length: +5\r\n", 400},
    {"a hexadecimal Content-Length", "Content-Length: 0x5\r\n", 400},
    {"a letter in Content-Length", "Content-Length: 5a\r\n", 400},
    {"a fraction in Content-Length", "Content-Length: 5.0\r\n", 400},
    {"an exponent in Content-Length", "Content-Length: 5e1\r\n", 400},
    {"a blank in Content-Length", "Content-Length: 5 5\r\n", 400},
    {"a tab in Content-Length", "Content-Length: 5\t5\r\n", 400},
    {"a list of Content-Length", "Content-Length: 5, 5\r\n", 400},
    {"a list without blanks", "Content-Length: 5,6\r\n", 400},
    {"a comma after Content-Length", "Content-Length: 5,\r\n", 400},
    {"a quoted Content-Length", "Content-Length: \"5\"\r\n", 400},
    {"other digits in Content-Length", "Content-Length: \xd9\xa5\r\n", 400},
    {"two Content-Length", "Content-Length: 5\r\nContent-Length: 6\r\n", 400},
    {"the same Content-Length twice", "Content-Length: 5\r\nContent-Length: 5\r\n", 400},
    {"Content-Length twice, apart", "Content-Length: 5\r\nX: y\r\ncontent-length: 5\r\n", 400},
    {"three Content-Length", "Content-Length: 5\r\nContent-Length: 5\r\nContent-Length: 5\r\n",
     400},

    {"chunked", "Transfer-Encoding: chunked\r\n", 0},
    {"chunked in capitals", "TRANSFER-ENCODING: CHUNKED\r\n", 0},
    {"chunked with blanks around", "Transfer-Encoding: \t chunked \t\r\n", 0},
    {"an empty coding", "Transfer-Encoding:\r\n", 400},
    {"chunked twice in a list", "Transfer-Encoding: chunked, chunked\r\n", 400},
    {"gzip and chunked", "Transfer-Encoding: gzip, chunked\r\n", 400},
    {"chunked and gzip", "Transfer-Encoding: chunked, gzip\r\n", 400},
    {"chunked and identity", "Transfer-Encoding: chunked, identity\r\n", 400},
    {"a comma after chunked", "Transfer-Encoding: chunked,\r\n", 400},
    {"a comma before chunked", "Transfer-Encoding: ,chunked\r\n", 400},
    {"two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
    {"two codings, one unknown", "Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n", 400},
    {"two codings, the last unknown", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n",
     400},
    {"gzip", "Transfer-Encoding: gzip\r\n", 501},
    {"identity", "Transfer-Encoding: identity\r\n", 501},
    {"chunke", "Transfer-Encoding: chunke\r\n", 501},
    {"chunkedd", "Transfer-Encoding: chunkedd\r\n", 501},
    {"xchunked", "Transfer-Encoding: xchunked\r\n", 501},
    {"chunked in quotes", "Transfer-Encoding: \"chunked\"\r\n", 501},
    {"chunked with a parameter", "Transfer-Encoding: chunked;q=1\r\n", 501},
    {"chunked with a byte above 0x7f", "Transfer-Encoding: chunked\xa0\r\n", 501},
    {"a vertical tab before chunked", "Transfer-Encoding: \vchunked\r\n", 400},
    {"a NUL after chunked", "Transfer-Encoding: chunked\0\r\n"sv, 400},
    {"length and coding", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
    {"coding and length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400},
    {"coding and a length of zero", "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", 400},
    {"an unknown coding and length", "Transfer-Encoding: x\r\nContent-Length: 5\r\n", 400},
    {"an empty coding and length", "Transfer-Encoding:\r\nContent-Length: 5\r\n", 400},

    {"a blank after the name of the coding", "Transfer-Encoding : chunked\r\n", 400},
    {"a blank after the name of the length", "Content-Length : 5\r\n", 400},
    {"a tab after the name of the coding", "Transfer-Encoding\t: chunked\r\n", 400},
    {"a blank before the coding's name", " Transfer-Encoding: chunked\r\n", 400},
    {"an underscore in the coding's name", "Transfer_Encoding: chunked\r\n", 400},
    {"an underscore in the length's name", "Content_Length: 5\r\n", 400},
    {"a dot in the length's name", "Content.Length: 5\r\n", 400},
    {"no hyphen in the length's name", "ContentLength: 5\r\n", 400},
    {"two hyphens in the coding's name", "Transfer--Encoding: chunked\r\n", 400},
    {"a byte above 0x7f behind the coding's name", "Transfer-Encoding\xa0: chunked\r\n", 400},
    {"a mark behind the coding's name", "Transfer-Encoding!: chunked\r\n", 400},
    {"a mark before the length's name", "'Content-Length: 5\r\n", 400},
    {"a quoted name of the coding", "\"Transfer-Encoding\": chunked\r\n", 400},
    {"a NUL in the coding's name", "Transfer-\0Encoding: chunked\r\n"sv, 400},
    {"a bare CR before the coding", "X: a\rTransfer-Encoding: chunked\r\n", 400},
    {"a bare LF before the coding", "X: a\nTransfer-Encoding: chunked\r\n", 400},

    {"two hosts", "Host: b\r\n", 400},
    {"the same host twice", "Host: a\r\n", 400},
    {"an empty second host", "Host:\r\n", 400},
};

TEST(RequestHeaders, AreJudgedTheSameWhereverTheyAreCut) {
  for (const Input& input : kHeaderLines) {
    SCOPED_TRACE(input.what);
    EXPECT_EQ(read_with(input.text).status, input.status);
  }
}

constexpr Input kHosts[] = {
    {"a name", "Host: a\r\n", 0},
    {"a name and port", "Host: a.b:8080\r\n", 0},
    {"an address", "Host: 127.0.0.1\r\n", 0},
    {"an IPv6 address", "Host: [::1]:80\r\n", 0},
    {"a final dot", "Host: a.\r\n", 0},
    {"an underscore", "Host: a_b\r\n", 0},
    {"capitals", "HOST: A\r\n", 0},
    {"an empty port", "Host: a:\r\n", 0},
    {"a name of an alphabet of its own", "Host: m\xc3\xbcller\r\n", 0},
    {"none", "", 400},
    {"none but another header", "X: y\r\n", 400},
    {"an empty one", "Host:\r\n", 400},
    {"one of blanks", "Host:  \r\n", 400},
    {"a dot", "Host: .\r\n", 400},
    {"two dots", "Host: a..b\r\n", 400},
    {"a slash", "Host: a/b\r\n", 400},
    {"a backslash", "Host: a\\b\r\n", 400},
    {"a blank", "Host: a b\r\n", 400},
    {"a tab", "Host: a\tb\r\n", 400},
    {"a user", "Host: user@a\r\n", 400},
    {"a URL", "Host: http://a\r\n", 400},
    {"a question mark", "Host: a?b\r\n", 400},
    {"a fragment", "Host: a#b\r\n", 400},
    {"angle brackets", "Host: <a>\r\n", 400},
    {"a quote", "Host: a\"\r\n", 400},
    {"a port of letters", "Host: a:b\r\n", 400},
    {"two ports", "Host: a:80:80\r\n", 400},
    {"only a port", "Host: :80\r\n", 400},
    {"a bracket that is not closed", "Host: [::1\r\n", 400},
    {"a bracket in the middle", "Host: a[b]\r\n", 400},
    {"text after the bracket", "Host: [::1]x\r\n", 400},
    {"an empty bracket", "Host: []\r\n", 400},
    {"a NUL", "Host: a\0b\r\n"sv, 400},
};

TEST(RequestHost, IsJudgedTheSameWhereverItIsCut) {
  for (const Input& input : kHosts) {
    SCOPED_TRACE(input.what);
    const std::string text = "GET / HTTP/1.1\r\n" + std::string{input.text} + "\r\n";
    EXPECT_EQ(read_request(text).status, input.status);
  }
}

TEST(RequestParser, FindsTheSameHeadWhereverTheBytesAreCut) {
  const Outcome outcome = read_request(
      "GET /a?b HTTP/1.1\r\nHost: c\r\nAccept: */*\r\nX-Empty:\r\nX-Blank:  d e\t\r\n\r\n");
  EXPECT_EQ(outcome.head,
            "GET /a?b 1.1 | Host=c;Accept=*/*;X-Empty=;X-Blank=d e; | body none, keep, 69 bytes");
}

TEST(RequestParser, LeavesWhatFollowsTheHead) {
  http::RequestParser parser;
  parser.restart();
  const std::string_view text = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\n";
  ASSERT_EQ(parser.parse(text), Progress::complete);
  EXPECT_EQ(text.substr(parser.head().size), "GET /second HTTP/1.1\r\n");
}

TEST(RequestParser, SkipsEmptyLinesBeforeTheHead) {
  const Outcome outcome = read_request("\r\n\r\nGET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(outcome.head, "GET / 1.0 |  | body none, 22 bytes");
  EXPECT_EQ(read_request("\nGET / HTTP/1.0\r\n\r\n").status, 400);
  EXPECT_EQ(read_request("\r\n\nGET / HTTP/1.0\r\n\r\n").status, 400);
  EXPECT_EQ(read_request("\rGET / HTTP/1.0\r\n\r\n").status, 400);
}

TEST(RequestParser, WaitsForTheWholeHead) {
  const std::string_view text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(read_request(text.substr(0, size)).progress, Progress::incomplete) << size;
  }
}

TEST(RequestParser, ReadsOneHeadAfterAnotherInTheSameMemory) {
  http::RequestParser parser;
  for (const std::string_view target : {"/a", "/b?c", "/d"}) {
    parser.restart();
    const ExactCopy text{"GET " + std::string{target} + " HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n"};
    ASSERT_EQ(parser.parse(text.view()), Progress::complete);
    EXPECT_EQ(parser.head().target, target);
    EXPECT_EQ(parser.head().headers.size(), 2U);
  }
}

TEST(RequestParser, ForgetsARefusedHead) {
  http::RequestParser parser;
  parser.restart();
  EXPECT_EQ(parser.parse("GET / HTTP/1.1\r\nX@: y\r\nContent-Length: x\r\n\r\n"),
            Progress::invalid);
  parser.restart();
  EXPECT_EQ(parser.parse("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n"), Progress::complete);
  EXPECT_EQ(describe(parser.head().headers), "Host=a;X=y;");
  EXPECT_EQ(describe(parser.head().body), "none");
}

TEST(RequestParser, StaysWithItsRefusal) {
  http::RequestParser parser;
  parser.restart();
  EXPECT_EQ(parser.parse("GET / HTTP/2.0\r\n"), Progress::invalid);
  EXPECT_EQ(parser.parse("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), Progress::invalid);
  EXPECT_EQ(parser.refusal().status, 505);
}

TEST(RequestParser, DropsHeadersWithOddNames) {
  const auto headers = [](std::string_view lines, http::HeaderRules rules) {
    const Outcome outcome = read_with(lines, rules);
    if (outcome.status != 0) return std::to_string(outcome.status);
    const auto begin = outcome.head.find("Host=a;") + 7;
    return outcome.head.substr(begin, outcome.head.find(" | body") - begin);
  };
  const std::string_view lines = "A_b: 1\r\nC: 2\r\nD.e: 3\r\nF: 4\r\n";
  EXPECT_EQ(headers(lines, {}), "C=2;F=4;");
  EXPECT_EQ(headers(lines, {.underscores_in_names = true}), "A_b=1;C=2;F=4;");
  EXPECT_EQ(headers(lines, {.ignore_invalid = false}), "A_b=1;C=2;D.e=3;F=4;");
  EXPECT_EQ(headers("A@: 1\r\nB\xff: 2\r\nC: 3\r\n", {}), "C=3;");
  EXPECT_EQ(headers("A@: 1\r\n", {.ignore_invalid = false}), "400");
  EXPECT_EQ(headers("C_d: 1\r\n", {}), "");
  EXPECT_EQ(headers("A_b:\r\nC:\r\nD_e:\r\n", {}), "C=;");
}

class UnderscoresFor : public http::RulesByHost {
 public:
  explicit UnderscoresFor(std::string_view host) : host_(host) {}
  http::HeaderRules rules_for(std::string_view host, std::size_t next_line) override {
    ++asked;
    from = next_line;
    return {.underscores_in_names = host == host_};
  }
  int asked = 0;
  std::size_t from = 0;

 private:
  std::string_view host_;
};

TEST(RequestParser, AsksForRulesOnceTheHostIsKnown) {
  struct Case {
    std::string_view line, host;
    std::string expected;
  };
  for (const Case& one :
       {Case{"GET / HTTP/1.1\r\n", "b", "C_d=2;"}, Case{"GET / HTTP/1.1\r\n", "c", ""},
        Case{"GET http://b/ HTTP/1.1\r\n", "c", "A_b=1;C_d=2;"},
        Case{"GET http://c/ HTTP/1.1\r\n", "b", ""}}) {
    const std::string before =
        std::string(one.line) + "A_b: 1\r\nHost: " + std::string(one.host) + " \r\n";
    const std::string whole = before + "C_d: 2\r\n\r\n";
    for (const Cut& cut : cut_everywhere(whole)) {
      UnderscoresFor rules{"b"};
      http::RequestParser parser;
      parser.restart({}, &rules);
      const ExactCopy come{cut.first};
      parser.parse(come.view());
      ASSERT_EQ(parser.parse(whole), Progress::complete);
      std::string found;
      for (const http::Header& header : parser.head().headers) {
        if (header.id == http::HeaderId::other)
          found += std::string(header.name) + "=" + std::string(header.value) + ";";
      }
      EXPECT_EQ(found, one.expected);
      EXPECT_EQ(rules.asked, 1);
      EXPECT_EQ(rules.from, one.line.size() > 16 ? one.line.size() : before.size());
    }
  }
}

TEST(RequestParser, NeverPassesWhatAPeerMightTakeForFraming) {
  for (const http::HeaderRules rules :
       {http::HeaderRules{true, false}, http::HeaderRules{true, true},
        http::HeaderRules{false, false}}) {
    EXPECT_EQ(read_with("Content_Length: 5\r\n", rules).status, 400);
    EXPECT_EQ(read_with("TRANSFER_ENCODING: chunked\r\n", rules).status, 400);
    EXPECT_EQ(read_with("transfer.encoding: chunked\r\n", rules).status, 400);
  }
}

TEST(RequestParser, FramesTheBody) {
  const auto framing = [](std::string_view lines) {
    const std::string head = read_with(lines).head;
    const auto begin = head.find("body ") + 5;
    return head.substr(begin, head.find(", ", begin) - begin);
  };
  EXPECT_EQ(framing(""), "none");
  EXPECT_EQ(framing("Content-Length: 0\r\n"), "length 0");
  EXPECT_EQ(framing("Content-Length: 42\r\n"), "length 42");
  EXPECT_EQ(framing("Transfer-Encoding: chunked\r\n"), "chunked");
}

TEST(RequestParser, RefusesACodingInHttp10) {
  EXPECT_EQ(read_request("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").status, 400);
  EXPECT_EQ(read_request("POST / HTTP/1.0\r\nTransfer-Encoding: gzip\r\n\r\n").status, 400);
  EXPECT_EQ(read_request("POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\n").status, 0);
}

// Of "GET / HTTP/1.x" with these header lines.
bool keeps_alive(int minor, std::string_view lines) {
  const std::string text =
      "GET / HTTP/1." + std::to_string(minor) + "\r\nHost: a\r\n" + std::string{lines} + "\r\n";
  return read_request(text).head.find(", keep") != std::string::npos;
}

TEST(RequestParser, KnowsWhetherTheConnectionIsKept) {
  EXPECT_TRUE(keeps_alive(1, ""));
  EXPECT_TRUE(keeps_alive(1, "Connection: keep-alive\r\n"));
  EXPECT_TRUE(keeps_alive(1, "Connection: x, closed\r\n"));
  EXPECT_FALSE(keeps_alive(1, "Connection: close\r\n"));
  EXPECT_FALSE(keeps_alive(1, "Connection: CLOSE\r\n"));
  EXPECT_FALSE(keeps_alive(1, "Connection: keep-alive , close\r\n"));
  EXPECT_FALSE(keeps_alive(1, "Connection: keep-alive\r\nConnection: close\r\n"));
  EXPECT_FALSE(keeps_alive(0, ""));
  EXPECT_FALSE(keeps_alive(0, "Connection: close\r\n"));
  EXPECT_TRUE(keeps_alive(0, "Connection: Keep-Alive\r\n"));
  EXPECT_TRUE(keeps_alive(0, "Connection: x,keep-alive\r\n"));
  EXPECT_FALSE(keeps_alive(0, "Connection: keep-alive, close\r\n"));
}

TEST(RequestParser, SeesAWishToContinue) {
  const auto expects = [](std::string_view text) {
    return read_request(text).head.find(", continue") != std::string::npos;
  };
  EXPECT_TRUE(expects("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_TRUE(expects("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n"));
  EXPECT_FALSE(expects("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n"));
  EXPECT_FALSE(expects("PUT / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n"));
}

TEST(RequestParser, SeesAWishToUpgrade) {
  const auto wants = [](std::string_view version, std::string_view lines) {
    const std::string text =
        "GET / HTTP/" + std::string{version} + "\r\nHost: a\r\n" + std::string{lines} + "\r\n";
    return read_request(text).head.find(", upgrade") != std::string::npos;
  };
  EXPECT_TRUE(wants("1.1", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
  EXPECT_TRUE(wants("1.1", "Upgrade: websocket\r\nConnection: keep-alive, upgrade\r\n"));
  EXPECT_FALSE(wants("1.1", "Upgrade: websocket\r\n"));
  EXPECT_FALSE(wants("1.1", "Connection: upgrade\r\n"));
  EXPECT_FALSE(wants("1.0", "Connection: upgrade\r\nUpgrade: websocket\r\n"));
}

TEST(RequestParser, ReadsAThousandHeaders) {
  std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 1000; ++i) text += "X-" + std::to_string(i) + ": y\r\n";
  text += "\r\n";
  http::RequestParser parser;
  parser.restart();
  ASSERT_EQ(parser.parse(text), Progress::complete);
  EXPECT_EQ(parser.head().headers.size(), 1001U);
}

}  // namespace

}  // namespace sluice::tests
