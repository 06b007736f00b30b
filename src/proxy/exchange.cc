// SPDX-License-Identifier: MIT
#include "proxy/exchange.h"

#include <cstdlib>

#include "content/files.h"
#include "http/canned.h"
#include "http/uri.h"
#include "http/writer.h"
#include "proxy/error_report.h"

namespace sluice::proxy {

using http::HeaderId;

namespace {

// Of try_files: no status of HTTP.
constexpr std::uint16_t kRedirected = 1;

}  // namespace

Exchange::Exchange(Worker& worker) : worker_(worker), attempt_(worker) {}

void Exchange::begin(std::shared_ptr<const Generation> generation, const Site& site,
                     net::Stream& client, ClientInput& input,
                     const routing::ConnectionFacts& connection) {
  generation_ = std::move(generation);
  site_ = &site;
  server_ = &site.first();
  location_ = &server_->fallback;
  client_ = &client;
  input_ = &input;
  const confparse::ConnectionSettings& rules = server_->block->connection;
  parser_.restart({rules.ignore_invalid_headers, rules.underscores_in_headers});
  facts_ = {};
  facts_.connection = &connection;
  facts_.dates = &worker_.dates;
  facts_.now = worker_.loop.system_now();
  facts_.began = facts_.steady_now = worker_.loop.steady_now();
  facts_.attempts = &attempts_;
  attempts_.clear();
  answer_head_.clear();
  captures_.clear();
  later_uris_.clear();
  keep_alive_ = false;
  logged_ = false;
  reply_.restart(client, location_->settings->core.send_timeout);
  body_.restart({}, false, {}, input, client, worker_.loop.chunks());
}

net::Task<After> Exchange::run() {
  if (const std::uint16_t refusal = route(); refusal == 400) {
    co_return co_await refuse(refusal, "client sent invalid request line or host");
  } else if (refusal != 0) {
    co_return co_await answer(refusal);
  }
  // Each turn but the last ends with another URI (`try_files`, an index file); nginx's bound.
  constexpr int kMostRedirects = 10;
  for (int turn = 0; turn <= kMostRedirects; ++turn) {
    if (location_->fixed) {
      co_return co_await answer_fixed(*location_->fixed);
    }
    if (!location_->try_files.empty()) {
      const std::uint16_t status = try_files();
      if (status == kRedirected) {
        continue;
      }
      if (status != 0) {
        co_return co_await answer(status);
      }
    }
    if (location_->proxy) {
      co_return co_await ask_peers(*location_->proxy);
    }
    if (facts_.uri.ends_with('/') && go_to_index()) {
      continue;
    }
    co_return co_await answer_file();
  }
  location_->error_log->write(log::Level::error, "rewrite or internal redirection cycle",
                              facts_.connection->number);
  co_return co_await answer(500);
}

// Host -> server, path -> location, and what the location demands of the request.  0: go on.
std::uint16_t Exchange::route() {
  const http::RequestHead& head = parser_.head();
  facts_.request = &head;
  facts_.line = head.line;
  facts_.request_uri = head.target;
  facts_.request_length = head.size;
  keep_alive_ = head.keep_alive;

  const std::string_view named =
      head.authority.empty() ? head.headers.value(HeaderId::host) : head.authority;
  const std::string_view host = http::normalise_host(named, host_storage_);
  if (host.empty() && !named.empty()) {
    return 400;
  }
  choose_server(host);

  const http::Target target = http::split_target(head.target);
  facts_.args = target.args;
  facts_.has_args = target.has_args;
  facts_.uri =
      http::normalise_path(target.path, server_->block->connection.merge_slashes, uri_storage_);
  if (facts_.uri.empty()) {
    return 400;
  }
  choose_location();

  const confparse::CoreSettings& core = location_->settings->core;
  reply_.restart(*client_, core.send_timeout);
  body_.restart(head.body, head.expects_continue,
                {core.client_max_body_size, core.client_body_timeout}, *input_, *client_,
                worker_.loop.chunks());
  if (core.client_max_body_size > 0 && head.body.kind == http::Framing::Kind::length &&
      head.body.length > core.client_max_body_size) {
    log_failure({Trouble::body_too_large, {}}, {});
    return 413;
  }
  return 0;
}

void Exchange::choose_server(std::string_view host) {
  server_ = &site_->server_for(host, captures_);
  location_ = &server_->fallback;
  facts_.server_name = server_->name;
  facts_.host = host.empty() ? std::string_view{server_->name} : host;
  facts_.captures = captures_.groups;
  facts_.named = captures_.named;
}

void Exchange::choose_location() {
  location_ = &server_->fallback;
  if (server_->fallback.fixed) {
    return;  // `return` at server level comes before any location
  }
  if (const confparse::LocationBlock* block = server_->locations->find(facts_.uri, captures_)) {
    location_ = &generation_->location(*block);
  }
  facts_.captures = captures_.groups;
  facts_.named = captures_.named;
}

// `try_files`: 0 when the files answer here, kRedirected when another location does, else a status.
std::uint16_t Exchange::try_files() {
  const std::vector<routing::Template>& candidates = location_->try_files;
  for (std::size_t i = 0; i + 1 < candidates.size(); ++i) {
    text_.clear();
    candidates[i].append_to(text_, facts_);
    if (content::exists(location_->settings->core, text_)) {
      facts_.uri = later_uris_.emplace_back(text_);
      facts_.uri_was_changed = true;
      return 0;
    }
  }
  text_.clear();
  candidates.back().append_to(text_, facts_);
  if (text_.starts_with('=')) {
    return static_cast<std::uint16_t>(std::strtoul(text_.c_str() + 1, nullptr, 10));
  }
  if (text_.starts_with('@')) {
    const confparse::LocationBlock* named = server_->locations->find_named(text_);
    if (named == nullptr) {
      location_->error_log->write(log::Level::error,
                                  "could not find named location \"" + text_ + "\"",
                                  facts_.connection->number);
      return 500;
    }
    location_ = &generation_->location(*named);
    return kRedirected;
  }
  redirect_to(text_);
  return kRedirected;
}

// `index`: the file may belong to another location, which then answers (a script, for instance).
bool Exchange::go_to_index() {
  const std::string* index = content::find_index(location_->settings->core, facts_.uri);
  if (index == nullptr) {
    return false;
  }
  text_.assign(index->starts_with('/') ? std::string_view{} : facts_.uri).append(*index);
  facts_.uri = later_uris_.emplace_back(text_);
  choose_location();
  return true;
}

// Goes on as if the client had asked for this URI.
void Exchange::redirect_to(std::string_view uri) {
  const http::Target target = http::split_target(uri);
  args_storage_ = target.args;
  facts_.args = args_storage_;
  facts_.has_args = target.has_args;
  facts_.uri = later_uris_.emplace_back(target.path);
  facts_.uri_was_changed = true;
  location_ = &server_->fallback;
  choose_location();
}

net::Task<After> Exchange::ask_peers(const ProxyPass& pass) {
  facts_.proxy_host = pass.host;
  facts_.proxy_port = pass.port;
  if (const Failure failure = co_await body_.read_beginning()) {
    log_failure(failure, {});
    co_return co_await fail(failure);
  }
  const routing::Endpoint& remote = facts_.connection->remote;
  tries_.restart(remote.size > 0 ? remote.binary() : std::string_view{},
                 pass.key.expand(facts_, key_storage_));
  if (location_->settings->proxy.http_minor == 0 && body_.present() && !body_.complete() &&
      body_.framing().kind == http::Framing::Kind::chunked) {
    co_return co_await answer(411);  // HTTP/1.0 has no way to say where such a body ends
  }
  const AttemptRequest request{
      &pass, &location_->settings->proxy, &facts_, &body_, client_, is_repeatable()};
  asking_since_ = worker_.loop.steady_now();
  for (;;) {
    const auto asked = pass.upstream->next(tries_, worker_.loop.steady_now());
    routing::AttemptFacts& facts = attempts_.emplace_back();
    if (!asked) {
      const Failure failure{Trouble::no_live_peers, {}};
      facts.peer = pass.upstream->name();
      facts.status = verdict(failure.trouble).status;
      log_failure(failure, facts.peer);
      co_return co_await fail(failure);
    }
    facts.peer = asked->endpoint->name;
    const net::SteadyTime attempt_began = worker_.loop.steady_now();
    const Failure failure = co_await attempt_.run(request, *asked->endpoint, facts);
    if (!failure && !is_wanted_elsewhere(attempt_.head().status)) {
      co_return co_await pass_on(pass, *asked);
    }
    facts.response_time = std::chrono::duration_cast<std::chrono::milliseconds>(
        worker_.loop.steady_now() - attempt_began);
    const bool peers_fault = !failure || verdict(failure.trouble).side == Side::peer;
    balancers::Outcome outcome = this->outcome();
    outcome.called_off = !peers_fault || (failure && attempt_.was_stale());
    if (failure) {
      facts.status = peers_fault ? verdict(failure.trouble).status : std::uint16_t{0};
      log_failure(failure, facts.peer);
    } else {
      facts.status = attempt_.head().status;
      attempt_.abandon();
    }
    // A 403 or 404 that is wanted from the next peer says nothing against this one.
    outcome.failed = peers_fault && facts.status != 403 && facts.status != 404;
    report(pass, *asked, outcome);
    if (failure && !may_ask_next(failure)) {
      co_return co_await fail(failure);
    }
  }
}

// May this failed request be sent to the next peer?
bool Exchange::may_ask_next(const Failure& failure) const {
  const Verdict& what = verdict(failure.trouble);
  return what.word != nullptr && location_->settings->proxy.next_upstream.*what.word &&
         may_try_another();
}

// Is this status listed in `proxy_next_upstream`, and is there anybody else to ask?
bool Exchange::is_wanted_elsewhere(std::uint16_t status) const {
  const confparse::NextUpstream& words = location_->settings->proxy.next_upstream;
  const bool listed = (status == 500 && words.http_500) || (status == 502 && words.http_502) ||
                      (status == 503 && words.http_503) || (status == 504 && words.http_504) ||
                      (status == 403 && words.http_403) || (status == 404 && words.http_404) ||
                      (status == 429 && words.http_429);
  return listed && may_try_another();
}

// Whatever the reason: `proxy_next_upstream_tries`, `_timeout`, and what may be sent twice.
bool Exchange::may_try_another() const {
  const confparse::ProxySettings& settings = location_->settings->proxy;
  if (!upstream::Upstream::may_retry(tries_) || !body_.can_be_sent_again()) {
    return false;
  }
  if (settings.next_upstream_tries > 0 && attempts_.size() >= settings.next_upstream_tries) {
    return false;
  }
  if (settings.next_upstream_timeout.count() > 0 &&
      worker_.loop.steady_now() - asking_since_ >= settings.next_upstream_timeout) {
    return false;
  }
  return is_repeatable() || !attempt_.request_was_sent();
}

// POST, LOCK and PATCH may do something each time they reach a peer.
bool Exchange::is_repeatable() const {
  const http::Method method = parser_.head().method;
  return location_->settings->proxy.next_upstream.non_idempotent ||
         (method != http::Method::post && method != http::Method::lock &&
          method != http::Method::patch);
}

balancers::Outcome Exchange::outcome() const {
  return {.time_to_head = attempt_.time_to_head(), .now = worker_.loop.steady_now()};
}

void Exchange::report(const ProxyPass& pass, const upstream::Asked& asked,
                      const balancers::Outcome& outcome) {
  const upstream::HealthChange change = pass.upstream->report(asked, outcome);
  if (change != upstream::HealthChange::none) {
    report_health(*location_->error_log, *pass.upstream, *asked.endpoint, change, facts_);
  }
}

net::Task<After> Exchange::pass_on(const ProxyPass& pass, upstream::Asked asked) {
  const http::AnswerHead& head = attempt_.head();
  const net::SteadyTime head_came = worker_.loop.steady_now();
  const BodyPlan plan = plan_body(head);
  facts_.status = head.status;
  facts_.answer = &head;
  pass.upstream->answered(asked, outcome());
  if (plan.kind == BodyPlan::Kind::until_close) {
    keep_alive_ = false;
  }
  if (!attempt_.request_was_sent_whole()) {
    keep_alive_ = false;  // the upload goes on beside the answer; nobody knows how it will end
  }
  const ClientConnection connection = client_connection();
  answer_head_.clear();
  append_answer_head(answer_head_, head, plan, connection, server_header(), date());

  const Failure failure = co_await relay_.run(
      attempt_, answer_head_, plan, location_->settings->proxy.read_timeout, *client_, reply_);
  routing::AttemptFacts& facts = attempts_.back();
  facts.status = head.status;
  facts.response_length = relay_.content_bytes();
  facts.response_time = facts.header_time + std::chrono::duration_cast<std::chrono::milliseconds>(
                                                worker_.loop.steady_now() - head_came);
  note_sent(failure);
  balancers::Outcome outcome = this->outcome();
  outcome.answered = true;
  report(pass, asked, outcome);
  if (failure) {
    log_failure(failure, facts.peer);
    if (plan.kind == BodyPlan::Kind::until_close) {
      client_->reset_on_close();  // an orderly end would make half an answer look whole
    }
  }
  log_access();
  attempt_.finish(!failure && relay_.peer_is_reusable());
  co_return failure ? After::abort : after_answer();
}

// How the peer's body travels on to this client.
BodyPlan Exchange::plan_body(const http::AnswerHead& head) const {
  switch (head.body.kind) {
    case http::Framing::Kind::none:
      return {BodyPlan::Kind::none, 0};
    case http::Framing::Kind::length:
      return {BodyPlan::Kind::length, head.body.length};
    case http::Framing::Kind::chunked:
    case http::Framing::Kind::until_close:
      break;
  }
  // A client of HTTP/1.0 knows no chunks: the end of the connection ends the body.
  return {parser_.head().minor >= 1 ? BodyPlan::Kind::chunked : BodyPlan::Kind::until_close, 0};
}

net::Task<After> Exchange::fail(const Failure& failure) {
  const std::uint16_t status = verdict(failure.trouble).status;
  if (failure.trouble == Trouble::client_gone) {
    facts_.status = status;
    log_access();
    co_return After::abort;
  }
  if (verdict(failure.trouble).side == Side::client) {
    keep_alive_ = false;  // its framing is in doubt, or its rest will never come
  }
  co_return co_await answer(status);
}

net::Task<After> Exchange::refuse(std::uint16_t status, std::string_view reason) {
  keep_alive_ = false;
  if (facts_.line.empty()) {
    facts_.line = parser_.line();
  }
  report_refusal(*location_->error_log, reason, facts_);
  if (status == 0) {
    co_return After::abort;
  }
  const After after = co_await answer(status);
  co_return after == After::close ? After::linger : after;  // the rest of it may be on its way
}

net::Task<After> Exchange::answer(std::uint16_t status) {
  co_return co_await send_own({status, "text/html"}, http::canned_page(status, server_header()));
}

// `return CODE [TEXT | URL]`.
net::Task<After> Exchange::answer_fixed(const FixedAnswer& fixed) {
  text_.clear();
  if (fixed.status == 444) {
    facts_.status = 444;
    log_access();
    co_return After::abort;
  }
  if (!fixed.text) {
    co_return co_await answer(fixed.status);
  }
  fixed.text->append_to(text_, facts_);
  const bool redirects = fixed.status == 301 || fixed.status == 302 || fixed.status == 303 ||
                         fixed.status == 307 || fixed.status == 308;
  if (redirects) {
    co_return co_await redirect_client(fixed.status);
  }
  co_return co_await send_own({fixed.status, location_->settings->core.default_type}, text_);
}

// text_ says where to.  A path is made absolute, as nginx does unless told not to.
net::Task<After> Exchange::redirect_client(std::uint16_t status) {
  if (text_.starts_with('/')) {
    std::string absolute{"http://"};
    absolute.append(facts_.host);
    const std::uint16_t port = facts_.connection->local.port;
    if (port != 80 && port != 0) {
      absolute.append(":");
      http::append_number(absolute, port);
    }
    text_.insert(0, absolute);
  }
  co_return co_await send_own({.status = status, .content_type = "text/html", .location = text_},
                              http::canned_page(status, server_header()));
}

net::Task<After> Exchange::send_own(const OwnAnswer& own, std::string_view body) {
  facts_.status = own.status;
  const bool has_body = own.status != 204 && own.status != 304;
  const BodyPlan plan{has_body ? BodyPlan::Kind::length : BodyPlan::Kind::none, body.size()};
  answer_head_.clear();
  append_own_head(answer_head_, own, plan, client_connection(), server_header(), date());
  const bool head_only = parser_.head().method == http::Method::head;
  std::array<iovec, 2> pieces{net::piece_of(answer_head_), net::piece_of(body)};
  const std::size_t count = has_body && !head_only && !body.empty() ? 2 : 1;
  const Failure failure = co_await reply_.send(std::span(pieces).first(count));
  note_sent(failure);
  log_access();
  co_return failure ? After::abort : after_answer();
}

ClientConnection Exchange::client_connection() {
  const confparse::CoreSettings& core = location_->settings->core;
  // Before the answer says whether the connection goes on, it must be known that it can.
  keep_alive_ = keep_alive_ && body_.finish() && !worker_.draining &&
                core.keepalive_timeout.count() > 0 &&
                facts_.connection->requests < core.keepalive_requests;
  return {facts_.request != nullptr ? facts_.request->minor : std::uint8_t{1}, keep_alive_,
          core.keepalive_header};
}

void Exchange::note_sent(const Failure& failure) {
  const std::uint64_t head = answer_head_.size();
  facts_.bytes_sent = reply_.sent();
  facts_.body_bytes_sent = reply_.sent() > head ? reply_.sent() - head : 0;
  facts_.completed = !failure;
}

After Exchange::after_answer() {
  if (!body_.finish()) {
    return After::linger;
  }
  return keep_alive_ ? After::keep : After::close;
}

std::string_view Exchange::server_header() const {
  return location_->settings->core.server_tokens == confparse::ServerTokens::off
             ? std::string_view{"sluice"}
             : std::string_view{"sluice/" SLUICE_VERSION};
}

std::string_view Exchange::date() {
  return worker_.dates.http_date(std::chrono::system_clock::to_time_t(worker_.loop.system_now()));
}

void Exchange::log_failure(const Failure& failure, std::string_view peer) {
  report_failure(*location_->error_log, failure, facts_, peer);
}

void Exchange::log_access() {
  if (logged_) {
    return;
  }
  logged_ = true;
  facts_.sent_head = answer_head_;
  facts_.body_length = body_.received();
  facts_.request_length = parser_.head().size + facts_.body_length;
  facts_.now = worker_.loop.system_now();
  facts_.steady_now = worker_.loop.steady_now();
  for (const AccessLog& log : location_->access_logs) {
    text_.clear();
    log.line->append_log_to(text_, facts_, log.escape);
    text_.push_back('\n');
    log.file->write(text_);
  }
}

void Exchange::end() {
  attempt_.abandon();
  body_.finish();
  generation_.reset();
}

}  // namespace sluice::proxy
