// SPDX-License-Identifier: MIT
// The part of Exchange that goes on with another URI or location: `try_files`, `index`,
// X-Accel-Redirect.
#include "proxy/exchange.h"

#include <cstdlib>

#include "content/files.h"
#include "http/uri.h"
#include "proxy/error_report.h"

namespace sluice::proxy {
namespace {

// A segment "..", its dots escaped or not.
bool has_parent_segment(std::string_view path) {
  std::size_t dots = 0;
  bool only_dots = true;
  for (std::size_t i = 0; i <= path.size(); ++i) {
    if (i == path.size() || path[i] == '/') {
      if (only_dots && dots == 2) {
        return true;
      }
      dots = 0;
      only_dots = true;
    } else if (path[i] == '.') {
      ++dots;
    } else if (http::same_token(path.substr(i, 3), "%2e")) {
      ++dots;
      i += 2;
    } else {
      only_dots = false;
    }
  }
  return false;
}

}  // namespace

// `try_files`: 0 when the files answer here, kElsewhere when another location does, else a status.
std::uint16_t Exchange::try_files() {
  const std::vector<TryFile>& candidates = location_->try_files;
  for (std::size_t i = 0; i + 1 < candidates.size(); ++i) {
    text_.clear();
    candidates[i].path.append_to(text_, facts_);
    if (content::exists(location_->settings->core, text_, candidates[i].is_folder)) {
      facts_.uri = later_uris_.emplace_back(text_);
      facts_.uri_was_changed = true;
      return 0;
    }
  }
  text_.clear();
  candidates.back().path.append_to(text_, facts_);
  if (text_.starts_with('=')) {
    return static_cast<std::uint16_t>(std::strtoul(text_.c_str() + 1, nullptr, 10));
  }
  if (text_.starts_with('@')) {
    return go_to_named(text_);
  }
  redirect_to(text_);
  return kElsewhere;
}

// kElsewhere, or a status.
std::uint16_t Exchange::go_to_named(std::string_view name) {
  const confparse::LocationBlock* named = server_->locations->find_named(name);
  if (named == nullptr) {
    report_notice(*location_->error_log, log::Level::error,
                  "could not find named location \"" + std::string(name) + "\"", facts_);
    return 500;
  }
  location_ = &generation_->location(*named);
  return kElsewhere;
}

// The peer has answered well, but its body is not for the client.  The head stays valid.
void Exchange::leave_answer() {
  const http::AnswerHead& head = attempt_.head();
  note_attempt_ended(attempts_.back());
  balancers::Outcome outcome = this->outcome();
  outcome.answered = true;
  report(outcome);
  attempt_.let_go(head.keep_alive && !head.body.has_body() && attempt_.unread().empty() &&
                  attempt_.request_was_sent_whole());
}

// X-Accel-Redirect: the peer has said its part, another location answers.
net::Task<After> Exchange::go_where_told() {
  const http::AnswerHead& head = attempt_.head();
  carried_.take(head, *location_, facts_);
  facts_.answer = &carried_.answer();
  leave_answer();
  attempt_.abandon();

  if (parser_.head().method != http::Method::head) {
    parser_.become_get();  // what is there is sent, whatever the peer was asked to do
  }
  const std::string& target = carried_.target();
  if (target.starts_with('@')) {
    const std::uint16_t status = go_to_named(target);
    if (status != kElsewhere) {
      co_return co_await answer(status);
    }
    co_return After::elsewhere;
  }
  const http::Target parts = http::split_target(target);
  std::string storage;
  const std::string_view path = http::normalise_path(parts.path, false, storage);
  if (path.empty() || has_parent_segment(parts.path)) {
    report_notice(*location_->error_log, log::Level::error,
                  "unsafe URI \"" + target + "\" was detected", facts_);
    co_return co_await answer(404);
  }
  args_storage_ = parts.args;
  facts_.args = args_storage_;
  facts_.has_args = parts.has_args;
  go_to(path);
  co_return After::elsewhere;
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
  go_to(target.path);
}

// The path is as a location is found by: decoded.
void Exchange::go_to(std::string_view path) {
  facts_.uri = later_uris_.emplace_back(path);
  facts_.uri_was_changed = true;
  location_ = &server_->fallback;
  choose_location();
}

}  // namespace sluice::proxy
