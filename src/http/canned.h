// SPDX-License-Identifier: MIT
// The pages nginx has built in for statuses without a body of their own.
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice::http {

// "<html>\r\n<head><title>404 Not Found</title></head>…": with the name of the server at the foot.
// Empty for a status that has no page (200, 204, 304, 444 …).  Content-Type is text/html.
// Made once a thread, and valid until the thread ends.
std::string_view canned_page(std::uint16_t status, std::string_view server_name);

}  // namespace sluice::http
