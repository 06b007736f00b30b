// SPDX-License-Identifier: MIT
// One row of the comparison with nginx: a configuration, what a client sends and what the peer
// answers.  nginx and sluice must then do the same; where they must not, the row says why.
//
// In configurations and in what clients send, these words are replaced:
//   @listen@  @listen2@   addresses to listen on: 127.0.0.1 and 127.0.0.2, each with a port
//   @port@                the port of @listen@
//   @peer@    @peer2@     addresses of peers that do what the row says
//   @refuses@             an address where every connection is refused
//   @unix@                a peer at a unix socket: "unix:/path"
//   @root@                a folder of files, the same for both (files.cc)
//
// A configuration with `log_format NAME 'log: …'` and `access_log /dev/stderr NAME` has the lines
// of its access log compared, one for each answer.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice::tests::oracle {

// What the peer sends once it has read a request, and does then.
struct PeerAnswer {
  enum class Then { stay, close, reset };

  PeerAnswer(const char* text) : bytes(text) {}  // NOLINT: implicit
  PeerAnswer(std::string text, Then what = Then::stay) : bytes(std::move(text)), then(what) {}

  std::string bytes;
  Then then = Then::stay;
};

PeerAnswer then_close(std::string bytes);
PeerAnswer then_reset(std::string bytes);
// "HTTP/1.1 200 OK", these lines and this body with its length.
PeerAnswer answer(std::string body, const std::string& lines = "");

// A difference that is wanted.
struct Documented {
  std::string entry;  // how a row, heading or sentence of docs/COMPATIBILITY.md begins
  std::string nginx;  // the two outcomes, as outcome.h writes them
  std::string sluice;
};

struct Pair {
  std::string name;
  std::string configuration;  // what stands inside of http { }
  // Each is sent when the one before has been answered.
  std::vector<std::string> client;
  // One for each request that comes to a peer; the last is repeated.
  std::vector<PeerAnswer> peer = {};
  // More than one: what was sent are several requests at once.
  std::size_t answers = 1;
  bool shutdown = false;  // the client says that it will send no more
  std::optional<Documented> documented = {};
};

// The rows with these differences in those of that name.  Throws when there is none.
using Differences = std::map<std::string, Documented>;
std::vector<Pair> with(std::vector<Pair> pairs, const Differences& differences);

void PrintTo(const Pair& pair, std::ostream* out);

// "GET /path HTTP/1.1", Host: a.test, and these lines.
std::string get(const std::string& target, const std::string& lines = "");
// The same with a body and its length.
std::string post(const std::string& target, const std::string& body, const std::string& lines = "");
// A request line and lines as they are, and the blank line.
std::string request(const std::string& line, const std::string& lines = "Host: a.test\r\n");

}  // namespace sluice::tests::oracle
