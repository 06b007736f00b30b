// SPDX-License-Identifier: MIT
// The head of a request and of an answer: views into the bytes they were read from.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sluice::http {

enum class Method : std::uint8_t {
  get,
  head,
  post,
  put,
  delete_,
  options,
  patch,
  connect,
  trace,
  mkcol,
  copy,
  move,
  propfind,
  proppatch,
  lock,
  unlock,
  other,
};

// The headers somebody on the way has to know.  `other` is found by name.
enum class HeaderId : std::uint8_t {
  other,
  accept_encoding,
  authorization,
  cache_control,
  connection,
  content_encoding,
  content_length,
  content_range,
  content_type,
  cookie,
  date,
  etag,
  expect,
  expires,
  host,
  if_match,
  if_modified_since,
  if_none_match,
  if_range,
  if_unmodified_since,
  keep_alive,
  last_modified,
  location,
  proxy_connection,
  range,
  referer,
  refresh,
  server,
  set_cookie,
  te,
  trailer,
  transfer_encoding,
  upgrade,
  user_agent,
  vary,
  via,
  www_authenticate,
  x_accel_buffering,
  x_accel_charset,
  x_accel_expires,
  x_accel_limit_rate,
  x_accel_redirect,
  x_forwarded_for,
};

inline constexpr std::size_t kHeaderIds =
    static_cast<std::size_t>(HeaderId::x_forwarded_for) + 1;  // the last one

struct Header {
  std::string_view name;   // as received
  std::string_view value;  // without surrounding blanks
  HeaderId id = HeaderId::other;
};

// The id of a name in any case.
HeaderId header_id(std::string_view name);

// ASCII case-insensitive equality of header names and tokens.
bool same_token(std::string_view left, std::string_view right);

// Headers in the order received.  Clearing keeps the memory, so a warm one does not allocate.
class Headers {
 public:
  void clear() { list_.clear(); }
  void reserve(std::size_t count) { list_.reserve(count); }
  void add(std::string_view name, std::string_view value, HeaderId id) {
    list_.push_back({name, value, id});
  }

  // The first one, or nullptr.
  [[nodiscard]] const Header* find(HeaderId id) const;
  [[nodiscard]] const Header* find(std::string_view name) const;
  // Its value, or an empty view.
  [[nodiscard]] std::string_view value(HeaderId id) const;

  [[nodiscard]] auto begin() const { return list_.begin(); }
  [[nodiscard]] auto end() const { return list_.end(); }
  [[nodiscard]] std::size_t size() const { return list_.size(); }

 private:
  std::vector<Header> list_;
};

// Where a message's body ends (RFC 9112, section 6.3).
struct Framing {
  enum class Kind : std::uint8_t { none, length, chunked, until_close };
  Kind kind = Kind::none;
  std::uint64_t length = 0;  // of Kind::length

  [[nodiscard]] bool has_body() const {
    return kind == Kind::chunked || kind == Kind::until_close || length > 0;
  }
};

// All views point into the bytes given to the parser and live as long as those.
struct RequestHead {
  Method method = Method::other;
  std::string_view method_name;
  std::string_view line;    // the whole request line without its CRLF: $request
  std::string_view target;  // as received: $request_uri; for absolute-form the path and query only
  std::string_view authority;  // host[:port] of an absolute-form target, else empty
  std::string_view host;  // the one that is meant, of either: bare_host(); empty when none is named
  std::uint8_t minor = 1;  // HTTP/1.x
  Headers headers;
  Framing body;
  bool keep_alive = false;  // the client allows another request
  bool expects_continue = false;
  bool wants_upgrade = false;  // `Connection: upgrade` and an Upgrade header
  std::size_t size = 0;        // bytes of the head, blank line included

  void clear();
};

struct AnswerHead {
  std::uint16_t status = 0;
  std::string_view status_line;  // "200 OK": what is passed on to the client
  std::uint8_t minor = 1;
  Headers headers;
  Framing body;             // already knows of HEAD, 1xx, 204 and 304
  bool keep_alive = false;  // the peer allows another request
  std::size_t size = 0;

  void clear();
};

}  // namespace sluice::http
