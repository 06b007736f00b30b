// SPDX-License-Identifier: MIT
// A peer that does what the test says, and remembers what it was asked.
//
//   ScriptedPeer peer{respond(503), respond(200, "hello")};
//
// Each request takes the next step, over however many connections they come; the last step is
// repeated for ever.  No step: every request is answered with 200.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/sockets.h"

namespace sluice::tests {

// A request as the peer received it, byte for byte.
struct PeerRequest {
  std::string head;  // blank line included
  std::string body;  // without its framing
  std::string raw_body;
  std::size_t connection = 0;  // the how-manieth connection, from 0

  [[nodiscard]] std::string line() const { return head.substr(0, head.find("\r\n")); }
  [[nodiscard]] std::string target() const;
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
};

class ScriptedPeer;

// What a step sees of the connection it acts on.  After the step the connection is kept, unless
// the step closed it.
class PeerConnection {
 public:
  // Reads a whole request, which the peer then remembers.  Empty: the other side is gone.
  std::optional<PeerRequest> read_request();
  // For bodies of any size: the head alone is remembered, and what follows is the step's affair.
  std::optional<PeerRequest> read_head();
  // What comes next, at least a byte; empty: the other side is gone.
  std::string read_bytes();

  void send(std::string_view bytes);
  void close();
  void reset();
  // Waits until the other side closes; what it sends until then is forgotten.
  void wait_for_close();

  [[nodiscard]] std::size_t number() const { return number_; }
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  [[nodiscard]] std::string remote() const;  // the other side's IPv4 address, without the port

 private:
  friend class ScriptedPeer;
  PeerConnection(ScriptedPeer& peer, Socket socket, std::size_t number)
      : peer_(peer), socket_(std::move(socket)), number_(number) {}
  bool wait_for_bytes();
  bool more();
  bool read_line(std::string& line, std::string& raw);
  bool read_exactly(std::uint64_t size, std::string& into);
  bool read_body(PeerRequest& request);

  ScriptedPeer& peer_;
  Socket socket_;
  std::size_t number_;
  std::string received_;  // and not yet used
  bool ended_ = false;    // nothing more will come
};

struct Step {
  using Script = std::function<void(PeerConnection&)>;

  // Free form: the script reads the request itself.
  template <class F>
  requires std::is_invocable_v<F&, PeerConnection&> Step(F free_form)
      : script(std::move(free_form)) {}  // NOLINT: meant to be implicit

  Script script;
  bool waits_for_request = true;  // false: taken as soon as a connection is accepted
};

// Answers with Content-Length; `headers` are whole lines.
Step respond(int status, std::string body = "", std::string headers = "");
// The same, then closes without having said so.
Step respond_then_close(int status, std::string body = "", std::string headers = "");
// These bytes, whatever they are.
Step raw(std::string bytes);
Step raw_then_close(std::string bytes);
// These bytes, then a RST.
Step raw_then_reset(std::string bytes);
// Reads the request, then closes without an answer.
Step close_after_request();
// Closes before anything is read.
Step close_after_accept();
// Reads the request and never answers.
Step hang();

class ScriptedPeer {
 public:
  ScriptedPeer(std::initializer_list<Step> steps);
  // At an address of the test's choice, "unix:/path" for instance.
  ScriptedPeer(const std::string& address, std::initializer_list<Step> steps);
  ~ScriptedPeer();
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] std::vector<PeerRequest> requests() const;
  [[nodiscard]] std::size_t accepted() const;  // connections so far
  [[nodiscard]] std::size_t open() const;      // connections now

  // Ends the connections there are now, as a peer does that has had enough of them.
  void close_all();

  // These wait, and fail the test when it does not happen.
  std::vector<PeerRequest> wait_for_requests(std::size_t count);
  void wait_for_connections(std::size_t accepted);
  void wait_until_all_closed();

 private:
  friend class PeerConnection;
  void accept_all();
  void serve(PeerConnection& connection);
  bool next_is_at_accept() const;
  Step take_step();
  void remember(const PeerRequest& request);
  void close(Socket& socket, bool with_reset);
  bool wait(const char* what, const std::function<bool()>& happened);

  Socket listener_;
  std::string address_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Step> steps_;
  std::size_t next_step_ = 0;
  std::vector<PeerRequest> requests_;
  std::size_t accepted_ = 0;
  std::vector<int> open_;  // the descriptors of these connections
  bool ending_ = false;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace sluice::tests
