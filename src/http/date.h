// SPDX-License-Identifier: MIT
// Times as HTTP and the logs write them.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

namespace sluice::http {

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7), remade once a second.  The views
// are valid until a call with another second.
class DateCache {
 public:
  std::string_view http_date(std::time_t now);   // Date header
  std::string_view local_time(std::time_t now);  // $time_local: "06/Nov/1994:08:49:37 +0000"
  std::string_view iso8601(std::time_t now);     // $time_iso8601: "1994-11-06T08:49:37+00:00"

 private:
  void refresh(std::time_t now);
  std::time_t second_ = -1;
  std::string http_date_, local_time_, iso8601_;
};

void append_http_date(std::string& out, std::time_t time);
std::string format_http_date(std::time_t time);
// -1 when it is none of the three formats of RFC 9110.
std::time_t parse_http_date(std::string_view text);

}  // namespace sluice::http
