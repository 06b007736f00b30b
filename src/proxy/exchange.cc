// SPDX-License-Identifier: MIT
#include "proxy/exchange.h"

#include "http/uri.h"
#include "proxy/error_report.h"

namespace sluice::proxy {

using http::HeaderId;

namespace {

http::HeaderRules header_rules(const confparse::ConnectionSettings& rules) {
  return {rules.ignore_invalid_headers, rules.underscores_in_headers, rules.max_headers};
}

}  // namespace

Exchange::Exchange(Worker& worker)
    : worker_(worker), attempt_(worker), relay_(worker.loop.chunks()) {}

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
  head_rules_ = {&rules, &rules, 0};
  parser_.restart(header_rules(rules), site.heads_differ ? this : nullptr);
  facts_ = {};
  lacks_slash_ = false;
  facts_.connection = &connection;
  facts_.server_name = server_->name;  // what a refused request is logged with
  facts_.host = server_->name;
  facts_.document_root = location_->settings->core.root;
  facts_.dates = &worker_.dates;
  facts_.now = worker_.loop.system_now();
  facts_.began = facts_.steady_now = worker_.loop.steady_now();
  facts_.attempts = &attempts_;
  attempts_.clear();
  carried_.clear();
  told_rate_.reset();
  answer_head_.clear();
  captures_.clear();
  remembered_.restart(generation_->variables().size());
  facts_.remembered = &remembered_;
  later_uris_.clear();
  keep_alive_ = false;
  logged_ = false;
  pass_ = nullptr;
  asked_.reset();
  reply_.restart(worker_.loop, client, location_->settings->core.send_timeout);
  body_.restart({}, false, {}, input, client, worker_.loop.chunks());
}

net::Task<After> Exchange::run() {
  if (const std::uint16_t refusal = route(); refusal == 400) {
    co_return co_await refuse(refusal, "client sent invalid request line or host");
  } else if (refusal != 0) {
    co_return co_await answer(refusal);
  }
  if (settings().internal) {
    co_return co_await answer(404);  // for redirects of our own only
  }
  // Each turn but the last ends with another URI or location; nginx's bound.
  constexpr int kMostRedirects = 10;
  for (int turn = 0; turn <= kMostRedirects; ++turn) {
    const After after = co_await answer_here();
    if (after != After::elsewhere) {
      co_return after;
    }
  }
  report_notice(*location_->error_log, log::Level::error, "rewrite or internal redirection cycle",
                facts_);
  co_return co_await answer(500);
}

// What the present location does with the request.
net::Task<After> Exchange::answer_here() {
  facts_.document_root = location_->settings->core.root;
  if (lacks_slash_) {
    co_return co_await add_slash();
  }
  if (location_->fixed) {
    co_return co_await answer_fixed(*location_->fixed);
  }
  find_real_client(*location_);
  if (!location_->try_files.empty()) {
    const std::uint16_t status = try_files();
    if (status == kElsewhere) {
      co_return After::elsewhere;
    }
    if (status != 0) {
      co_return co_await answer(status);
    }
  }
  if (location_->proxy) {
    co_return co_await ask_peers(*location_->proxy);
  }
  if (facts_.uri.ends_with('/') && go_to_index()) {
    co_return After::elsewhere;
  }
  co_return co_await answer_file();
}

// While the head is read.  Its bytes may still move: nothing of it is kept.
http::HeaderRules Exchange::rules_for(std::string_view named, std::size_t next_line) {
  const std::string_view host = http::normalise_host(named, host_storage_);
  head_rules_.named = &site_->server_for(host, captures_).block->connection;
  head_rules_.named_from = next_line;
  captures_.clear();
  return header_rules(*head_rules_.named);
}

// Host -> server, path -> location, and what the location demands of the request.  0: go on.
std::uint16_t Exchange::route() {
  const http::RequestHead& head = parser_.head();
  facts_.request = &head;
  facts_.line = head.line;
  facts_.request_uri = head.target;
  facts_.request_length = head.size;
  keep_alive_ = head.keep_alive;

  const std::string_view host = http::lower_case_host(head.host, host_storage_);
  choose_server(host);
  find_real_client(server_->fallback);

  const http::Target target = http::split_target(head.target);
  facts_.args = target.args;
  facts_.has_args = target.has_args;
  facts_.uri =
      http::normalise_path(target.path, server_->block->connection.merge_slashes, uri_storage_);
  if (facts_.uri.empty()) {
    return 400;
  }
  choose_location();
  facts_.document_root = location_->settings->core.root;

  const confparse::CoreSettings& core = location_->settings->core;
  reply_.set_timeout(core.send_timeout);
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
  lacks_slash_ = false;
  if (server_->fallback.fixed) {
    return;  // `return` at server level comes before any location
  }
  if (const confparse::LocationBlock* block = server_->locations->find(facts_.uri, captures_)) {
    location_ = &generation_->location(*block);
    lacks_slash_ = routing::Locations::lacks_slash(*block, facts_.uri);
  }
  facts_.captures = captures_.groups;
  facts_.named = captures_.named;
}

// As in nginx the lines of the server come first; once they found somebody nobody else is looked
// for.
void Exchange::find_real_client(const Location& location) {
  if (!location.real_ip || facts_.real_client != nullptr) {
    return;
  }
  if (const auto found =
          location.real_ip->find(facts_.connection->remote, parser_.head().headers)) {
    real_client_ = *found;
    facts_.real_client = &real_client_;
  }
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
  if (status == 408 && settings().reset_timedout_connection) {
    co_return drop_client(status);
  }
  const After after = co_await answer(status);
  co_return after == After::close ? After::linger : after;  // the rest of it may be on its way
}

void Exchange::end() {
  attempt_.abandon();
  body_.finish();
  target_.upstream.reset();
  target_.upstreams.reset();
  generation_.reset();
}

}  // namespace sluice::proxy
