// SPDX-License-Identifier: MIT
// An exchange answered by a peer: the part of Exchange that asks one after the other.
#include "proxy/exchange.h"

#include <array>
#include <utility>

#include "proxy/answer_head.h"
#include "proxy/error_report.h"
#include "proxy/trailers.h"
#include "proxy/tunnel.h"

namespace sluice::proxy {

net::Task<After> Exchange::ask_peers(const ProxyPass& pass) {
  pass_ = &pass;
  if (pass.dynamic && !read_target(*pass.dynamic)) {
    co_return co_await answer(500);
  }
  if (!pass.dynamic) {
    facts_.proxy_host = pass.host;
    facts_.proxy_port = pass.port;
    facts_.peer_uri = {};
    peers_ = pass.upstream.get();
    peers_key_ = &pass.key;
    sticky_ = pass.sticky.get();
  }
  const confparse::LocationSettings& settings = *location_->settings;
  if (body_.present()) {
    if (const Failure failure = co_await body_.read_ahead(reads_whole_body(), settings.transfer)) {
      log_failure(failure, {});
      co_return co_await fail(failure);
    }
  }
  facts_.request_body = body_.in_memory();
  facts_.body_length = body_.is_complete() ? body_.received() : 0;  // $content_length of chunks
  facts_.request_length = parser_.head().size + body_.taken();
  if (body_.uses_file()) {
    facts_.request_body_file = body_.file_path();
    note_file("a client request body is buffered to a temporary file");
  }
  if (pass.dynamic) {
    const std::uint16_t status = co_await find_target(pass);
    if (status != 0) {
      co_return status == 499 ? drop_client(status) : co_await answer(status);
    }
  }
  const routing::Endpoint& remote = facts_.remote();
  facts_.steady_now = worker_.loop.steady_now();
  tries_.restart(
      remote.size > 0 ? remote.binary() : std::string_view{},
      peers_key_->expand(facts_, key_storage_),
      sticky_ != nullptr ? sticky_->find_route(facts_, *peers_, route_) : std::string_view{});
  const AttemptRequest request{.pass = &pass,
                               .upstream = peers_,
                               .settings = &settings.proxy,
                               .facts = &facts_,
                               .body = &body_,
                               .client = client_,
                               .interim = may_get_hints() ? this : nullptr,
                               .local = local_address(pass),
                               .ignores_hang_up = settings.transfer.ignore_client_abort,
                               .is_repeatable = is_repeatable()};
  asking_since_ = worker_.loop.steady_now();
  bool begins_again = !attempts_.empty();
  for (;;) {
    Failure nobody{Trouble::no_live_peers, {}};
    if (peers_->settings().queue.most == 0) {
      asked_ = peers_->next(tries_, worker_.loop.steady_now());
    } else {
      nobody = co_await wait_for_room();
    }
    routing::AttemptFacts& facts = attempts_.emplace_back();
    facts.begins_again = std::exchange(begins_again, false);
    if (!asked_) {
      facts.peer = peers_->name();
      facts.response_time = {};  // nobody was waited for
      const Verdict& what = verdict(nobody.trouble);
      facts.status = what.side == Side::peer ? what.status : std::uint16_t{0};
      log_failure(nobody, facts.peer);
      co_return co_await fail(nobody);
    }
    facts.peer = asked_->endpoint->name;
    attempt_began_ = worker_.loop.steady_now();
    const Failure failure = co_await attempt_.run(request, *asked_->endpoint, facts);
    if (!failure && !is_wanted_elsewhere(attempt_.head().status)) {
      co_return co_await pass_on();
    }
    note_attempt_ended(facts);
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
    report(outcome, failure);
    if (failure && !may_ask_next(failure)) {
      co_return co_await fail(failure);
    }
  }
}

// `proxy_bind`.  What is no address is reported, and the system chooses, as in nginx.
std::optional<net::Address> Exchange::local_address(const ProxyPass& pass) {
  if (!pass.local) {
    return std::nullopt;
  }
  std::string invalid;
  const auto address = pass.local->find(facts_, invalid);
  if (!invalid.empty()) {
    location_->error_log->write(log::Level::error, "invalid local address \"" + invalid + "\"",
                                facts_.connection->number);
  }
  return address;
}

// Is all of the body read before a peer is asked?  A peer of HTTP/1.0 must be told how long it is.
bool Exchange::reads_whole_body() const {
  return location_->settings->transfer.request_buffering ||
         (location_->settings->proxy.http_minor == 0 &&
          body_.framing().kind == http::Framing::Kind::chunked);
}

void Exchange::note_attempt_ended(routing::AttemptFacts& facts) const {
  facts.response_time = std::chrono::duration_cast<std::chrono::milliseconds>(
      worker_.loop.steady_now() - attempt_began_);
}

balancers::Outcome Exchange::outcome() const {
  return {.time_to_head = attempt_.time_to_head(), .now = worker_.loop.steady_now()};
}

void Exchange::report(const balancers::Outcome& outcome, const Failure& failure) {
  const upstream::HealthChange change = peers_->report(*asked_, outcome);
  if (change != upstream::HealthChange::none) {
    const auto rested = worker_.loop.steady_now() - change.since;
    const Health health{.peer = asked_->endpoint->name,
                        .upstream = peers_->name(),
                        .change = change,
                        .failure = failure,
                        .status = attempts_.back().status,
                        .since = worker_.loop.system_now() - rested};
    report_health(*location_->error_log, health, facts_);
  }
  if (sticky_ != nullptr && outcome.answered && !sticky_->learns_at_head()) {
    sticky_->learn(facts_, *peers_, *asked_->endpoint);
  }
  asked_.reset();
}

// Asks the upstream for a peer, and waits in its queue when all of them are full.  What went wrong
// if there is none.
net::Task<Failure> Exchange::wait_for_room() {
  const bool ignores = location_->settings->transfer.ignore_client_abort;
  net::Interest unless = client_->hung_up();
  unless.until = ignores ? net::Until::never : unless.until;
  RoomWait room{*peers_, tries_, worker_.loop, unless};
  const RoomWait::End end = co_await room;
  asked_ = room.peer();
  switch (end) {
    case RoomWait::End::queue_is_full:
      co_return Failure{Trouble::no_live_peers, {}, "the queue is full"};
    case RoomWait::End::timed_out:
      co_return Failure{
          Trouble::no_live_peers, {}, "it waited in the queue for all of its timeout"};
    case RoomWait::End::client_gone:
      if (asked_) {
        report({.called_off = true, .now = worker_.loop.steady_now()});
      }
      co_return Failure{Trouble::client_gone, {}};
    case RoomWait::End::has_peer:
    case RoomWait::End::nobody:
      break;
  }
  co_return Failure{Trouble::no_live_peers, {}};
}

net::Task<After> Exchange::pass_on() {
  const http::AnswerHead& head = attempt_.head();
  BodyPlan plan = plan_body(head);
  facts_.status = head.status;
  facts_.answer = &head;
  attempts_.back().status = head.status;
  peers_->answered(*asked_, outcome());
  bind_client();
  if (head.status == 101) {
    co_return co_await switch_protocols();
  }
  const PeerWishes wishes = wishes_of(head, pass_->answer);
  told_rate_ = wishes.limit_rate ? wishes.limit_rate : told_rate_;
  if (!wishes.redirect.empty()) {
    co_return co_await go_where_told();
  }
  if (plan.kind == BodyPlan::Kind::until_close) {
    keep_alive_ = false;
  }
  if (!attempt_.request_was_sent_whole() && !body_.is_complete()) {
    keep_alive_ = false;  // the upload goes on beside the answer; nobody knows how it will end
  }
  RangeHeaders ranges;
  if (pass_->answer.forces_ranges &&
      force_ranges(head, plan, ranges) == http::Asked::unsatisfiable) {
    const std::uint64_t size = plan.length;
    leave_answer();
    const After after = co_await refuse_ranges(size);
    attempt_.abandon();
    co_return after;
  }
  AnswerFrame frame = this->frame(plan);
  frame.trailers = passes_trailers(plan);
  frame.ranges = ranges;
  answer_head_.clear();
  append_answer_head(answer_head_, head, frame, *location_, facts_);
  reply_.limit(client_rate());

  RelayPlan relay_plan = plan_relay(plan, wishes);
  relay_plan.trailers = frame.trailers ? &pass_->answer : nullptr;
  relay_plan.part = ranges.content_range.empty() ? nullptr : &ranges_.front();
  const Failure failure =
      co_await relay_.run(relay_plan, attempt_, worker_.loop, *client_, reply_, *this);
  note_sent(failure);
  peer_is_done();  // unless it was already
  if (failure) {
    log_failure(failure, attempts_.back().peer);
    if (plan.kind == BodyPlan::Kind::until_close) {
      client_->reset_on_close();  // an orderly end would make half an answer look whole
    }
  }
  log_access();
  attempt_.abandon();
  co_return failure ? After::abort : after_answer();
}

// `sticky`: the client learns which peer it is bound to, or we do.
void Exchange::bind_client() {
  if (sticky_ == nullptr) {
    return;
  }
  facts_.now = worker_.loop.system_now();
  facts_.steady_now = worker_.loop.steady_now();
  sticky_->append_cookie(carried_.more_lines(), *asked_->endpoint, facts_);
  if (sticky_->learns_at_head()) {
    sticky_->learn(facts_, *peers_, *asked_->endpoint);
  }
}

// The peer may know better than the configuration, for this answer.
RelayPlan Exchange::plan_relay(const BodyPlan& body, const PeerWishes& wishes) const {
  const confparse::TransferSettings& transfer = location_->settings->transfer;
  const bool buffering = wishes.buffering.value_or(transfer.buffering);
  return {.head = answer_head_,
          .body = body,
          .read_timeout = location_->settings->proxy.read_timeout,
          .reading = buffering ? RateLimit(value_of(location_->proxy_limit_rate), 0, facts_.began)
                               : RateLimit{},
          .spools = buffering,
          .spool = {transfer.buffers * transfer.buffer_size, transfer.max_temp_file_size,
                    &transfer.temp_path.value},
          .ignores_hang_up = transfer.ignore_client_abort};
}

// There is room for trailers behind chunks only, and the client has to understand them.
bool Exchange::passes_trailers(const BodyPlan& body) const {
  return pass_->answer.passes_trailers && body.kind == BodyPlan::Kind::chunked &&
         takes_trailers(parser_.head());
}

// The connection to the peer is free, be the client still taking its answer or not.
void Exchange::peer_is_done() {
  if (!asked_) {
    return;
  }
  routing::AttemptFacts& facts = attempts_.back();
  facts.response_length = facts_.status == 101 ? 0 : relay_.body_bytes();
  note_attempt_ended(facts);
  balancers::Outcome outcome = this->outcome();
  outcome.answered = true;
  report(outcome);
  attempt_.let_go(relay_.peer_is_reusable());
}

// 101: from now on the connection carries whatever the two have agreed on.
net::Task<After> Exchange::switch_protocols() {
  keep_alive_ = false;
  answer_head_.clear();
  append_answer_head(answer_head_, attempt_.head(), frame({BodyPlan::Kind::none, 0}), *location_,
                     facts_);
  std::array<iovec, 1> piece{net::piece_of(answer_head_)};
  Failure failure = co_await reply_.send(piece);
  Tunnel tunnel{worker_.loop, *client_, attempt_.stream()};
  if (!failure) {
    tunnel.begin_with(input_->unread(), attempt_.unread());
    input_->release();
    const confparse::ProxySettings& proxy = location_->settings->proxy;
    failure = co_await tunnel.run({proxy.read_timeout, proxy.send_timeout});
  }
  note_sent(failure);
  facts_.bytes_sent += tunnel.to_client();
  facts_.body_bytes_sent += tunnel.to_client();
  attempts_.back().bytes_received += tunnel.to_client();
  attempts_.back().bytes_sent += tunnel.to_peer();
  peer_is_done();
  if (failure) {
    log_failure(failure, attempts_.back().peer);
  }
  log_access();
  attempt_.abandon();
  co_return After::close;
}

void Exchange::file_is_used() {
  note_file("an upstream response is buffered to a temporary file");
}

void Exchange::file_failed(std::error_code error) {
  log_failure({Trouble::disk_failed, error}, attempts_.back().peer);
}

// How the peer's body travels on to this client.
BodyPlan Exchange::plan_body(const http::AnswerHead& head) const {
  if (parser_.head().method == http::Method::head) {
    return {BodyPlan::Kind::none, 0};  // `proxy_method` may have asked for a body all the same
  }
  switch (head.body.kind) {
    case http::Framing::Kind::none: {
      const bool has_none = head.status < 200 || head.status == 204 || head.status == 304;
      return {has_none ? BodyPlan::Kind::none : BodyPlan::Kind::length, 0};
    }
    case http::Framing::Kind::length:
      return {BodyPlan::Kind::length, head.body.length};
    case http::Framing::Kind::chunked:
    case http::Framing::Kind::until_close:
      break;
  }
  // A client of HTTP/1.0 knows no chunks: the end of the connection ends the body.
  const bool chunked = parser_.head().minor >= 1 && settings().chunked_transfer_encoding;
  return {chunked ? BodyPlan::Kind::chunked : BodyPlan::Kind::until_close, 0};
}

}  // namespace sluice::proxy
