// SPDX-License-Identifier: MIT
// One request with its answer, from routing to the log line.  Lent to a client for the time of a
// request, then used again.
//
//   exchange.cc           run(): the story; host -> server -> location
//   internal_redirect.cc  on to another URI or location: try_files, index
//   own_answer.cc         error pages, return, redirects
//   file_answer.cc        files below root
//   ranges.cc             which parts of a file or an answer
//   find_target.cc        proxy_pass with variables: whom to ask
//   ask_peers.cc          one peer after the other, and the answer passed on
//   early_hints.cc        a peer's 103 on its way to the client
//   retry_rules.cc        may the next peer be asked?
//   conclusion.cc         the end: connection kept or closed, log lines
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "content/files.h"
#include "http/conditions.h"
#include "http/parser.h"
#include "http/ranges.h"
#include "proxy/attempt.h"
#include "proxy/carried.h"
#include "proxy/client_input.h"
#include "proxy/head_size.h"
#include "proxy/own_head.h"
#include "proxy/relay.h"
#include "proxy/reply.h"
#include "proxy/request_body.h"
#include "proxy/room_wait.h"
#include "proxy/worker.h"
#include "routing/facts.h"

namespace sluice::proxy {

// What becomes of the client's connection after an exchange.
enum class After : std::uint8_t {
  keep,       // wait for the next request
  close,      // nothing more will come
  linger,     // the client may still be sending: close politely
  abort,      // close at once: the client is gone, or must see that its answer is incomplete
  elsewhere,  // inside an exchange only: not answered yet, another location will
};

// Where a proxy_pass with variables points for one request.  Reused.
struct DynamicTarget {
  std::string text;  // the expanded target, which the parts are views into
  TargetParts parts;
  std::string uri;
  std::shared_ptr<RuntimeUpstreams> upstreams;  // kept while a name is asked for
  std::shared_ptr<upstream::Upstream> upstream;
};

class Exchange final : private RelayNews, private InterimAnswers, private http::RulesByHost {
 public:
  explicit Exchange(Worker& worker);

  // Prepares for a request of this client.
  void begin(std::shared_ptr<const Generation> generation, const Site& site, net::Stream& client,
             ClientInput& input, const routing::ConnectionFacts& connection);
  // The parser that reads the request's head.
  [[nodiscard]] http::RequestParser& parser() { return parser_; }
  [[nodiscard]] const http::RequestParser& parser() const { return parser_; }
  [[nodiscard]] const HeadRules& head_rules() const { return head_rules_; }
  [[nodiscard]] const Site& site() const { return *site_; }

  // The head is complete: answers the request.
  net::Task<After> run();
  // The head could not be read: answers with this status, when it has one, and logs.
  net::Task<After> refuse(std::uint16_t status, std::string_view reason);
  // Of the location that answered: how the connection goes on.  Valid until end().
  [[nodiscard]] const confparse::CoreSettings& settings() const {
    return location_->settings->core;
  }
  // Lets go of everything but its own memory.
  void end();

 private:
  // Of try_files(): another location answers.  No status of HTTP.
  static constexpr std::uint16_t kElsewhere = 1;

  [[nodiscard]] std::uint16_t route();
  net::Task<After> answer_here();
  http::HeaderRules rules_for(std::string_view host, std::size_t next_line) override;
  void choose_server(std::string_view host);
  void choose_location();
  void find_real_client(const Location& location);
  [[nodiscard]] std::uint16_t try_files();
  void redirect_to(std::string_view uri);
  void go_to(std::string_view path);
  [[nodiscard]] bool go_to_index();
  [[nodiscard]] std::uint16_t go_to_named(std::string_view name);
  net::Task<After> go_where_told();
  void leave_answer();
  net::Task<After> answer_file();
  net::Task<After> ask_peers(const ProxyPass& pass);
  [[nodiscard]] std::optional<net::Address> local_address(const ProxyPass& pass);
  [[nodiscard]] bool read_target(const DynamicPass& pass);
  net::Task<std::uint16_t> find_target(const ProxyPass& pass);
  net::Task<Failure> wait_for_room();
  net::Task<After> pass_on();
  net::Task<After> switch_protocols();
  net::Task<Failure> pass_on_hints(const http::AnswerHead& head) override;
  [[nodiscard]] bool may_get_hints() const;
  [[nodiscard]] bool wants_hints() const;
  [[nodiscard]] bool passes_trailers(const BodyPlan& body) const;
  void bind_client();
  void peer_is_done() override;
  void file_is_used() override;
  void file_failed(std::error_code error) override;
  [[nodiscard]] bool reads_whole_body() const;
  [[nodiscard]] RelayPlan plan_relay(const BodyPlan& body, const PeerWishes& wishes) const;
  net::Task<After> answer(std::uint16_t status);
  net::Task<After> answer_fixed(const FixedAnswer& fixed);
  net::Task<After> add_slash();
  net::Task<After> redirect_client(std::uint16_t status);
  net::Task<After> send_file(OwnAnswer own, const content::Opened& opened);
  net::Task<After> send_parts(const OwnAnswer& own, const content::Opened& opened,
                              std::uint64_t length, const http::MultipartRanges* multipart);
  net::Task<After> refuse_ranges(std::uint64_t size);
  [[nodiscard]] http::Asked choose_ranges(std::uint64_t size, std::uint64_t most,
                                          const http::Validators& present);
  [[nodiscard]] http::Asked force_ranges(const http::AnswerHead& head, BodyPlan& plan,
                                         RangeHeaders& headers);
  net::Task<After> send_own(const OwnAnswer& own, std::string_view body);
  net::Task<After> fail(const Failure& failure);

  [[nodiscard]] bool may_ask_next(const Failure& failure) const;
  [[nodiscard]] bool may_try_another() const;
  [[nodiscard]] bool is_repeatable() const;
  [[nodiscard]] bool is_wanted_elsewhere(std::uint16_t status) const;
  [[nodiscard]] balancers::Outcome outcome() const;
  void report(const balancers::Outcome& outcome, const Failure& failure = {});
  [[nodiscard]] BodyPlan plan_body(const http::AnswerHead& head) const;
  [[nodiscard]] ClientConnection client_connection();
  [[nodiscard]] std::string_view own_type() const;
  [[nodiscard]] AnswerFrame frame(const BodyPlan& body);
  [[nodiscard]] std::string_view server_header() const;
  [[nodiscard]] std::string_view date();
  [[nodiscard]] RateLimit client_rate() const;
  [[nodiscard]] std::uint64_t value_of(const ByteCount& count) const;
  void note_sent(const Failure& failure);
  [[nodiscard]] After after_answer();
  After drop_client(std::uint16_t status);
  void note_attempt_ended(routing::AttemptFacts& facts) const;
  void note_file(std::string_view what);
  void log_failure(const Failure& failure, std::string_view peer);
  void log_access();

  Worker& worker_;
  std::shared_ptr<const Generation> generation_;
  const Site* site_ = nullptr;
  net::Stream* client_ = nullptr;
  ClientInput* input_ = nullptr;

  http::RequestParser parser_;
  HeadRules head_rules_;
  const Server* server_ = nullptr;
  const Location* location_ = nullptr;
  routing::Facts facts_;
  routing::Endpoint real_client_;
  routing::Captures captures_;
  routing::Remembered remembered_;
  std::string host_storage_;
  std::string uri_storage_;
  // Of try_files and index.  What a regex caught may be views into any earlier one.
  std::list<std::string> later_uris_;
  std::string args_storage_;

  RequestBody body_;
  DynamicTarget target_;
  upstream::Upstream* peers_ = nullptr;  // who is asked, the generation's or target_'s
  const routing::Template* peers_key_ = nullptr;
  upstream::Tries tries_;
  std::string key_storage_;
  const Sticky* sticky_ = nullptr;  // of the upstream; null: nobody is bound to a peer
  std::string route_;               // of the peer this request is bound to
  std::vector<routing::AttemptFacts> attempts_;
  net::SteadyTime asking_since_{};
  const ProxyPass* pass_ = nullptr;       // that is being asked
  std::optional<upstream::Asked> asked_;  // who is being asked; empty once it was reported
  net::SteadyTime attempt_began_{};
  Attempt attempt_;
  Carried carried_;                         // of a peer that let another location answer
  std::optional<std::uint64_t> told_rate_;  // X-Accel-Limit-Rate
  Relay relay_;
  Reply reply_;
  std::string answer_head_;
  std::vector<http::ByteRange> ranges_;  // that the client gets
  std::string content_range_;
  std::string text_;          // an answer's own body, or a log line
  bool lacks_slash_ = false;  // the path, which is a location's but for its final slash
  bool keep_alive_ = false;
  bool logged_ = false;
};

}  // namespace sluice::proxy
