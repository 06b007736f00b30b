// SPDX-License-Identifier: MIT
// Transfer-Encoding and Content-Length disagree, or one of them is written so that two programs
// read it differently.  Collected from what is published on request smuggling.
#include <gtest/gtest.h>

#include "tests/attacks/attack.h"

namespace sluice::tests::attacks {
namespace {

constexpr std::string_view kEmptyChunks = "0\r\n\r\n";
constexpr std::string_view kSmuggled = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";

Attack coding(const std::string& value, const std::string& status = "400") {
  return refused("Transfer-Encoding: " + value,
                 post("Transfer-Encoding: " + value + "\r\n", kEmptyChunks), status);
}

Attack line(const std::string& text, const std::string& status = "400") {
  return refused(text, post(text + "\r\n", kEmptyChunks), status);
}

TEST(TwoFramings, AreRefusedWhicheverComesFirst) {
  const std::string body = std::string(kEmptyChunks) + std::string(kSmuggled);
  const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
  const std::string chunks = "Transfer-Encoding: chunked\r\n";
  expect_all({
      refused("CL.TE", post(length + chunks, body)),
      refused("TE.CL", post(chunks + length, body)),
      refused("CL.TE, short length", post("Content-Length: 6\r\n" + chunks, "0\r\n\r\nG")),
      refused("TE.CL, short length",
              post("Content-Length: 4\r\n" + chunks, "5c\r\nGPOST / HTTP/1.1\r\n\r\n0\r\n\r\n")),
      refused("length of nothing", post("Content-Length: 0\r\n" + chunks, body)),
      refused("between others", post(length + "X: y\r\n" + chunks, body)),
      refused("in capitals",
              post("CONTENT-LENGTH: 5\r\nTRANSFER-ENCODING: CHUNKED\r\n", "0\r\n\r\n")),
      refused("GET with both", get("Content-Length: 5\r\n" + chunks) + "0\r\n\r\n"),
      refused("HTTP/1.0 with both",
              "POST / HTTP/1.0\r\nHost: a\r\n" + length + chunks + "\r\n" + body),
      refused("identity beside a length",
              post("Content-Length: 5\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n")),
      refused("three", post(length + chunks + length, body)),
  });
}

TEST(TransferEncoding, PassesAsChunkedInAnyCaseAndIsWrittenAnew) {
  const std::string body = "3\r\nabc\r\n0\r\n\r\n";
  const auto sound = [&](const std::string& header) {
    return Attack{header, post(header + "\r\n", body), "200 204", passed_post("abc")};
  };
  expect_all({
      sound("Transfer-Encoding: chunked"),
      sound("Transfer-Encoding: Chunked"),
      sound("Transfer-Encoding: cHuNkEd"),
      sound("tRANSFER-ENCODING: CHUNKED"),
      sound("Transfer-Encoding:chunked"),
      sound("Transfer-Encoding:  \t chunked"),
      sound("Transfer-Encoding: chunked \t"),
  });
}

TEST(TransferEncoding, ThatIsNotPlainlyChunkedIsRefused) {
  expect_all({
      coding("xchunked", "501"),
      coding("chunkedx", "501"),
      coding("chunke", "501"),
      coding("x", "501"),
      coding("identity", "501"),
      coding("gzip", "501"),
      coding("deflate", "501"),
      coding("compress", "501"),
      coding("cow", "501"),
      coding("chunk", "501"),
      coding("0", "501"),
      coding("\"chunked\"", "501"),
      coding("'chunked'", "501"),
      coding("chunked;", "501"),
      coding("chunked;q=1", "501"),
      coding("chunked; foo=\"bar\"", "501"),
      coding("chunked chunked", "501"),
      coding("chunked identity", "501"),
      coding("x chunked", "501"),
      coding("\\chunked", "501"),
      coding("{chunked}", "501"),
      coding(": chunked", "501"),
      coding("chun\xc4\xb1ked", "501"),
      coding("\xc2\xa0"
             "chunked",
             "501"),
      coding("\xff"
             "chunked",
             "501"),
      coding("\xef\xbb\xbf"
             "chunked",
             "501"),
      coding("chunked, identity"),
      coding("identity, chunked"),
      coding("chunked,chunked"),
      coding("chunked,"),
      coding(",chunked"),
      coding("gzip, chunked"),
      coding("chunked, gzip"),
      coding("chunked, cow"),
      coding("cow, chunked"),
      coding(""),
      coding(" "),
      coding("\t"),
      coding(with("", '\0', "chunked")),
      coding(with("chunked", '\0', "")),
      coding(with("chun", '\0', "ked")),
      coding(with("", '\v', "chunked")),
      coding(with("", '\f', "chunked")),
      coding(with("chunked", '\x08', "")),
      coding(with("chunked", '\x7f', "")),
      coding("\rchunked"),
      coding("chunked\r"),
      coding("\nchunked"),
      coding("chun\nked"),
      coding("\r\n chunked"),
      coding("\r\n\tchunked"),
      coding("chunked\r\n identity"),
      coding("x\r\n chunked"),
  });
}

TEST(TransferEncoding, InALineThatOnlyLooksLikeItIsRefused) {
  expect_all({
      line("Transfer-Encoding : chunked"),
      line("Transfer-Encoding\t: chunked"),
      line("Transfer-Encoding\v: chunked"),
      line(" Transfer-Encoding: chunked"),
      line("\tTransfer-Encoding: chunked"),
      line("\vTransfer-Encoding: chunked"),
      line("Transfer Encoding: chunked"),
      line("Transfer_Encoding: chunked"),
      line("Transfer.Encoding: chunked"),
      line("TransferEncoding: chunked"),
      line("Transfer--Encoding: chunked"),
      line("-Transfer-Encoding: chunked"),
      line("Transfer-Encoding-: chunked"),
      line("Transfer-\r\n Encoding: chunked"),
      line("Transfer-Encoding\r\n : chunked"),
      line("Transfer-Encoding"),
      line("Transfer-Encoding chunked"),
      line("Transfer-Encoding=chunked"),
      line(with("Transfer-Encoding", '\0', ": chunked")),
      line(with("", '\0', "Transfer-Encoding: chunked")),
      line(with("Transfer", '\x01', "-Encoding: chunked")),
      line(with("Transfer-Encoding", '\xff', ": chunked")),
      line(with("Transfer", '\x96', "Encoding: chunked")),
      line("X: y\nTransfer-Encoding: chunked"),
      line("X: y\rTransfer-Encoding: chunked"),
      line("X: y\r\r\nTransfer-Encoding: chunked"),
      line("\"Transfer-Encoding\": chunked"),
      line("Transfer-Encoding: chunked\nX: y"),
  });
}

TEST(TransferEncoding, ThatIsThereTwiceIsRefused) {
  const std::string chunks = "Transfer-Encoding: chunked\r\n";
  const auto two = [&](const std::string& other) {
    return std::vector{refused("first " + other, post(other + "\r\n" + chunks, kEmptyChunks)),
                       refused("then " + other, post(chunks + other + "\r\n", kEmptyChunks))};
  };
  std::vector<Attack> attacks;
  for (const char* other :
       {"Transfer-Encoding: chunked", "Transfer-Encoding: identity", "Transfer-Encoding: cow",
        "Transfer-encoding: x", "transfer-encoding:", "Transfer_Encoding: identity",
        "Transfer-Encoding : identity", "Content-Length: 3", "Content_Length: 3"}) {
    for (Attack& attack : two(other)) attacks.push_back(std::move(attack));
  }
  expect_all(attacks);
}

TEST(TransferEncoding, IsNotForHttp10) {
  expect_all({
      refused("chunked",
              "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
      refused("kept alive",
              "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
              "0\r\n\r\n"),
  });
}

// Other headers that might be taken for it are a peer's own affair, and never frame.
TEST(OtherHeaders, DoNotFrame) {
  expect_all({
      {"TE", get("TE: trailers, chunked\r\n"), "200 204", kPassedGet},
      {"Content-Encoding", get("Content-Encoding: chunked\r\n"), "200 204",
       passed("GET /", "Content-Encoding: chunked\r\n")},
      {"Trailer", get("Trailer: Content-Length\r\n"), "200 204",
       passed("GET /", "Trailer: Content-Length\r\n")},
      {"prefix", get("X-Transfer-Encoding: chunked\r\n"), "200 204",
       passed("GET /", "X-Transfer-Encoding: chunked\r\n")},
      {"suffix", get("Content-Length-X: 7\r\n"), "200 204",
       passed("GET /", "Content-Length-X: 7\r\n")},
  });
}

}  // namespace
}  // namespace sluice::tests::attacks
