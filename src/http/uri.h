// SPDX-License-Identifier: MIT
// A request target becomes the path that locations are compared with: decoded, dot segments and
// doubled slashes resolved, as nginx does (RFC 3986, sections 2.1 and 5.2.4).
#pragma once

#include <string>
#include <string_view>

namespace sluice::http {

// Splits at the first '?' and cuts a '#' fragment off.  Both are views into `target`; but the path
// of "?args", which is what an absolute target without a path leaves, is a constant "/".
struct Target {
  std::string_view path;  // still encoded
  std::string_view args;  // without the '?'
  bool has_args = false;  // the '?' was there
};
Target split_target(std::string_view target);

// The normalised path: a view of `path` itself when nothing had to change (the usual case), else of
// `storage`.  An empty view: invalid (a bad %XX, a NUL, or above the root), which is a 400.
std::string_view normalise_path(std::string_view path, bool merge_slashes, std::string& storage);

// Appends `path` to `out` with the bytes escaped that nginx escapes in a URI sent to a peer.
void append_escaped_path(std::string_view path, std::string& out);

// May this stand in a Host header or an absolute target?  By nginx's rules, and stricter where
// nothing real is lost: a port is a number, a bracket is closed, no "@?#\" or what a URI never
// holds.
bool is_host(std::string_view host);

// A host as it came, without port and final dot, brackets kept.  Empty: invalid.
std::string_view bare_host(std::string_view host);
// In lower case: a view of `bare` itself when nothing had to change, else of `storage`.
std::string_view lower_case_host(std::string_view bare, std::string& storage);

// Both: what hosts are compared by.  Empty: invalid.
std::string_view normalise_host(std::string_view host, std::string& storage);

}  // namespace sluice::http
