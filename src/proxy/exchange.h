// SPDX-License-Identifier: MIT
// One request with its answer.  run() tells the story from routing to the log line; each step it
// names has its own file.  Lent to a client for the time of a request, then used again.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "content/files.h"
#include "http/parser.h"
#include "proxy/attempt.h"
#include "proxy/client_input.h"
#include "proxy/relay.h"
#include "proxy/reply.h"
#include "proxy/request_body.h"
#include "proxy/worker.h"
#include "routing/facts.h"

namespace sluice::proxy {

// What becomes of the client's connection after an exchange.
enum class After : std::uint8_t {
  keep,    // wait for the next request
  close,   // nothing more will come
  linger,  // the client may still be sending: close politely
  abort,   // close at once: the client is gone, or must see that its answer is incomplete
};

class Exchange {
 public:
  explicit Exchange(Worker& worker);

  // Prepares for a request of this client.
  void begin(std::shared_ptr<const Generation> generation, const Site& site, net::Stream& client,
             ClientInput& input, const routing::ConnectionFacts& connection);
  // The parser that reads the request's head.
  [[nodiscard]] http::RequestParser& parser() { return parser_; }
  [[nodiscard]] const http::RequestParser& parser() const { return parser_; }
  [[nodiscard]] const Site& site() const { return *site_; }

  // The head is complete: answers the request.
  net::Task<After> run();
  // The head could not be read: answers with this status, when it has one, and logs.
  net::Task<After> refuse(std::uint16_t status, std::string_view reason);
  // How long the client may be idle now.
  [[nodiscard]] net::Milliseconds keepalive_timeout() const {
    return location_->settings->core.keepalive_timeout;
  }
  // Lets go of everything but its own memory.
  void end();

 private:
  [[nodiscard]] std::uint16_t route();
  void choose_server(std::string_view host);
  void choose_location();
  [[nodiscard]] std::uint16_t try_files();
  void redirect_to(std::string_view uri);
  [[nodiscard]] bool go_to_index();
  net::Task<After> answer_file();
  net::Task<After> ask_peers(const ProxyPass& pass);
  net::Task<After> pass_on(const ProxyPass& pass, upstream::Asked asked);
  net::Task<After> answer(std::uint16_t status);
  net::Task<After> answer_fixed(const FixedAnswer& fixed);
  net::Task<After> redirect_client(std::uint16_t status);
  net::Task<After> send_file(const OwnAnswer& own, const content::Opened& opened);
  net::Task<After> send_own(const OwnAnswer& own, std::string_view body);
  net::Task<After> fail(const Failure& failure);

  [[nodiscard]] bool may_ask_next(const Failure& failure) const;
  [[nodiscard]] bool may_try_another() const;
  [[nodiscard]] bool is_repeatable() const;
  [[nodiscard]] bool is_wanted_elsewhere(std::uint16_t status) const;
  [[nodiscard]] balancers::Outcome outcome() const;
  void report(const ProxyPass& pass, const upstream::Asked& asked,
              const balancers::Outcome& outcome);
  [[nodiscard]] BodyPlan plan_body(const http::AnswerHead& head) const;
  [[nodiscard]] ClientConnection client_connection();
  [[nodiscard]] std::string_view server_header() const;
  [[nodiscard]] std::string_view date();
  void note_sent(const Failure& failure);
  [[nodiscard]] After after_answer();
  void log_failure(const Failure& failure, std::string_view peer);
  void log_access();

  Worker& worker_;
  std::shared_ptr<const Generation> generation_;
  const Site* site_ = nullptr;
  net::Stream* client_ = nullptr;
  ClientInput* input_ = nullptr;

  http::RequestParser parser_;
  const Server* server_ = nullptr;
  const Location* location_ = nullptr;
  routing::Facts facts_;
  routing::Captures captures_;
  std::string host_storage_;
  std::string uri_storage_;
  // Of try_files and index.  What a regex caught may be views into any earlier one.
  std::list<std::string> later_uris_;
  std::string args_storage_;

  RequestBody body_;
  upstream::Tries tries_;
  std::string key_storage_;
  std::vector<routing::AttemptFacts> attempts_;
  net::SteadyTime asking_since_{};
  Attempt attempt_;
  Relay relay_;
  Reply reply_;
  std::string answer_head_;
  std::string text_;  // an answer's own body, or a log line
  bool keep_alive_ = false;
  bool logged_ = false;
};

}  // namespace sluice::proxy
