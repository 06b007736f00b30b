// SPDX-License-Identifier: MIT
// A peer that means ill: answers that two clients would read differently, or that go on where they
// should have ended.  What must not reach the client says "evil".
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cstdio>

#include "tests/attacks/attack.h"
#include "tests/attacks/wire.h"
#include "tests/support/running_proxy.h"

namespace sluice::tests::attacks {
namespace {

struct Answer {
  std::string name;
  std::string bytes;
  std::string statuses;      // as the client sees them, the probe's 204 among them
  bool is_kept = false;      // the peer's connection gets another request
  bool then_closes = false;  // the peer closes behind its bytes
  std::string method = "GET";
};

class EvilPeer {
 public:
  EvilPeer()
      : listener_{listen_on("unix:" + folder_.file("peer"))},
        proxy_{"upstream u { server unix:" + folder_.file("peer") +
               " max_fails=0; } server { listen unix:" + folder_.file("client") +
               "; location / { proxy_pass http://u; } location = /probe { return 204; } }"} {}

  void run(const Answer& answer, std::size_t cut) {
    const Deadline deadline;
    const Socket client = connect_to("unix:" + folder_.file("client"));
    send_all(client, answer.method + " / HTTP/1.1\r\nHost: a\r\n\r\n" + kProbe, deadline);
    Socket peer = accept_request(deadline);
    const std::string_view bytes = answer.bytes;
    if (cut > 0) {
      send_all(peer, bytes.substr(0, cut), deadline);
      wait_until_read(peer, deadline);
    }
    send_all(peer, bytes.substr(cut), deadline);
    if (answer.then_closes) ::shutdown(peer.fd(), SHUT_WR);

    const std::string received = read_all(client, deadline);
    EXPECT_EQ(statuses_in(received), answer.statuses) << received;
    EXPECT_EQ(received.find("evil"), std::string::npos) << received;
    if (!answer.is_kept) {
      EXPECT_EQ(read_all(peer, deadline), "");  // closed by sluice
    }
    expect_sound_answer_for_the_next(answer.is_kept ? std::move(peer) : Socket{}, deadline);
  }

 private:
  Socket accept_request(const Deadline& deadline) {
    wait_readable(listener_, deadline);
    Socket peer{::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC)};
    read_request(peer, deadline);
    return peer;
  }

  static void read_request(const Socket& peer, const Deadline& deadline) {
    std::string request;
    while (request.find("\r\n\r\n") == std::string::npos) {
      if (read_some(peer, request, deadline) != ReadResult::bytes) {
        FAIL() << "no request came: " << request;
      }
    }
  }

  // Another client must not see what is left of the answer before.
  void expect_sound_answer_for_the_next(Socket kept, const Deadline& deadline) {
    const Socket client = connect_to("unix:" + folder_.file("client"));
    send_all(client, "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", deadline);
    if (kept.is_open()) {
      read_request(kept, deadline);
    } else {
      kept = accept_request(deadline);
    }
    send_all(kept, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ngood",
             deadline);
    const std::string received = read_all(client, deadline);
    EXPECT_TRUE(received.starts_with("HTTP/1.1 200 OK") && received.ends_with("\r\n\r\ngood"))
        << received;
  }

  TempFolder folder_;
  Socket listener_;
  RunningProxy proxy_;
};

void expect_all_answers(const std::vector<Answer>& answers) {
  EvilPeer peer;
  std::size_t connections = 0;
  for (const Answer& answer : answers) {
    connections += answer.bytes.size();
    for (std::size_t cut = 0; cut < answer.bytes.size(); ++cut) {
      peer.run(answer, cut);
      if (testing::Test::HasFailure()) {
        FAIL() << answer.name << ", cut at " << cut << " of "
               << testing::PrintToString(answer.bytes.substr(0, 1000));
      }
    }
  }
  std::printf("%zu attacks, %zu connections\n", answers.size(), connections);
}

std::string ok(const std::string& headers, const std::string& body = {}) {
  return "HTTP/1.1 200 OK\r\n" + headers + "\r\n" + body;
}
const std::string kChunks = "Transfer-Encoding: chunked\r\n";

Answer bad(std::string name, std::string bytes) {
  return {std::move(name), std::move(bytes), "502 204"};
}
// The head had come: the client sees that the rest is missing.
Answer broken(std::string name, std::string bytes) {
  return {std::move(name), std::move(bytes), "200"};
}

TEST(AnswersHead, ThatIsNotQuiteOneIs502) {
  expect_all_answers({
      bad("no HTTP", "evil\r\n\r\n"),
      bad("HTTP/0.9", "<html>evil</html>"),
      bad("HTTP/2", "HTTP/2 200 OK\r\n\r\nevil"),
      bad("HTTP/1.10", "HTTP/1.10 200 OK\r\n\r\nevil"),
      bad("lower case", "http/1.1 200 OK\r\n\r\nevil"),
      bad("blank first", " HTTP/1.1 200 OK\r\n\r\nevil"),
      bad("empty line first", "\r\nHTTP/1.1 200 OK\r\n\r\nevil"),
      bad("two blanks", "HTTP/1.1  200 OK\r\n\r\nevil"),
      bad("tab", "HTTP/1.1\t200 OK\r\n\r\nevil"),
      bad("two digits", "HTTP/1.1 20 OK\r\n\r\nevil"),
      bad("four digits", "HTTP/1.1 2000 OK\r\n\r\nevil"),
      bad("sign", "HTTP/1.1 +20 OK\r\n\r\nevil"),
      bad("letters", "HTTP/1.1 2xx OK\r\n\r\nevil"),
      bad("zero", "HTTP/1.1 000 OK\r\n\r\nevil"),
      bad("NUL in the reason", with("HTTP/1.1 200 O", '\0', "K\r\n\r\nevil")),
      bad("CR in the reason", "HTTP/1.1 200 O\rK\r\n\r\nevil"),
      bad("LF in the reason", "HTTP/1.1 200 OK\nX: evil\r\n\r\n"),
      bad("LF lines", "HTTP/1.1 200 OK\nContent-Length: 4\n\nevil"),
      bad("NUL in a value", ok(with("X: y", '\0', "z\r\n"), "evil")),
      bad("CR in a value", ok("X: y\rSet-Cookie: evil\r\n")),
      bad("LF in a value", ok("X: y\nSet-Cookie: evil\r\n")),
      bad("a folded line", ok("X: y\r\n evil\r\n")),
      bad("blank before the colon", ok("X : evil\r\n")),
      bad("no colon", ok("evil\r\n")),
      bad("no name", ok(": evil\r\n")),
      bad("blank before a name", ok(" X: evil\r\n")),
      {"closed in the head", "HTTP/1.1 200 OK\r\nX: evil", "502 204", false, true},
      {"closed before it", "H", "502 204", false, true},
  });
}

TEST(AnswersFraming, InDoubtIs502) {
  const auto length = [](const std::string& value) {
    return bad("length " + value, ok("Content-Length: " + value + "\r\n", "evil"));
  };
  const auto coding = [](const std::string& value) {
    return bad("coding " + value,
               ok("Transfer-Encoding: " + value + "\r\n", "4\r\nevil\r\n0\r\n\r\n"));
  };
  expect_all_answers({
      length("-4"),
      length("+4"),
      length("0x4"),
      length("4 4"),
      length("4, 4"),
      length("4x"),
      length(""),
      length("18446744073709551620"),
      bad("two lengths", ok("Content-Length: 4\r\nContent-Length: 4\r\n", "evil")),
      bad("two other lengths", ok("Content-Length: 2\r\nContent-Length: 4\r\n", "evil")),
      bad("both", ok("Content-Length: 4\r\n" + kChunks, "4\r\nevil\r\n0\r\n\r\n")),
      bad("both, the other way", ok(kChunks + "Content-Length: 4\r\n", "4\r\nevil\r\n0\r\n\r\n")),
      bad("two codings", ok(kChunks + kChunks, "4\r\nevil\r\n0\r\n\r\n")),
      bad("both spellings", ok(kChunks + "Transfer_Encoding: identity\r\n", "evil")),
      bad("coding of HTTP/1.0", "HTTP/1.0 200 OK\r\n" + kChunks + "\r\n4\r\nevil\r\n0\r\n\r\n"),
      coding("gzip"),
      coding("gzip, chunked"),
      coding("chunked, chunked"),
      coding("xchunked"),
      coding("\"chunked\""),
      coding(""),
  });
}

TEST(AnswersBody, ThatBreaksOffIsNotMadeWhole) {
  expect_all_answers({
      broken("no size", ok(kChunks, "x\r\nevil\r\n0\r\n\r\n")),
      broken("a sign", ok(kChunks, "+4\r\nevil\r\n0\r\n\r\n")),
      broken("0x", ok(kChunks, "0x4\r\nevil\r\n0\r\n\r\n")),
      broken("a blank", ok(kChunks, "4 \r\nevil\r\n0\r\n\r\n")),
      broken("an overflow", ok(kChunks, "fffffffffffffffff\r\nevil\r\n0\r\n\r\n")),
      broken("LF", ok(kChunks, "4\nevil\r\n0\r\n\r\n")),
      broken("no line end behind", ok(kChunks, "2\r\nokevil\r\n0\r\n\r\n")),
      broken("a bad trailer", ok(kChunks, "2\r\nok\r\n0\r\nevil\r\n\r\n")),
      {"closed in a length", ok("Content-Length: 10\r\n", "ok"), "200", false, true},
      {"closed in a chunk", ok(kChunks, "a\r\nok"), "200", false, true},
      {"closed before the last chunk", ok(kChunks, "2\r\nok\r\n"), "200", false, true},
      {"closed before the last line", ok(kChunks, "2\r\nok\r\n0\r\n"), "200", false, true},
  });
}

TEST(AnswersEnd, IsWhereTheFramingSays) {
  const std::string more = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
  expect_all_answers({
      {"sound", ok("Content-Length: 2\r\n", "ok"), "200 204", true},
      {"sound chunks", ok(kChunks, "2\r\nok\r\n0\r\n\r\n"), "200 204", true},
      {"to the end", ok("", "ok"), "200 204", false, true},
      {"another answer behind", ok("Content-Length: 2\r\n", "ok" + more), "200 204"},
      {"another behind chunks", ok(kChunks, "2\r\nok\r\n0\r\n\r\n" + more), "200 204"},
      {"a byte behind", ok("Content-Length: 2\r\n", "ok!"), "200 204"},
      {"trailers", ok(kChunks, "2\r\nok\r\n0\r\nSet-Cookie: evil\r\n\r\n"), "200 204", true},
      {"204 with a body", "HTTP/1.1 204 No Content\r\n\r\nevil", "204 204"},
      {"204 with a length", "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nevil", "204 204"},
      {"304 with a body", "HTTP/1.1 304 Not Modified\r\n\r\nevil", "304 204"},
      {"HEAD with a body", ok("Content-Length: 4\r\n", "evil"), "200 204", false, false, "HEAD"},
      {"HEAD with chunks", ok(kChunks, "4\r\nevil\r\n0\r\n\r\n"), "200 204", false, false, "HEAD"},
      {"HEAD as it should be", ok("Content-Length: 4\r\n"), "200 204", true, false, "HEAD"},
      {"nothing but more", ok("Content-Length: 0\r\n", more), "200 204"},
  });
}

TEST(InterimAnswers, AreBoundedAndOpenNoTunnel) {
  expect_all_answers({
      {"100", "HTTP/1.1 100 Continue\r\n\r\n" + ok("Content-Length: 2\r\n", "ok"), "200 204", true},
      {"103", "HTTP/1.1 103 Early Hints\r\nLink: evil\r\n\r\n" + ok("Content-Length: 2\r\n", "ok"),
       "200 204", true},
      bad("101 nobody asked for",
          "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nevil"),
      {"100 and no more", "HTTP/1.1 100 Continue\r\n\r\n", "502 204", false, true},
  });
}

// Too long to be cut everywhere.
TEST(AnswersHead, IsBounded) {
  std::string interim;
  for (int i = 0; i < 1000; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  std::string headers;
  for (int i = 0; i < 5000; ++i) headers += "X: evil\r\n";
  EvilPeer peer;
  peer.run(bad("interim answers without end", interim), 0);
  peer.run(bad("headers without end", "HTTP/1.1 200 OK\r\n" + headers), 0);
  peer.run(bad("a header without end", "HTTP/1.1 200 OK\r\nX: " + std::string(30'000, 'x')), 0);
  peer.run(bad("a reason without end", "HTTP/1.1 200 " + std::string(30'000, 'x')), 0);
}

}  // namespace
}  // namespace sluice::tests::attacks
